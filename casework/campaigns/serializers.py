"""The shapes of campaigns, causes and listings in the API."""

from typing import Any

from rest_framework import serializers

from casework.accounts.serializers import ENTERED, MomentIn
from casework.campaigns import causes, languages, listings, services
from casework.campaigns.compose import Box, Line, Picture, Row
from casework.campaigns.models import Campaign, Cause, Listing, Mark, Push


class ListingOut(serializers.ModelSerializer[Listing]):
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Listing
        fields = ["id", "authority", "list_name", "organisation", "reference", "listed_on", "source_url", "read_on",
                  *ENTERED]
        read_only_fields = fields


class ListingIn(serializers.Serializer[Any]):
    authority = serializers.CharField(max_length=listings.LENGTHS["authority"])
    list_name = serializers.CharField(max_length=listings.LENGTHS["list_name"])
    organisation = serializers.CharField(max_length=listings.LENGTHS["organisation"])
    reference = serializers.CharField(max_length=listings.LENGTHS["reference"])
    listed_on = serializers.DateField()
    source_url = serializers.CharField(max_length=listings.LENGTHS["source_url"])
    read_on = serializers.DateField()


class CauseOut(serializers.ModelSerializer[Cause]):
    listing = ListingOut(read_only=True, allow_null=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Cause
        fields = ["label", "title", "description", "listing", "listing_basis", *ENTERED]
        read_only_fields = fields


class CauseIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=causes.LENGTHS["title"])
    description = serializers.CharField(max_length=causes.LENGTHS["description"], default="", allow_blank=True)
    listing = serializers.PrimaryKeyRelatedField(queryset=Listing.objects.all(), default=None, allow_null=True,
                                                 help_text="the id of a listing")
    listing_basis = serializers.CharField(max_length=causes.LENGTHS["listing_basis"], default="", allow_blank=True)


class MarkOut(serializers.ModelSerializer[Mark]):
    exhibit = serializers.CharField(source="exhibit.label", read_only=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Mark
        fields = ["id", "kind", "text", "exhibit", "at", "at_resolution", "at_given", *ENTERED]
        read_only_fields = fields


class MarkIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Mark.Kind.choices)
    text = serializers.CharField(max_length=services.LENGTHS["text"])
    exhibit = serializers.CharField(max_length=40, help_text="an exhibit's label, E-001")
    at = MomentIn()


class PushOut(serializers.ModelSerializer[Push]):
    cause = serializers.CharField(source="cause.label", read_only=True)
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Push
        fields = ["id", "cause", "basis", "exhibits", *ENTERED]
        read_only_fields = fields


class PushIn(serializers.Serializer[Any]):
    cause = serializers.CharField(max_length=40, help_text="U-001")
    basis = serializers.CharField(max_length=causes.LENGTHS["basis"])
    exhibits = serializers.ListField(child=serializers.CharField(max_length=40), help_text="that show it: E-001")


class CampaignOut(serializers.ModelSerializer[Campaign]):
    taskings = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    causes = serializers.SerializerMethodField()
    first_seen = serializers.DateTimeField(source="first", read_only=True, allow_null=True,
                                           help_text="the earliest time of its marks and taskings")
    last_seen = serializers.DateTimeField(source="last", read_only=True, allow_null=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Campaign
        fields = ["label", "title", "objective", "languages", "taskings", "causes", "first_seen", "last_seen", *ENTERED]
        read_only_fields = fields

    def get_causes(self, campaign: Campaign) -> list[str]:
        return [push.cause.label for push in campaign.causes]


class CampaignDetail(CampaignOut):
    marks = MarkOut(many=True, read_only=True)
    pushes = PushOut(many=True, read_only=True)

    class Meta(CampaignOut.Meta):
        fields = [*CampaignOut.Meta.fields, "marks", "pushes"]
        read_only_fields = fields


class CampaignIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=services.LENGTHS["title"])
    objective = serializers.CharField(max_length=services.LENGTHS["objective"])
    languages = serializers.ListField(child=serializers.ChoiceField(choices=[(code, code) for code in languages.NAMES]),
                                      default=list)
    taskings = serializers.ListField(child=serializers.CharField(max_length=40), help_text="that pushed it: K-001")


class BoxOut(serializers.Serializer[Box]):
    sort = serializers.CharField(help_text="`channel`, `campaign` or `cause`")
    label = serializers.CharField(help_text="C-001, G-001 or U-001")  # type: ignore[assignment]
    title = serializers.CharField(help_text="what it is called; empty where that is not known")
    x = serializers.IntegerField(help_text="pixels in the picture, of its left upper corner")
    y = serializers.IntegerField()


class LineOut(serializers.Serializer[Line]):
    """From a channel to a campaign that its taskings pushed, or from a campaign to a cause that it pushes."""

    start = serializers.CharField(help_text="the label of a box")
    end = serializers.CharField()
    count = serializers.IntegerField(help_text="taskings of the channel; 1 where it leads to a cause")


class PictureRow(serializers.Serializer[Row]):
    channel = serializers.CharField(source="channel.label")
    name = serializers.CharField(help_text="what the channel is called; empty where that is not known")
    counts = serializers.ListField(child=serializers.IntegerField(),
                                   help_text="taskings of the channel for each of the causes, in their order")


class PictureOut(serializers.Serializer[Any]):
    """What the page draws, and its table. No account is in it."""

    boxes = BoxOut(many=True)
    lines = LineOut(many=True)
    causes = serializers.SerializerMethodField()
    rows = PictureRow(many=True)

    def get_causes(self, drawn: Picture) -> list[str]:
        return [cause.label for cause in drawn.causes]
