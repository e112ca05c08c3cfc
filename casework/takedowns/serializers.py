"""The shapes of notices in the API."""

from typing import Any

from rest_framework import serializers

from casework.exhibits.platforms import Platform
from casework.takedowns.models import Notice, Target


class TargetOut(serializers.ModelSerializer[Target]):
    subject = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    answer_exhibit = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)

    class Meta:
        model = Target
        fields = ["id", "kind", "subject", "url", "exhibits", "outcome", "outcome_at", "wording", "answer_exhibit"]
        read_only_fields = fields


class NoticeOut(serializers.ModelSerializer[Notice]):
    drafter = serializers.CharField(read_only=True)
    reviewer = serializers.CharField(read_only=True, allow_null=True)
    sent_by = serializers.CharField(read_only=True, allow_null=True)
    sent_exhibit = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)
    policy_key = serializers.CharField(source="policy_row.key", read_only=True, allow_null=True, default=None,
                                       help_text="null: the drafter wrote a name of their own")
    policy_edition = serializers.IntegerField(source="policy_row.edition", read_only=True, allow_null=True,
                                              default=None, help_text="the wording that stood when it was drafted")

    class Meta:
        model = Notice
        fields = ["label", "platform", "policy", "policy_key", "policy_edition", "text", "necessity", "against",
                  "less_intrusive", "state", "state_since", "drafter", "drafted_at", "reviewer", "reviewed_at",
                  "review_note", "sent_by", "sent_at", "sent_exhibit", "reference", "withdrawn_reason"]
        read_only_fields = fields


class NoticeDetail(NoticeOut):
    targets = TargetOut(many=True, read_only=True)
    letter = serializers.CharField(read_only=True, help_text="the exact text that sending freezes")
    digest = serializers.CharField(read_only=True, help_text="what an approval binds; send it back as `seen`")
    obstacles = serializers.ListField(child=serializers.CharField(), read_only=True,
                                      help_text="what keeps it from review and from being sent")

    suggested = serializers.ListField(child=serializers.CharField(), read_only=True, help_text=(
        "keys of the policies of its platform that fit the kinds of the reviewed findings about its targets"))

    class Meta(NoticeOut.Meta):
        fields = [*NoticeOut.Meta.fields, "targets", "letter", "digest", "obstacles", "suggested"]
        read_only_fields = fields


class NoticeIn(serializers.Serializer[Any]):
    platform = serializers.ChoiceField(choices=Platform.choices)
    policy = serializers.CharField(max_length=200)
    text = serializers.CharField()
    necessity = serializers.CharField(required=False, allow_blank=True, default="")
    against = serializers.CharField(required=False, allow_blank=True, default="")
    less_intrusive = serializers.CharField(required=False, allow_blank=True, default="")


class DraftIn(NoticeIn):
    subjects = serializers.ListField(child=serializers.CharField(max_length=40), default=list, help_text=(
        "labels, S-001; each becomes a target with the exhibits that show it"))


class TargetIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Target.Kind.choices)
    subject = serializers.CharField(max_length=40, required=False, allow_blank=True, default="", help_text="S-001")
    url = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    exhibits = serializers.ListField(child=serializers.CharField(max_length=40), default=list, help_text="E-001")


class NoticeApproveIn(serializers.Serializer[Any]):
    seen = serializers.CharField(max_length=64, help_text="the digest of what was read")
    note = serializers.CharField(required=False, allow_blank=True, default="")


class SendIn(serializers.Serializer[Any]):
    seen = serializers.CharField(max_length=64, help_text="the digest of what was read")


class AcknowledgeIn(serializers.Serializer[Any]):
    reference = serializers.CharField(max_length=120)


class DecideIn(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=[one for one in Target.Outcome.choices if one[0] != "pending"])
    wording = serializers.CharField(required=False, allow_blank=True, default="")
    answer_exhibit = serializers.CharField(max_length=40, required=False, allow_blank=True, default="",
                                           help_text="E-001")
