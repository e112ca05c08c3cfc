"""What the API tells of a log that is behind."""

from typing import Any

from rest_framework import serializers

from casework.approvals import Approval
from casework.recovery.services import TEXT_LENGTH
from evidence.custody.rewound import Rewind


class WitnessedSerializer(serializers.Serializer[Any]):
    """Somebody who knows more of the log than it has, or another history of it."""

    by = serializers.ChoiceField(choices=Rewind.Witness.choices)
    name = serializers.CharField()
    size = serializers.IntegerField()
    root_hash = serializers.CharField(source="root", help_text="hex; empty where only a size is known")
    at = serializers.DateTimeField(allow_null=True)


class RewindSerializer(serializers.Serializer[Any]):
    """Entries from `size` to `head_size` - 1 are lost, unless `head_size` is no larger than `size`: then the log has
    another history of its first `head_size` entries, and where the two part is not known."""

    id = serializers.UUIDField()
    noticed_at = serializers.DateTimeField()
    how = serializers.ChoiceField(choices=Rewind.How.choices)
    size = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True, help_text="of the last entry that is left")
    head_size = serializers.IntegerField()
    known = WitnessedSerializer(many=True)


class DeclaredSerializer(RewindSerializer):
    """A restore that was declared."""

    declared_at = serializers.DateTimeField(source="declaration.declared_at")


class ToldSerializer(serializers.Serializer[Any]):
    """What the log says of a declared restore: who proposed it, who agreed, why."""

    event = serializers.UUIDField(source="event_id")
    at = serializers.DateTimeField()
    index = serializers.IntegerField(allow_null=True)
    rewind = serializers.CharField(source="subject", help_text="rewind/ID")
    proposed_by = serializers.CharField(source="agent.name")
    approved_by = serializers.CharField(source="detail.approver.name")
    reason = serializers.CharField(source="detail.reason")


class ProposalSerializer(serializers.Serializer[Any]):
    """The last proposal to declare the restore, and how it stands."""

    state = serializers.ChoiceField(choices=Approval.State.choices, source="approval.state")
    reason = serializers.CharField()
    proposed_by = serializers.CharField(source="approval.proposed_by")
    proposed_at = serializers.DateTimeField(source="approval.proposed_at")
    decided_by = serializers.CharField(source="approval.decided_by", allow_null=True)
    decided_at = serializers.DateTimeField(source="approval.decided_at", allow_null=True)
    returned_because = serializers.CharField(source="approval.reason")


class RecoverySerializer(serializers.Serializer[Any]):
    """Nothing changes while `rewind` is there; it is null while all is well."""

    rewind = RewindSerializer(allow_null=True)
    proposal = ProposalSerializer(allow_null=True)
    recovered = serializers.IntegerField(help_text="events in the recovery log")
    declared = DeclaredSerializer(many=True)
    told = ToldSerializer(many=True)


class WhySerializer(serializers.Serializer[Any]):
    """It stays in the log for ever: name nobody in it."""

    reason = serializers.CharField(max_length=TEXT_LENGTH)
