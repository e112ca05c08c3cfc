"""What was disposed of, and the bytes that still have to go for it."""

from django.db import models


class Tombstone(models.Model):
    """An item that two people disposed of. Its row, its hash and its history stay; insert-only.

    The database takes one only for a disposal event of two people that names the item."""

    item = models.OneToOneField("evidence.Item", on_delete=models.PROTECT, primary_key=True, related_name="tombstone")
    event = models.ForeignKey("evidence.Event", on_delete=models.PROTECT, related_name="+")
    disposed_at = models.DateTimeField()


class Removal(models.Model):
    """Bytes that go because an item was disposed of. The state of the work; a message only wakes it."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        KEPT = "kept"

    class Place(models.TextChoices):
        STORE = "evidence", "the store"
        ARCHIVE = "archive", "the archive"

    item = models.ForeignKey("evidence.Item", on_delete=models.PROTECT, related_name="removals")
    blob = models.ForeignKey("evidence.Blob", on_delete=models.PROTECT, related_name="removals")
    place = models.CharField(max_length=10, choices=Place.choices)
    context = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    held = models.BooleanField(default=False, help_text="a legal hold of the context stops it")
    not_before = models.DateTimeField(null=True, help_text="until when the storage refuses, where it said so")
    attempts = models.PositiveIntegerField(default=0)
    detail = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "blob", "place"], name="one_removal_per_place"),
            models.CheckConstraint(name="removal_state_known",
                                   condition=models.Q(state__in=["pending", "done", "kept"])),
        ]
        indexes = [models.Index(fields=["changed_at"], name="removal_waiting", condition=models.Q(state="pending"))]
