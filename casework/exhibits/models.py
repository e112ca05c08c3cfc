"""Exhibits: a case's use of an item."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from casework.access import CaseScoped
from evidence.intake.models import Item

# How long an original that was unlocked stays so, for who unlocked it.
UNLOCKED_FOR = timedelta(minutes=30)


class ExhibitQuerySet(CaseScoped):
    def captured(self) -> Self:
        """What can show something: not withdrawn, and not made by this system itself."""
        return self.filter(withdrawn_at=None).exclude(item__acquisition=Item.Acquisition.MADE)

    def holding(self, items: QuerySet[Item]) -> Self:
        """Those that one of `items` belongs to: as their own, as a part of their capture, or as a sighting."""
        return self.filter(Q(item__in=items) | Q(item__parts__item__in=items) | Q(sightings__item__in=items)).distinct()


class Exhibit(models.Model):
    """`CW-2026-0014/E-007`. What it is and how it came lies in the item and is never edited; these columns may be."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="exhibits")
    number = models.PositiveIntegerField()
    item = models.ForeignKey("evidence.Item", on_delete=models.PROTECT, related_name="exhibits")
    title = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    sensitive = models.BooleanField(default=False)
    lodged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField()
    event_id = models.UUIDField(help_text="the accession event")
    leaf_hash = models.CharField(max_length=64, help_text="of the accession event: the receipt")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = ExhibitQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_exhibit_per_number"),
            models.CheckConstraint(name="withdrawn_with_a_reason",
                                   condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawn_reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.case.ref}/{self.label}"

    @property
    def label(self) -> str:
        return f"E-{self.number:03d}"

    @property
    def is_disposed(self) -> bool:
        """Whether a tombstone stands in the place of its bytes."""
        return hasattr(self.item, "tombstone")

    def items(self) -> list[Item]:
        """All that came in for it: its own item, the other parts of its capture, those of its sightings."""
        models.prefetch_related_objects([self], *WITH_ITEMS)
        parts = [part.item for part in self.item.parts.all() if part.pk != self.item_id]
        return [self.item, *parts, *(one.item for one in self.sightings.all())]

    @property
    def is_captured(self) -> bool:
        """Whether `captured` would find it."""
        return self.withdrawn_at is None and self.item.acquisition != Item.Acquisition.MADE


# What Exhibit.items() needs; prefetched for many exhibits at once it costs a constant number of queries.
WITH_ITEMS = ("item__parts__item__blob", "sightings__item__blob")


def items_of(case: Any) -> QuerySet[Item]:
    """Every item that came in for an exhibit of the case, each once."""
    found = Item.objects.filter(Q(exhibits__case=case) | Q(part__main__exhibits__case=case)
                                | Q(sighting__exhibit__case=case))
    return Item.objects.filter(pk__in=found.values("pk"))


class SightingQuerySet(CaseScoped):
    case_path = "exhibit__case"


class Sighting(models.Model):
    """The same bytes came again: another accession of the exhibit's blob, with its own provenance."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="sightings")
    item = models.OneToOneField("evidence.Item", on_delete=models.PROTECT, related_name="sighting")
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    objects = SightingQuerySet.as_manager()


class UnlockingQuerySet(CaseScoped):
    case_path = "exhibit__case"


class Unlocking(models.Model):
    """One person takes out an original that is locked: for themselves, for a while, for a reason, and for just what was
    known of it then (`state` and `finding`, as in exhibits/gate.py). Inserted, and seen by somebody else later."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="unlockings")
    item = models.ForeignKey("evidence.Item", on_delete=models.PROTECT, related_name="+",
                             help_text="the exhibit's own, or that of a part of its capture")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)
    finding = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects = UnlockingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="unlocking_has_a_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(name="unlocking_ends", condition=models.Q(until__lte=models.F("at") + UNLOCKED_FOR)),
            models.CheckConstraint(name="unlocking_seen_by_another",
                                   condition=models.Q(seen_by=None, seen_at=None)
                                   | models.Q(seen_by__isnull=False, seen_at__isnull=False)
                                   & ~models.Q(seen_by=models.F("person"))),
        ]


class LodgingKeyQuerySet(CaseScoped):
    pass


class LodgingKey(models.Model):
    """The key under which a client lodged, and what became of it: whoever asks again gets the same. Insert-only."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=210, help_text="the client's own; of a file in a batch with its place after it")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("evidence.Item", on_delete=models.PROTECT, related_name="+")
    event_id = models.UUIDField(help_text="the accession event of that time")
    leaf_hash = models.CharField(max_length=64)
    already_held = models.BooleanField()
    used_at = models.DateTimeField()

    objects = LodgingKeyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person", "key"], name="one_lodging_per_key")]


# No key of a client's own has a space in it: none stands for an upload.
UPLOAD_KEY = "upload "


class UploadQuerySet(CaseScoped):
    def visible_to(self, user: Any) -> Self:
        """Only one's own, and only until they are over."""
        return super().visible_to(user).filter(person_id=user.pk).alive()

    def alive(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())

    def unfinished(self) -> Self:
        """Those that became no exhibit yet."""
        lodged = LodgingKey.objects.filter(case=OuterRef("case"), person=OuterRef("person"),
                                           key=Concat(Value(UPLOAD_KEY), Cast(OuterRef("pk"), models.TextField())))
        return self.exclude(Exists(lodged))


class Upload(models.Model):
    """A file on its way in pieces (tus 1.0). What `offset` counts is on the disk: it was put there before it was said.

    It is nobody's exhibit until it is lodged under the key `upload ID`, and goes when it is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    size = models.BigIntegerField(help_text="bytes that are to come")
    offset = models.BigIntegerField(default=0, help_text="bytes that are stored")
    metadata = models.CharField(max_length=4000, blank=True, help_text="Upload-Metadata as it was sent")
    said = models.JSONField(default=dict, help_text="what its lodging will say, as it stood at the beginning")
    sha256 = models.CharField(max_length=64, blank=True, help_text="once the store has all of it under this hash")
    expires_at = models.DateTimeField()

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["expires_at"]
        constraints = [
            models.CheckConstraint(name="upload_within_its_size",
                                   condition=models.Q(offset__gte=0, offset__lte=models.F("size"))),
            models.CheckConstraint(name="upload_hashed_when_whole",
                                   condition=models.Q(sha256="") | models.Q(offset=models.F("size"))),
        ]
        indexes = [models.Index(fields=["person", "case"], name="uploads_of_somebody")]

    @property
    def key(self) -> str:
        """Under which it is lodged once."""
        return f"{UPLOAD_KEY}{self.pk}"


class UnpackingQuerySet(CaseScoped):
    case_path = "exhibit__case"


class Unpacking(models.Model):
    """One file of a package that somebody wants lodged. The state lives here; a message only wakes the work.

    A file is lodged at most once: there is one row for it, and what is lodged stays so."""

    class State(models.TextChoices):
        WAITING = "waiting"
        LODGED = "lodged"
        FAILED = "failed"

    file = models.OneToOneField("evidence.PackageFile", on_delete=models.PROTECT, primary_key=True,
                                related_name="unpacking")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="unpackings",
                                help_text="the package")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, help_text="a worker lodges it; after this, another may")
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    became = models.ForeignKey(Exhibit, on_delete=models.PROTECT, null=True, related_name="+",
                               help_text="the exhibit that it is, or whose bytes it brought again")

    objects = UnpackingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="unpacking_state_known",
                                   condition=models.Q(state__in=["waiting", "lodged", "failed"])),
            models.CheckConstraint(name="lodged_file_is_an_exhibit",
                                   condition=models.Q(state="lodged", became__isnull=False)
                                   | (~models.Q(state="lodged") & models.Q(became=None))),
            models.CheckConstraint(name="failed_unpacking_says_why",
                                   condition=~models.Q(state="failed") | ~models.Q(problem="")),
        ]
        indexes = [models.Index(fields=["asked_at"], name="unpacking_waiting", condition=models.Q(state="waiting"))]
