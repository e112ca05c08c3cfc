"""The tables of a log that is behind what was witnessed of it: what was noticed, what people read meanwhile, and that a
restore was declared.

Insert-only for everybody; what was read leaves its table for the log alone."""

import uuid

from django.db import models


class Rewind(models.Model):
    """Somebody knows more of this log than it holds, or another history of it. Until a restore is declared nothing in
    the system changes.

    `size` and `root` are the log's when this was noticed. `head_*` is the largest that was witnessed: what is given up
    when the restore is declared. A witness names a size alone, without a root."""

    class How(models.TextChoices):
        RESTORE = "restore"
        SIGNER = "signer"

    class Witness(models.TextChoices):
        SIGNER = "signer"
        CHECKPOINT = "checkpoint"
        RECEIPT = "receipt"
        WITNESS = "witness"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    noticed_at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How.choices)
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    last_at = models.DateTimeField(null=True, help_text="when the last entry that the log holds was recorded")
    head_size = models.BigIntegerField()
    head_root = models.BinaryField(max_length=32, null=True)
    head_note = models.TextField(blank=True, help_text="the checkpoint, word for word, where there is one")
    known = models.JSONField(default=list, help_text="all that was witnessed beyond: {by, name, size, root, at}")


class Declaration(models.Model):
    """Two people declared that the log goes on from where the restore left it. The event says who and why."""

    rewind = models.OneToOneField(Rewind, on_delete=models.PROTECT, primary_key=True)
    declared_at = models.DateTimeField()


class Recovered(models.Model):
    """The recovery log: an event as it would stand in the log, recorded while the log was behind.

    Goes into the log, word for word, when the restore is declared."""

    event_id = models.UUIDField(primary_key=True)
    commitment = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=32)
    content = models.BinaryField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    context = models.CharField(max_length=200)
    at = models.DateTimeField()
