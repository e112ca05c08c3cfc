"""The tables of what has left the machine: timestamps, cosignatures, who holds a checkpoint, and how each try went.

All but `Party` are insert-only for everybody."""

from django.db import models

from evidence.custody.models import Checkpoint


class Party(models.Model):
    """Somebody outside whom we ask or tell, and how the last try went. The state of the work lies here."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority"
        WITNESS = "witness"
        MAIL = "mail"

    class Problem(models.TextChoices):
        UNREACHABLE = "unreachable", "no answer, or not in time"
        STATUS = "status", "an HTTP status that says no"
        TOO_LARGE = "too_large", "an answer larger than any good one"
        REFUSED = "refused", "an answer that does not verify"
        UNKNOWN_LOG = "unknown_log", "the witness does not know this log"
        UNTRUSTED_KEY = "untrusted_key", "the witness does not know this log's key"
        FORK = "fork", "ALARM: the witness holds another history of this log"
        BEHIND = "behind", "ALARM: the witness knows less than it cosigned"
        AHEAD = "ahead", "ALARM: the witness knows more than this log has"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=255, help_text="host of an authority, name of a witness's key, mail address")
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    failing_since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, choices=Problem.choices, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    size = models.BigIntegerField(null=True, help_text="of the checkpoint that the last try was about")
    tried_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, help_text="not asked again before")
    place = models.CharField(max_length=100, blank=True, help_text="which database spoke, for mail")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="one_party_per_name"),
            models.CheckConstraint(name="party_fails_since", condition=models.Q(
                failures=0, failing_since=None, problem="") | models.Q(
                failures__gt=0, failing_since__isnull=False) & ~models.Q(problem="")),
        ]


class Refusal(models.Model):
    """An answer from outside that was not accepted, and why: kept, for it may be evidence."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="refusals")
    at = models.DateTimeField()
    size = models.BigIntegerField(null=True, help_text="of the checkpoint in question")
    problem = models.CharField(max_length=20, choices=Party.Problem.choices)
    detail = models.CharField(max_length=500)
    reply = models.BinaryField(help_text="its first 16 KiB")


class Timestamp(models.Model):
    """A verified RFC 3161 response over the note of a checkpoint, byte for byte as it is kept."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="timestamps")
    authority = models.CharField(max_length=255, help_text="its host")
    response = models.BinaryField(help_text="TimeStampResp, DER")
    chain = models.TextField(help_text="PEM: the authority's certificate that was pinned, then its chain to the root")
    gen_time = models.DateTimeField()
    serial = models.CharField(max_length=64, help_text="decimal")
    policy = models.CharField(max_length=200, help_text="OID")
    accuracy_us = models.BigIntegerField(null=True, help_text="microseconds; null where the token does not say")
    received_at = models.DateTimeField(help_text="by our own clock")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "authority"], name="one_timestamp_per_authority")]
        indexes = [models.Index(fields=["authority", "checkpoint"], name="timestamp_by_authority")]


class Cosignature(models.Model):
    """A witness's verified cosignature on a checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=255, help_text="the name of its key")
    key = models.TextField(help_text="its verifier key (C2SP vkey)")
    cosigned_at = models.DateTimeField(help_text="by the witness's clock")
    line = models.TextField(help_text="the signature line as it stands in a note")
    received_at = models.DateTimeField(help_text="by our own clock")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "key"], name="one_cosignature_per_key")]


class Holding(models.Model):
    """Somebody outside has, from now on, what a checkpoint of `size` entries says."""

    class Kind(models.TextChoices):
        WITNESS = "witness"
        AUTHORITY = "authority"
        MAIL = "mail"
        PERSON = "person"

    class What(models.TextChoices):
        COSIGNATURE = "cosignature"
        TIMESTAMP = "timestamp"
        CHECKPOINT = "checkpoint"
        RECEIPT = "receipt"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    who = models.CharField(max_length=255, help_text="witness, host, mail address, or user/number")
    what = models.CharField(max_length=12, choices=What.choices)
    size = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "who", "what", "size"], name="one_holding_of_each")]
        indexes = [models.Index(fields=["-size"], name="holding_by_size"),
                   models.Index(fields=["kind", "who", "-size"], name="holding_by_who")]
