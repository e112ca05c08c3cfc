"""The shapes of findings in the API."""

from typing import Any

from rest_framework import serializers

from casework.accounts.likelihood import Likelihood
from casework.approvals import Approval
from casework.calls import Within
from casework.findings.models import Citation, Finding, Revision


class CitationOut(serializers.ModelSerializer[Citation]):
    exhibit = serializers.CharField(source="exhibit.label", read_only=True)
    reliability = serializers.ChoiceField(choices=Citation.Reliability.choices, allow_blank=True, read_only=True,
                                          help_text="of its source; empty: not judged yet")
    credibility = serializers.ChoiceField(choices=Citation.Credibility.choices, allow_blank=True, read_only=True,
                                          help_text="of what it says; empty: not judged yet")

    class Meta:
        model = Citation
        fields = ["exhibit", "bearing", "note", "reliability", "credibility"]
        read_only_fields = fields


class AlternativeOut(serializers.Serializer[Any]):
    hypothesis = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True, help_text="empty where it was written before this was asked")


class FindingOut(serializers.ModelSerializer[Finding]):
    """Of a finding that is `told`."""

    author = serializers.CharField(read_only=True)
    reviewer = serializers.CharField(read_only=True, allow_null=True)
    confidence = serializers.ChoiceField(choices=Finding.Confidence.choices, allow_blank=True, read_only=True,
                                         help_text="empty where it was written before this was asked")
    exhibits = CitationOut(source="citations", many=True, read_only=True)
    alternatives = AlternativeOut(source="others", many=True, read_only=True)
    techniques = serializers.ListField(source="tagged", child=serializers.CharField(), read_only=True)
    subjects = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)

    class Meta:
        model = Finding
        fields = ["label", "kind", "title", "claim", "method", "likelihood", "confidence", "against", "alternatives",
                  "exhibits", "techniques", "subjects", "state", "author", "written_at", "reviewer",
                  "reviewed_at", "review_note"]
        read_only_fields = fields


class FindingDetail(FindingOut):
    digest = serializers.CharField(read_only=True, help_text="what a review binds; send it back as `seen`")
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True,
                                     help_text="what its author may want to look at again, in words")

    class Meta(FindingOut.Meta):
        fields = [*FindingOut.Meta.fields, "digest", "warnings"]
        read_only_fields = fields


class AlternativeIn(Within):
    hypothesis = serializers.CharField()
    why = serializers.CharField(help_text="why it is less likely")


class FindingIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Finding.Kind.choices)
    title = serializers.CharField(max_length=200)
    claim = serializers.CharField()
    method = serializers.CharField()
    likelihood = serializers.ChoiceField(choices=Likelihood.choices, help_text="of the claim")
    confidence = serializers.ChoiceField(choices=Finding.Confidence.choices, help_text="in the judgement")
    against = serializers.CharField()
    alternatives = AlternativeIn(many=True)
    exhibits_for = serializers.ListField(child=serializers.CharField(max_length=40), help_text="labels, E-001")
    exhibits_against = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    subjects = serializers.ListField(child=serializers.CharField(max_length=40), default=list, help_text="S-001")


class SourceIn(Within):
    exhibit = serializers.CharField(max_length=40, help_text="a label that the finding cites, E-001")
    note = serializers.CharField(required=False, allow_blank=True, default="", help_text="what it shows")
    reliability = serializers.ChoiceField(choices=Citation.Reliability.choices, allow_blank=True,
                                          help_text="of its source; empty: not judged yet")
    credibility = serializers.ChoiceField(choices=Citation.Credibility.choices, allow_blank=True,
                                          help_text="of what it says; empty: not judged yet")


class SourcesIn(serializers.Serializer[Any]):
    sources = SourceIn(many=True)


class RevisionOut(serializers.ModelSerializer[Revision]):
    editor = serializers.CharField(read_only=True)
    decision = serializers.ChoiceField(choices=Approval.State.choices, read_only=True, allow_null=True,
                                       help_text="what became of its review; null: never given to one")
    decided_by = serializers.CharField(read_only=True, allow_null=True)
    decided_at = serializers.DateTimeField(read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True, allow_null=True, help_text="why it was sent back")

    class Meta:
        model = Revision
        fields = ["number", "editor", "at", "digest", "decision", "decided_by", "decided_at", "reason", "event_id"]
        read_only_fields = fields


class PartOut(serializers.Serializer[Any]):
    change = serializers.ChoiceField(choices=["same", "gone", "new"], read_only=True)
    text = serializers.CharField(read_only=True)


class ChangedOut(serializers.Serializer[Any]):
    field = serializers.CharField(read_only=True)
    parts = PartOut(many=True, read_only=True)


class RevisionDetail(RevisionOut):
    words = serializers.JSONField(read_only=True, help_text="what it said, as the custody log has it; null: erased")
    changes = ChangedOut(many=True, read_only=True, help_text="against the revision before, word by word")

    class Meta(RevisionOut.Meta):
        fields = [*RevisionOut.Meta.fields, "words", "changes"]
        read_only_fields = fields


class TechniqueOut(serializers.Serializer[Any]):
    number = serializers.CharField(read_only=True, help_text="T0049.005")
    name = serializers.CharField(read_only=True, help_text="in English, in every language")


class TechniquesIn(serializers.Serializer[Any]):
    techniques = serializers.ListField(child=serializers.CharField(max_length=9), help_text="all of them: T0049.005")


class ReviewIn(serializers.Serializer[Any]):
    seen = serializers.CharField(max_length=64, help_text="the digest of what was read")
    note = serializers.CharField(required=False, allow_blank=True, default="")
