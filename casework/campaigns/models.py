"""Campaigns and causes of a case, and listings, which belong to no case.

A cause hangs on campaigns alone: there is no way from it to an account, and none is to be made."""

from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from casework.accounts.dated import Dated, Entry, EntryQuerySet
from casework.campaigns import languages
from casework.channels.tasking_models import Tasking


class ListingQuerySet(models.QuerySet["Listing"]):
    def visible_to(self, user: Any) -> Self:
        """They belong to no case: everybody who signs in reads them."""
        return self.all() if getattr(user, "is_active", False) else self.none()

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Listing(Entry):
    """That an authority lists an organisation, with where it is written: reference data of the whole deployment."""

    authority = models.CharField(max_length=200, help_text="who lists it")
    list_name = models.CharField(max_length=200, help_text="the list or law")
    organisation = models.CharField(max_length=300, help_text="as the list spells it")
    reference = models.CharField(max_length=120, help_text="number of the entry or the order")
    listed_on = models.DateField()
    source_url = models.URLField(max_length=500)
    read_on = models.DateField(help_text="when somebody last read it there")

    objects = ListingQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["authority", "list_name", "organisation", "pk"]
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["authority", "list_name", "reference", "organisation"],
                                    condition=Q(withdrawn_at=None), name="one_listing_of_each"),
            models.CheckConstraint(name="listing_is_sourced", condition=~Q(source_url="") & ~Q(reference="")
                                   & ~Q(authority="") & ~Q(list_name="") & ~Q(organisation="")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.authority}, {self.list_name}, {self.reference})"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"listing/{self.pk}"


class CauseQuerySet(EntryQuerySet):
    def told(self) -> Self:
        return self.select_related("case", "listing", "recorded_by", "withdrawn_by")


class Cause(Entry):
    """What is pushed, numbered U-001 in its case; where it applies, with the listing of the organisation behind it."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="causes")
    number = models.PositiveIntegerField(help_text="U-001 within the case")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, null=True, related_name="causes")
    listing_basis = models.TextField(blank=True, help_text="why this listing applies to the cause")

    objects = CauseQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["number"]
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["case", "number"], name="one_cause_per_number"),
            models.CheckConstraint(name="cause_says_why_a_listing_applies",
                                   condition=Q(listing=None, listing_basis="")
                                   | (Q(listing__isnull=False) & ~Q(listing_basis=""))),
        ]

    @property
    def label(self) -> str:
        return f"U-{self.number:03d}"

    @property
    def word(self) -> str:
        return f"cause/{self.case.ref}/{self.label}"


class CampaignQuerySet(EntryQuerySet):
    def with_span(self) -> Self:
        """Adds `first` and `last`: the earliest and the latest moment that standing marks and taskings show."""
        marks = Mark.objects.standing().filter(campaign=OuterRef("pk"), exhibit__withdrawn_at=None)
        taskings = Tasking.objects.standing().filter(campaigns=OuterRef("pk"), at__isnull=False)
        found = {name: (Subquery(marks.order_by(order).values("at")[:1]),
                        Subquery(taskings.order_by(order).values("at")[:1]))
                 for name, order in (("first", "at"), ("last", "-at"))}
        return self.annotate(first=Least(*found["first"]), last=Greatest(*found["last"]))

    def told(self) -> Self:
        return self.with_span().select_related("case", "recorded_by", "withdrawn_by").prefetch_related(
            "taskings__channel", models.Prefetch("pushes", Push.objects.standing().filter(cause__withdrawn_at=None)
                                                 .select_related("cause").order_by("cause__number"), "causes"))


class Campaign(Entry):
    """An artificial trend, numbered G-001 in its case: what it was to achieve, in which languages, by what taskings."""

    first: datetime | None
    last: datetime | None
    causes: list["Push"]

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="campaigns")
    number = models.PositiveIntegerField(help_text="G-001 within the case")
    title = models.CharField(max_length=200)
    objective = models.TextField(help_text="what it was to make people see or believe, as taskings show it")
    languages = ArrayField(models.CharField(max_length=5), default=list)
    taskings = models.ManyToManyField(Tasking, related_name="campaigns")

    objects = CampaignQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["number"]
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["case", "number"], name="one_campaign_per_number"),
            models.CheckConstraint(name="campaign_has_title_and_objective", condition=~Q(title="") & ~Q(objective="")),
        ]

    @property
    def label(self) -> str:
        return f"G-{self.number:03d}"

    @property
    def word(self) -> str:
        return f"campaign/{self.case.ref}/{self.label}"

    @property
    def spoken(self) -> list[str]:
        """Its languages by their own names."""
        return [languages.NAMES[code] for code in self.languages]


class MarkQuerySet(EntryQuerySet):
    case_path = "campaign__case"


class Mark(Dated):
    """A hashtag or a slogan of a campaign, as an exhibit shows it at a time."""

    class Kind(models.TextChoices):
        HASHTAG = "hashtag", _("Hashtag")
        SLOGAN = "slogan", _("Slogan")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    text = models.CharField(max_length=500)
    exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, related_name="campaign_marks")

    objects = MarkQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["at", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="mark_has_a_text_and_a_time", condition=Q(at__isnull=False) & ~Q(text="")),
        ]


class Push(Entry):
    """That a campaign pushes a cause: on what basis, and which exhibits show it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="pushes")
    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, related_name="pushes")
    basis = models.TextField()
    exhibits = models.ManyToManyField("casework.Exhibit", related_name="+")

    objects = MarkQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["pk"]
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["campaign", "cause"], condition=Q(withdrawn_at=None),
                                    name="one_push_of_each_cause"),
            models.CheckConstraint(name="push_says_why", condition=~Q(basis="")),
        ]
