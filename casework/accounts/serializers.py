"""The shapes of accounts in the API. An account's row is never named by a number: that would tell of other cases."""

from typing import Any

from rest_framework import serializers

from casework.accounts import moments, statements
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.dated import Resolution
from casework.accounts.models import MOST_COUNTED, Assessment, Observation, Subject
from casework.accounts.observing import LENGTHS
from casework.accounts.tags import Tag
from casework.accounts.words import LONGEST
from casework.exhibits import platform_addresses
from casework.exhibits.platforms import Platform

ENTERED = ["recorded_by", "recorded_at", "withdrawn_at", "withdrawn_reason"]
WHEN = "a day (2026-03-14) or a time, to the minute or the second, UTC or with its offset"


class MomentIn(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=moments.LONGEST, help_text=WHEN, **options)


class SubjectOut(serializers.ModelSerializer[Subject]):
    platform = serializers.CharField(source="account.platform", read_only=True)
    stable_id = serializers.CharField(source="account.stable_id", read_only=True)
    handle = serializers.CharField(read_only=True)
    display_name = serializers.CharField(read_only=True)
    tags = serializers.ListField(child=serializers.ChoiceField(choices=Tag.choices), read_only=True)
    status = serializers.ChoiceField(choices=Observation.Status.choices, read_only=True,
                                     help_text="as the last observation that shows it")

    class Meta:
        model = Subject
        fields = ["label", "platform", "stable_id", "handle", "display_name", "status", "role", "persona",
                  "tags", "named_at"]
        read_only_fields = fields


class ObservationOut(serializers.ModelSerializer[Observation]):
    exhibit = serializers.CharField(source="exhibit.label", read_only=True)
    picture = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)
    observed_typed = serializers.CharField(source="observed_given", read_only=True,
                                           help_text="as it was typed here; empty: when the exhibit was captured")
    observed_at_given = serializers.CharField(source="exhibit.item.provenance.captured_at_given", default="",
                                              read_only=True, help_text="as it was typed, where written otherwise")

    post_id = serializers.CharField(source="facts.post_id", read_only=True, help_text="of the post at `address`")
    posted_at = serializers.DateTimeField(source="facts.posted_at", read_only=True, allow_null=True,
                                          help_text="derived: the id of the post carries it")
    posted_at_exactness = serializers.ChoiceField(source="facts.exactness", read_only=True,
                                                  choices=["", "millisecond", "second"])

    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Observation
        fields = ["id", "handle", "display_name", "status", "biography", "place", "created", "followers", "following",
                  "posts", "picture", "observed_at", "observed_resolution", "observed_typed", "observed_at_given",
                  "address", "post_id", "posted_at", "posted_at_exactness", "exhibit", "recorded_by", "withdrawn_at",
                  "withdrawn_reason"]
        read_only_fields = fields


class AssessmentOut(serializers.ModelSerializer[Assessment]):
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    indicators = serializers.ListField(child=serializers.CharField(), read_only=True)
    proposed_by = serializers.CharField(read_only=True)
    decided_by = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Assessment
        fields = ["id", "from_role", "to_role", "state", "indicators", "exhibits", "reason", "against", "proposed_by",
                  "proposed_at", "decided_by", "decided_at", "decision_note"]
        read_only_fields = fields


class ClaimOut(serializers.ModelSerializer[PlatformClaim]):
    """What a platform says. It proves nothing."""

    exhibit = serializers.CharField(source="exhibit.label", read_only=True)
    at_resolution = serializers.ChoiceField(choices=Resolution.choices, read_only=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = PlatformClaim
        fields = ["id", "kind", "text", "exhibit", "at", "at_resolution", "at_given", *ENTERED]
        read_only_fields = fields


class NamesIn(serializers.Serializer[Any]):
    handle = serializers.CharField(max_length=120)
    display_name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    exhibit = serializers.CharField(max_length=40, help_text="an exhibit's label, E-001")


class CountIn(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=MOST_COUNTED, required=False, allow_null=True, default=None, **options)


class ObserveIn(NamesIn):
    at = MomentIn(required=False, allow_blank=True, default="")
    status = serializers.ChoiceField(choices=Observation.Status.choices, default=Observation.Status.UNKNOWN)
    biography = serializers.CharField(max_length=LENGTHS["biography"], required=False, allow_blank=True, default="")
    place = serializers.CharField(max_length=LENGTHS["place"], required=False, allow_blank=True, default="")
    created = serializers.CharField(max_length=10, required=False, allow_blank=True, default="",
                                    help_text="2021, 2021-03 or 2021-03-14")
    followers = CountIn()
    following = CountIn()
    posts = CountIn()
    picture = serializers.CharField(max_length=40, required=False, allow_blank=True, default="",
                                    help_text="the exhibit that is its picture, E-002")


class IdentifyIn(serializers.Serializer[Any]):
    stable_id = serializers.CharField(max_length=LENGTHS["stable_id"])


class ClaimIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=PlatformClaim.Kind.choices)
    text = serializers.CharField(max_length=300, help_text="in the platform's words")
    exhibit = serializers.CharField(max_length=40, help_text="an exhibit's label, E-001")
    at = MomentIn()


class NameIn(NamesIn):
    platform = serializers.ChoiceField(choices=Platform.choices)
    stable_id = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=platform_addresses.LONGEST, required=False, allow_blank=True, default="",
                                    help_text="the post or profile under which it was seen")
    persona = serializers.ChoiceField(choices=Subject.Persona.choices, default=Subject.Persona.NONE)
    persona_basis = serializers.CharField(max_length=statements.LENGTHS["basis"], required=False, allow_blank=True,
                                          default="", help_text="what of the exhibit shows it; needed with one")


class AssessIn(serializers.Serializer[Any]):
    to_role = serializers.ChoiceField(choices=Subject.Role.choices)
    indicators = serializers.ListField(
        child=serializers.ChoiceField(choices=Assessment.Indicator.choices), default=list)
    exhibits = serializers.ListField(child=serializers.CharField(max_length=40), default=list, help_text="labels")
    reason = serializers.CharField(max_length=LONGEST)
    against = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")


class ReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField()
