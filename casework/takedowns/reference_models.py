"""What is known of platforms, as rows: by which routes one reports to them, and on which of their policies.

Every wording is a row that is never changed: of the rows with one key the newest stands, the others are its history."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.exhibits.platforms import Platform

ABOUT = ("name", "address", "note", "platforms")


class ReferenceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """They belong to no case: everybody who signs in reads them."""
        return self.all() if getattr(user, "is_active", False) else self.none()

    def newest(self) -> Self:
        """Of each key the wording that stands, also where it is out of use."""
        return self.filter(~Exists(self.model.objects.filter(key=OuterRef("key"), edition__gt=OuterRef("edition"))))

    def standing(self) -> Self:
        return self.newest().filter(in_use=True)


class Reference(models.Model):
    """One wording of one thing that is known of platforms. `sources` says of each fact in `SOURCED` where it was read
    and when: `[{"field": "address", "url": "https://…", "read_on": "2026-11-28"}]`. A fact that has none there is
    unverified. Without `recorded_by` it came with the software, in the shipped file of that `issue`."""

    SOURCED: ClassVar[tuple[str, ...]]
    FACTS: ClassVar[tuple[str, ...]]

    key = models.SlugField(max_length=60)
    edition = models.PositiveIntegerField(help_text="1 for the first wording under this key")
    platforms = ArrayField(models.CharField(max_length=12, choices=Platform.choices))
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    sources = models.JSONField(default=list)
    in_use = models.BooleanField(default=True)
    reason = models.TextField(blank=True, help_text="why this wording took the place of the one before")
    issue = models.PositiveIntegerField(null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["key", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["key", "edition"], name="%(class)s_one_row_per_edition"),
            models.CheckConstraint(name="%(class)s_is_something",
                                   condition=Q(edition__gte=1, platforms__len__gte=1) & ~Q(name="") & ~Q(key="")),
            models.CheckConstraint(name="%(class)s_by_a_person_or_an_issue",
                                   condition=Q(recorded_by=None, issue__isnull=False)
                                   | Q(recorded_by__isnull=False, issue=None)),
            models.CheckConstraint(name="%(class)s_changed_for_a_reason",
                                   condition=Q(edition=1) | Q(recorded_by=None) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.named_platforms)}: {self.name}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"{self._meta.model_name}/{self.key}"

    @property
    def words(self) -> dict[str, Any]:
        """All that is said here, as plain data."""
        return {name: getattr(self, name) for name in (*ABOUT, *self.FACTS, "sources")}

    @property
    def named_platforms(self) -> list[str]:
        return [str(Platform(one).label) for one in self.platforms]

    def source_of(self, field: str) -> dict[str, str] | None:
        """Where that fact was read; None: it is unverified."""
        return next((one for one in self.sources if one["field"] == field), None)

    @property
    def unverified(self) -> list[str]:
        return [field for field in self.SOURCED if not self.source_of(field)]


class Policy(Reference):
    """A rule of a platform by the name that the platform gives it, and the kinds of finding that it fits."""

    SOURCED = ("name", "address", "wording", "fits")
    FACTS = ("wording", "fits")

    class Fit(models.TextChoices):
        """What a finding shows, never what anybody says."""

        COORDINATION = "coordination", _("Coordination")
        INAUTHENTICITY = "inauthenticity", _("Inauthenticity")
        IMPERSONATION = "impersonation", _("Impersonation")
        PAYMENT = "payment", _("Payment")
        DIRECTION = "direction", _("Direction")
        HARM = "harm", _("Harm")

    wording = models.TextField(blank=True, help_text="the platform's own words")
    fits = ArrayField(models.CharField(max_length=14, choices=Fit.choices), default=list)

    @property
    def read_on(self) -> date | None:
        """When somebody read the rule under this name; None: nobody has."""
        source = self.source_of("name")
        return date.fromisoformat(source["read_on"]) if source else None

    @property
    def suited(self) -> list[str]:
        return [str(self.Fit(one).label) for one in self.fits]


class Route(Reference):
    """A way to report to a platform: where, with which fields and limits, for whom, and how soon it says it answers."""

    SOURCED = ("kind", "address", "wants", "most_urls", "used_by", "not_where", "languages", "answer")
    FACTS = ("kind", "wants", "most_urls", "used_by", "not_where", "languages", "answer_unit", "answer_within")

    class Kind(models.TextChoices):
        FORM = "form", _("Web form")
        MAIL = "mail", _("Mail")
        PORTAL = "portal", _("Portal for law enforcement")
        PARTNER = "partner", _("API for partners")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        WORKING_DAYS = "working_days", _("working days")
        NONE = "none", _("It states no time")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    wants = models.JSONField(default=list, help_text="fields of the form: [{name, most (characters), required}]")
    most_urls = models.PositiveIntegerField(null=True, help_text="addresses that one notice may name")
    used_by = models.TextField(blank=True, help_text="who may use it")
    not_where = models.TextField(blank=True, help_text="where, or for whom, it may not be used")
    languages = ArrayField(models.CharField(max_length=5), default=list)
    answer_unit = models.CharField(max_length=12, choices=Unit.choices, blank=True)
    answer_within = models.PositiveIntegerField(null=True)

    class Meta(Reference.Meta):
        constraints = [
            *Reference.Meta.constraints,
            models.CheckConstraint(name="route_kind_known",
                                   condition=Q(kind__in=["form", "mail", "portal", "partner"])),
            models.CheckConstraint(name="route_answer_has_its_unit",
                                   condition=Q(answer_unit__in=["days", "working_days"], answer_within__isnull=False,
                                               answer_within__gte=1)
                                   | Q(answer_unit__in=["", "none"], answer_within=None)),
        ]
