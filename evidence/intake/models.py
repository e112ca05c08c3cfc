"""Items, the sets that some of them came in, and the work that each still waits for."""

import uuid

from django.db import models

from evidence.intake.roles import Role


class Item(models.Model):
    """One accession: a blob with how it came to us. Written once, at intake."""

    class Acquisition(models.TextChoices):
        FILE = "file", "file as received"
        CLIPBOARD = "clipboard", "clipboard (re-encoded by the browser)"
        TEXT = "text", "typed or pasted text"
        MADE = "made", "made by this system"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.ForeignKey("evidence.Blob", on_delete=models.PROTECT, related_name="items")
    acquisition = models.CharField(max_length=12, choices=Acquisition.choices)
    declared_sha256 = models.CharField(max_length=64, blank=True, help_text="empty: the sender declared none")
    name = models.TextField(help_text="the sender's file name, as sent (control characters replaced)")
    name_bytes = models.BinaryField(help_text="the sender's file name, byte for byte")
    claimed_type = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, help_text="by the content's first bytes")
    labels = models.JSONField(default=list, help_text="closed vocabulary: evidence.intake.labels")
    provenance = models.JSONField(default=dict)
    received_at = models.DateTimeField()


class Part(models.Model):
    """An item as one part of a capture that came together. Insert-only; the database holds it against the accession.

    `main` is the part that stands for all: its own row is the one at position 1."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="part")
    main = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="parts")
    role = models.CharField(max_length=10, choices=[(str(role), str(role)) for role in Role])
    position = models.PositiveSmallIntegerField(help_text="from 1")
    event = models.ForeignKey("evidence.Event", on_delete=models.PROTECT, related_name="+",
                              help_text="the accession event, which says the same")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["main", "position"], name="one_part_per_position"),
            models.CheckConstraint(name="part_role_known",
                                   condition=models.Q(role__in=["picture", "source", "archive", "other"])),
            models.CheckConstraint(name="main_part_comes_first",
                                   condition=models.Q(position=1, item=models.F("main"))
                                   | (models.Q(position__gt=1) & ~models.Q(item=models.F("main")))),
        ]


class Step(models.Model):
    """What an item still waits for. The state lives here; a message only wakes the work."""

    class Name(models.TextChoices):
        FIXITY = "fixity", "independent second hash"
        DERIVE = "derive", "thumbnail and metadata"
        ARCHIVE = "archive", "second copy, read back"
        SCREEN = "screen", "screened for malware"

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(max_length=10, choices=Name.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    detail = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="one_step_per_item"),
            models.CheckConstraint(name="step_state_known",
                                   condition=models.Q(state__in=["pending", "done", "failed"])),
        ]
        indexes = [models.Index(fields=["changed_at"], name="step_waiting",
                                condition=models.Q(state="pending"))]
