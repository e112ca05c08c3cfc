"""Channels, and what exhibits show of them. A channel and all that is said of it belong to one case."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from casework.accounts.dated import Dated, Entry, EntryQuerySet
from casework.exhibits.platforms import Platform


class ChannelQuerySet(EntryQuerySet):
    def with_life(self) -> Self:
        """Adds what the standing observations say: `called`, `link`, `members` with `members_at`, `last_fact` with
        `last_at` (of those that tell whether it is there), and `exhibit_count`."""
        seen = ChannelObservation.objects.standing().filter(channel=OuterRef("pk"), exhibit__withdrawn_at=None)
        found: dict[str, tuple[models.QuerySet[ChannelObservation], str]] = {}
        for name, fact in (("called", "name"), ("link", "invite")):
            found[name] = seen.filter(fact=fact).order_by("-at", "-pk"), "text"
        counted = seen.filter(fact="members").order_by("-at", "-pk")
        telling = seen.filter(fact__in=ChannelObservation.TELLING).in_order().reverse()
        found |= {"members": (counted, "members"), "members_at": (counted, "at"),
                  "last_fact": (telling, "fact"), "last_at": (telling, "at")}
        values: dict[str, Any] = {name: Subquery(rows.values(column)[:1]) for name, (rows, column) in found.items()}
        for name in ("called", "link", "last_fact"):
            values[name] = Coalesce(values[name], Value(""))
        shown = Q(observations__withdrawn_at=None)
        return self.annotate(**values, exhibit_count=models.Count("observations__exhibit", shown, distinct=True))


class Channel(Entry):
    """A group that hands out tasks, numbered C-001 in its case. Its name, links and members are observations."""

    called: str
    link: str
    last_fact: str

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="channels")
    number = models.PositiveIntegerField(help_text="C-001 within the case")
    platform = models.CharField(max_length=12, choices=Platform.choices)
    stable_id = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["number"]
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["case", "number"], name="one_channel_per_number"),
            models.UniqueConstraint(fields=["case", "platform", "stable_id"], name="one_channel_per_stable_id",
                                    condition=~Q(stable_id="") & Q(withdrawn_at=None)),
        ]

    @property
    def label(self) -> str:
        return f"C-{self.number:03d}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"channel/{self.case.ref}/{self.label}"

    @property
    def state(self) -> str:
        """What the last observation that tells it tells: deleted, there, or unknown. Nothing is inferred. Needs
        `with_life`."""
        return {"": "unknown", "deleted": "deleted"}.get(self.last_fact, "there")


class ChannelObservationQuerySet(EntryQuerySet):
    case_path = "channel__case"

    def in_order(self) -> Self:
        """By time. A deletion known only by its day counts as its end: what was seen on that day was seen before."""
        by_day = When(fact="deleted", at_resolution="day", then=F("at") + timedelta(days=1))
        return self.annotate(until=Case(by_day, default=F("at"))).order_by("until", "pk")


class ChannelObservation(Dated):
    """One fact of a channel, as an exhibit shows it at a time."""

    class Fact(models.TextChoices):
        FIRST_SEEN = "first_seen", _("First seen")
        CREATED = "created", _("Created")
        NAME = "name", _("Name")
        INVITE = "invite", _("Invite link")
        MEMBERS = "members", _("Members counted")
        ADMIN = "admin", _("Admin")
        DELETED = "deleted", _("Deleted")
        RECREATED = "recreated", _("Re-created as")

    # A link or another group's beginning says nothing of whether this one is there.
    TELLING = ("first_seen", "created", "name", "members", "admin", "deleted")
    until: datetime

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="observations")
    fact = models.CharField(max_length=10, choices=Fact.choices)
    text = models.CharField(max_length=500, blank=True, help_text="name, link or admin, as it was shown")
    spelled = models.CharField(max_length=500, blank=True, help_text="a link in one spelling")
    members = models.PositiveIntegerField(null=True)
    subject = models.ForeignKey("casework.Subject", on_delete=models.PROTECT, null=True, related_name="administers",
                                help_text="the admin, where it is a subject of the case")
    became = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True, related_name="came_from")
    exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, related_name="channel_observations")

    objects = ChannelObservationQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["at", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="observation_has_a_time", condition=Q(at__isnull=False)),
            models.CheckConstraint(name="observation_says_its_fact_and_no_other", condition=(
                Q(fact__in=["first_seen", "created", "deleted"], text="", members=None, subject=None, became=None)
                | (Q(fact__in=["name", "invite"], members=None, subject=None, became=None) & ~Q(text=""))
                | Q(fact="members", text="", members__isnull=False, subject=None, became=None)
                | Q(fact="admin", text="", members=None, subject__isnull=False, became=None)
                | (Q(fact="admin", members=None, subject=None, became=None) & ~Q(text=""))
                | (Q(fact="recreated", text="", members=None, subject=None, became__isnull=False)
                   & ~Q(became=F("channel"))))),
        ]
