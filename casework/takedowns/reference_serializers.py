"""The shapes of what is known of platforms in the API."""

from typing import Any

from rest_framework import serializers

from casework.calls import Within
from casework.campaigns.languages import NAMES
from casework.exhibits.platforms import Platform
from casework.takedowns import facts
from casework.takedowns.reference_models import Policy, Route

KEPT = ["unverified", "in_use", "reason", "issue", "recorded_by", "recorded_at"]
UNVERIFIED = "the facts that no source stands behind"


class Source(Within):
    field = serializers.CharField(max_length=40, help_text="the fact that was read there")
    url = serializers.CharField(max_length=facts.LENGTHS["url"])
    read_on = serializers.DateField()


class Want(Within):
    name = serializers.CharField(max_length=facts.LENGTHS["field"])
    most = serializers.IntegerField(min_value=1, allow_null=True, default=None, help_text="characters")
    # A field of that name, and not what DRF asks of this shape.
    required = serializers.BooleanField(  # type: ignore[assignment]
        allow_null=True, default=None, help_text="null: nobody knows")


class RouteOut(serializers.ModelSerializer[Route]):
    recorded_by = serializers.CharField(read_only=True, allow_null=True, help_text="null: it came with the software")
    unverified = serializers.ListField(child=serializers.CharField(), read_only=True, help_text=UNVERIFIED)
    wants = Want(many=True, read_only=True)
    sources = Source(many=True, read_only=True)
    answer_unit = serializers.ChoiceField(choices=Route.Unit.choices, allow_blank=True, read_only=True,
                                          help_text="empty: nobody knows")

    class Meta:
        model = Route
        fields = ["key", "edition", "platforms", "name", "kind", "address", "wants", "most_urls", "used_by",
                  "not_where", "languages", "answer_unit", "answer_within", "note", "sources", *KEPT]
        read_only_fields = fields


class PolicyOut(serializers.ModelSerializer[Policy]):
    recorded_by = serializers.CharField(read_only=True, allow_null=True, help_text="null: it came with the software")
    unverified = serializers.ListField(child=serializers.CharField(), read_only=True, help_text=UNVERIFIED)
    sources = Source(many=True, read_only=True)
    read_on = serializers.DateField(read_only=True, allow_null=True,
                                    help_text="null: nobody has read the rule under this name")

    class Meta:
        model = Policy
        fields = ["key", "edition", "platforms", "name", "address", "read_on", "wording", "fits", "note", "sources",
                  *KEPT]
        read_only_fields = fields


class RouteDetail(RouteOut):
    earlier = RouteOut(many=True, read_only=True, help_text="the wordings before, the newest first")

    class Meta(RouteOut.Meta):
        fields = [*RouteOut.Meta.fields, "earlier"]
        read_only_fields = fields


class PolicyDetail(PolicyOut):
    earlier = PolicyOut(many=True, read_only=True, help_text="the wordings before, the newest first")

    class Meta(PolicyOut.Meta):
        fields = [*PolicyOut.Meta.fields, "earlier"]
        read_only_fields = fields


class _In(serializers.Serializer[Any]):
    platforms = serializers.ListField(child=serializers.ChoiceField(choices=Platform.choices))
    name = serializers.CharField(max_length=facts.LENGTHS["name"])
    address = serializers.CharField(max_length=facts.LENGTHS["address"], allow_blank=True, default="")
    note = serializers.CharField(max_length=facts.LENGTHS["note"], allow_blank=True, default="")
    sources = Source(many=True, default=list)


class RouteIn(_In):
    kind = serializers.ChoiceField(choices=Route.Kind.choices)
    wants = Want(many=True, default=list)
    most_urls = serializers.IntegerField(min_value=1, max_value=facts.MOST_URLS, allow_null=True, default=None)
    used_by = serializers.CharField(max_length=facts.LENGTHS["used_by"], allow_blank=True, default="")
    not_where = serializers.CharField(max_length=facts.LENGTHS["not_where"], allow_blank=True, default="")
    languages = serializers.ListField(child=serializers.ChoiceField(choices=[(code, code) for code in NAMES]),
                                      default=list)
    answer_unit = serializers.ChoiceField(choices=Route.Unit.choices, allow_blank=True, default="")
    answer_within = serializers.IntegerField(min_value=1, max_value=facts.MOST_DAYS, allow_null=True, default=None)


class PolicyIn(_In):
    wording = serializers.CharField(max_length=facts.LENGTHS["wording"], allow_blank=True, default="")
    fits = serializers.ListField(child=serializers.ChoiceField(choices=Policy.Fit.choices), default=list)


class RouteChangeIn(RouteIn):
    reason = serializers.CharField(max_length=facts.LENGTHS["reason"])


class PolicyChangeIn(PolicyIn):
    reason = serializers.CharField(max_length=facts.LENGTHS["reason"])


class EndIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=facts.LENGTHS["reason"])


class PlatformOut(serializers.Serializer[Any]):
    platform = serializers.CharField()
    name = serializers.CharField()
    routes = RouteOut(many=True)
    policies = PolicyOut(many=True)
