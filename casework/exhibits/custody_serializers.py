"""What programs get about custody: entries with what covers them, proofs, verifications, and how the log stands."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.exhibits.log_words import EXPOSURES, LOCKS, PARTY_STATES
from casework.exhibits.serializers import ReceiptEventSerializer, ReceiptLogSerializer
from evidence.fixity.models import Verification


class TimeSerializer(serializers.Serializer[Any]):
    """An RFC 3161 token over a checkpoint: what stands under it existed by then."""

    authority = serializers.CharField()
    gen_time = serializers.DateTimeField()
    size = serializers.IntegerField(source="checkpoint_id")


class EntrySerializer(serializers.Serializer[Any]):
    """One recorded event. `sentence` is HTML in the caller's language; `index` null until it has its place,
    `checkpoint_size` until a signed checkpoint covers it, `timestamp` until an outside time does."""

    event_id = serializers.UUIDField(source="entry.event_id")
    at = serializers.DateTimeField(source="entry.at")
    kind = serializers.CharField(source="entry.kind")
    subject = serializers.CharField(source="entry.subject")
    agent = serializers.DictField(source="entry.agent")
    detail = serializers.DictField(source="entry.detail")
    index = serializers.IntegerField(source="entry.index", allow_null=True)
    leaf_hash = serializers.SerializerMethodField()
    sentence = serializers.CharField()
    checkpoint_size = serializers.SerializerMethodField()
    timestamp = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField)
    def get_leaf_hash(self, row: Any) -> str:
        return str(row["entry"].leaf_hash.hex())

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_checkpoint_size(self, row: Any) -> int | None:
        return row["cover"].checkpoint.size if row["cover"] and row["cover"].checkpoint else None

    @extend_schema_field(TimeSerializer(allow_null=True))
    def get_timestamp(self, row: Any) -> Any:
        return TimeSerializer(row["cover"].timestamp).data if row["cover"] and row["cover"].timestamp else None


class ProofSerializer(serializers.Serializer[Any]):
    """What proves one event without us. docs/custody-log.md says how to check it."""

    format = serializers.CharField()
    origin = serializers.CharField()
    case = serializers.CharField()
    leaf_hash = serializers.CharField(help_text="hex")
    event = ReceiptEventSerializer()
    log = ReceiptLogSerializer(allow_null=True)
    checkpoint = serializers.CharField(allow_null=True)


class VerificationProblemSerializer(serializers.Serializer[Any]):
    object = serializers.CharField()
    problem = serializers.CharField()


class VerificationSerializer(serializers.Serializer[Any]):
    """What came of a verification, or that it waits. At most 100 problems are kept; all are counted."""

    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=[(value, value) for value in Verification.State.values])
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    checkpoint_size = serializers.IntegerField(source="size", allow_null=True)
    checked = serializers.DictField(child=serializers.IntegerField())
    problem_count = serializers.IntegerField()
    problems = VerificationProblemSerializer(many=True)


class CheckpointSerializer(serializers.Serializer[Any]):
    """The checkpoint that the world is shown, with its cosignatures."""

    size = serializers.IntegerField(source="checkpoint.size")
    note = serializers.CharField()


class HolderSerializer(serializers.Serializer[Any]):
    """Who holds a checkpoint outside. Mailboxes and people are counted, not named."""

    kind = serializers.CharField()
    who = serializers.CharField()
    count = serializers.IntegerField()
    what = serializers.CharField()
    size = serializers.IntegerField()
    at = serializers.DateTimeField()


class PartySerializer(serializers.Serializer[Any]):
    """A witness or an authority. `size` and `at` are those of what it signed last."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[(value, value) for value in PARTY_STATES])
    size = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    since = serializers.DateTimeField(allow_null=True, help_text="since when it fails or is late")


class LogSerializer(serializers.Serializer[Any]):
    """How the custody log stands, and how far back it could be rewritten without a holder outside noticing."""

    origin = serializers.CharField()
    vkey = serializers.CharField(help_text="C2SP verifier key")
    fingerprint = serializers.CharField(help_text="SHA-256 of vkey as text")
    size = serializers.IntegerField(source="standing.size")
    waiting = serializers.IntegerField(source="standing.waiting")
    checkpoint_size = serializers.SerializerMethodField()
    exposure = serializers.ChoiceField(choices=[(str(value), str(value)) for value in EXPOSURES],
                                       source="outside.exposure")
    unheld_since = serializers.DateTimeField(source="standing.unheld_since", allow_null=True)
    exposed_seconds = serializers.SerializerMethodField()
    quorum = serializers.CharField()
    quorum_reached = serializers.SerializerMethodField()
    holders = HolderSerializer(many=True)
    witnesses = PartySerializer(many=True)
    authorities = PartySerializer(many=True)
    archive_lock = serializers.ChoiceField(
        choices=[(str(value), str(value)) for value in LOCKS], source="archive.state",
        help_text="what the last test of the lock on second copies found")
    damaged = serializers.IntegerField(source="fixity.damaged", help_text="stored files that wait to be healed")
    overdue = serializers.IntegerField(source="fixity.overdue", help_text="files not hashed within FIXITY_DAYS")
    archive_lock_tested_at = serializers.DateTimeField(source="archive.at", allow_null=True)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_checkpoint_size(self, log: Any) -> int | None:
        return log.published.checkpoint.size if log.published else None

    @extend_schema_field(serializers.IntegerField)
    def get_exposed_seconds(self, log: Any) -> int:
        return int(log.standing.exposed.total_seconds())

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_quorum_reached(self, log: Any) -> bool | None:
        return log.published.quorum if log.published else None
