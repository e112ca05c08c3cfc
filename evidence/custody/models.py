"""The log's tables. Events and leaves are insert-only for everybody; payloads can be erased, their
proofs stay."""

from django.db import models


class Event(models.Model):
    """The commitment to one canonical event: HMAC-SHA-256(salt, canonical bytes). Says nothing by itself."""

    id = models.UUIDField(primary_key=True)
    commitment = models.BinaryField(max_length=32)


class Payload(models.Model):
    """The event itself and its salt, with the columns it is looked up by (all repeated from `content`)."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True)
    salt = models.BinaryField(max_length=32)
    content = models.BinaryField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    context = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="payload_by_subject"),
                   models.Index(fields=["context", "at"], name="payload_by_context")]


class Erasure(models.Model):
    """What is left of an erased event besides its commitment, repeated from the erasure event that names it.

    Written by the database function that erases, by nothing else."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True)
    erasure = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="erased")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    context = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="erasure_by_subject"),
                   models.Index(fields=["context", "at"], name="erasure_by_context")]


class Pending(models.Model):
    """An event that has no index yet. The sequencer deletes the row in the transaction that inserts the leaf."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True)


class Leaf(models.Model):
    """The place of an event in the log. Assigned gap-free by one sequencer under a lock, never by a sequence."""

    index = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT)
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(name="leaf_index_not_negative", condition=models.Q(index__gte=0))]


class Tile(models.Model):
    """Up to 256 node hashes of one C2SP tile. Derived from the leaves; `verify` rebuilds and compares."""

    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField(max_length=8192)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="one_tile_per_place")]


class Checkpoint(models.Model):
    """A signed tree head as it was published, verbatim."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()
