"""The shape of an account with all that is said of it in its case."""

from casework.accounts.link_serializers import LinkOut
from casework.accounts.merge_serializers import MergeOut
from casework.accounts.serializers import AssessmentOut, ClaimOut, ObservationOut, SubjectOut
from casework.accounts.statement_serializers import LocationOut, PersonaStatementOut, SubjectNoteOut


class SubjectDetail(SubjectOut):
    observations = ObservationOut(many=True, read_only=True)
    claims = ClaimOut(many=True, read_only=True)
    personas = PersonaStatementOut(many=True, read_only=True, help_text="newest first; the first one stands")
    locations = LocationOut(many=True, read_only=True, help_text="newest first; the first one stands")
    links = LinkOut(many=True, read_only=True, help_text="from it or to it")
    notes = SubjectNoteOut(many=True, read_only=True)
    assessments = AssessmentOut(many=True, read_only=True)
    merges = MergeOut(many=True, read_only=True, help_text="of it into another or of others into it, undone ones too")

    class Meta(SubjectOut.Meta):
        fields = [*SubjectOut.Meta.fields, "observations", "claims", "personas", "locations", "links", "notes",
                  "assessments", "merges"]
        read_only_fields = fields
