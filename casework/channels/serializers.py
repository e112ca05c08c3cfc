"""The shapes of channels in the API."""

from typing import Any

from rest_framework import serializers

from casework.accounts.serializers import ENTERED, MomentIn
from casework.channels import money
from casework.channels.models import Channel, ChannelObservation
from casework.channels.services import LENGTHS, MOST_MEMBERS
from casework.exhibits.platforms import Platform


class Amount(serializers.CharField):
    """Of money, as text: a number of JSON may have been rounded before it came here."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=money.LONGEST, help_text="digits with a point, as text: 1180.50", **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class ChannelObservationOut(serializers.ModelSerializer[ChannelObservation]):
    subject = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)
    became = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)
    exhibit = serializers.CharField(source="exhibit.label", read_only=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = ChannelObservation
        fields = ["id", "fact", "text", "members", "subject", "became", "exhibit", "at", "at_resolution", "at_given",
                  *ENTERED]
        read_only_fields = fields


class ChannelOut(serializers.ModelSerializer[Channel]):
    name = serializers.CharField(source="called", read_only=True, help_text="seen last")
    invite_link = serializers.CharField(source="link", read_only=True, help_text="seen last")
    members = serializers.IntegerField(read_only=True, allow_null=True, help_text="counted last")
    life = serializers.ChoiceField(source="state", choices=["there", "deleted", "unknown"], read_only=True,
                                   help_text="as the last observation that tells it")
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Channel
        fields = ["label", "platform", "stable_id", "note", "name", "invite_link", "members", "life", *ENTERED]
        read_only_fields = fields


class ChannelDetail(ChannelOut):
    observations = ChannelObservationOut(many=True, read_only=True)

    class Meta(ChannelOut.Meta):
        fields = [*ChannelOut.Meta.fields, "observations"]
        read_only_fields = fields


class ChannelIn(serializers.Serializer[Any]):
    platform = serializers.ChoiceField(choices=Platform.choices)
    name = serializers.CharField(max_length=LENGTHS["name"], required=False, allow_blank=True, default="")
    invite_link = serializers.CharField(max_length=LENGTHS["invite_link"], required=False, allow_blank=True, default="")
    stable_id = serializers.CharField(max_length=LENGTHS["stable_id"], required=False, allow_blank=True, default="")
    exhibit = serializers.CharField(max_length=40, help_text="an exhibit's label, E-001")
    at = MomentIn()


class ChannelEditIn(serializers.Serializer[Any]):
    platform = serializers.ChoiceField(choices=Platform.choices)
    stable_id = serializers.CharField(max_length=LENGTHS["stable_id"], allow_blank=True)
    note = serializers.CharField(max_length=LENGTHS["note"], allow_blank=True)


class ChannelObserveIn(serializers.Serializer[Any]):
    fact = serializers.ChoiceField(choices=ChannelObservation.Fact.choices)
    text = serializers.CharField(max_length=LENGTHS["text"], required=False, allow_blank=True, default="",
                                 help_text="name, invite link or admin, as shown")
    members = serializers.IntegerField(min_value=0, max_value=MOST_MEMBERS, required=False, allow_null=True,
                                       default=None)
    subject = serializers.CharField(max_length=40, required=False, default="", allow_blank=True,
                                    help_text="the admin, S-001")
    became = serializers.CharField(max_length=40, required=False, default="", allow_blank=True, help_text="C-002")
    exhibit = serializers.CharField(max_length=40, help_text="an exhibit's label, E-001")
    at = MomentIn()


class WithdrawIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)
