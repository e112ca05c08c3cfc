"""Findings: what the team claims, on which exhibits, how sure, and what speaks against it."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.accounts.likelihood import Likelihood


class FindingQuerySet(CaseScoped):
    def told(self) -> Self:
        """Adds, by the same query, its other explanations (`others`: each a `hypothesis` and `why`) and the numbers of
        its techniques (`tagged`), both in their order."""
        mine = models.Q(finding=models.OuterRef("pk"))
        others = Alternative.objects.filter(mine).order_by("position")
        tags = Tag.objects.filter(mine).order_by("technique")
        return self.annotate(others=ArraySubquery(others.values(one=JSONObject(hypothesis="hypothesis", why="why"))),
                             tagged=ArraySubquery(tags.values("technique")))


class Finding(models.Model):
    """A claim of exactly one kind: synchrony is not deception, and payment is neither direction nor harm."""

    class Kind(models.TextChoices):
        COORDINATION = "coordination", _("Coordination")
        INAUTHENTICITY = "inauthenticity", _("Inauthenticity")
        PAYMENT = "payment", _("Payment")
        DIRECTION = "direction", _("Direction")
        HARM = "harm", _("Harm")

    class Confidence(models.TextChoices):
        """ICD-203: how good the basis of the judgement is, which is another question than how likely the claim is."""

        LOW = "low", _("low")
        MODERATE = "moderate", _("moderate")
        HIGH = "high", _("high")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        REVIEWED = "reviewed", _("Reviewed")
        RETURNED = "returned", _("Returned")

    others: list[dict[str, str]]
    tagged: list[str]

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(_("Title"), max_length=200)
    claim = models.TextField(_("Claim"))
    method = models.TextField(_("Method"))
    likelihood = models.CharField(_("Likelihood"), max_length=20, choices=Likelihood.choices)
    confidence = models.CharField(_("Confidence"), max_length=8, choices=Confidence.choices, blank=True,
                                  help_text="empty where it was written before this was asked")
    against = models.TextField(_("What speaks against it"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="the number of the wording that stands")
    subjects = models.ManyToManyField("casework.Subject", related_name="findings")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_finding_per_number"),
            models.CheckConstraint(name="reviewed_by_another_person",
                                   condition=~models.Q(state="reviewed")
                                   | (models.Q(reviewer__isnull=False, reviewed_at__isnull=False)
                                      & ~models.Q(reviewer=models.F("author")))),
            models.CheckConstraint(name="finding_state_known",
                                   condition=models.Q(state__in=["draft", "in_review", "reviewed", "returned"])),
            models.CheckConstraint(name="finding_says_what_speaks_against_it", condition=~models.Q(against="")),
            models.CheckConstraint(name="finding_words_known", condition=models.Q(
                kind__in=["coordination", "inauthenticity", "payment", "direction", "harm"],
                likelihood__in=["almost_no_chance", "very_unlikely", "unlikely", "even", "likely", "very_likely",
                                "almost_certain"],
                confidence__in=["", "low", "moderate", "high"])),
        ]

    @property
    def label(self) -> str:
        return f"F-{self.number:03d}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"finding/{self.case.ref}/{self.label}"


class PartQuerySet(CaseScoped):
    """Rows that belong to a finding."""

    case_path = "finding__case"


class Citation(models.Model):
    """An exhibit that a finding stands on, or that speaks against it: what it shows, and the Admiralty code of it.

    The letter is for the source of the exhibit and the number for what it says; each is judged by itself. Empty: not
    judged yet, which is not the same as F or 6."""

    class Bearing(models.TextChoices):
        FOR = "for", _("For")
        AGAINST = "against", _("Against")

    class Reliability(models.TextChoices):
        A = "A", _("A: completely reliable")
        B = "B", _("B: usually reliable")
        C = "C", _("C: fairly reliable")
        D = "D", _("D: not usually reliable")
        E = "E", _("E: unreliable")
        F = "F", _("F: reliability cannot be judged")

    class Credibility(models.TextChoices):
        CONFIRMED = "1", _("1: confirmed by other sources")
        PROBABLE = "2", _("2: probably true")
        POSSIBLE = "3", _("3: possibly true")
        DOUBTFUL = "4", _("4: doubtful")
        IMPROBABLE = "5", _("5: improbable")
        UNKNOWN = "6", _("6: truth cannot be judged")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="citations")
    exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, related_name="citations")
    bearing = models.CharField(max_length=7, choices=Bearing.choices)
    note = models.TextField(blank=True, help_text="what it shows")
    reliability = models.CharField(max_length=1, choices=Reliability.choices, blank=True)
    credibility = models.CharField(max_length=1, choices=Credibility.choices, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "exhibit"], name="exhibit_cited_once"),
            models.CheckConstraint(name="citation_words_known", condition=models.Q(
                bearing__in=["for", "against"], reliability__in=["", "A", "B", "C", "D", "E", "F"],
                credibility__in=["", "1", "2", "3", "4", "5", "6"]))]

    @property
    def is_judged(self) -> bool:
        return bool(self.reliability and self.credibility)


class Alternative(models.Model):
    """Another explanation of the same exhibits, and why it is less likely."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="alternatives")
    position = models.PositiveSmallIntegerField(help_text="from 1, in the order in which they were written")
    hypothesis = models.TextField()
    why = models.TextField(blank=True, help_text="why it is less likely; empty where it was written before this was "
                           "asked")

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "position"], name="one_alternative_per_position"),
            models.CheckConstraint(name="alternative_says_what", condition=~models.Q(hypothesis="")),
        ]


class Tag(models.Model):
    """A technique of DISARM Red, by its number: how it was done."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="tags")
    technique = models.CharField(max_length=9, help_text="T0049 or T0049.005")

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["technique"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "technique"], name="technique_tagged_once"),
            models.CheckConstraint(name="tag_is_a_number",
                                   condition=models.Q(technique__regex=r"^T[0-9]{4}([.][0-9]{3})?$")),
        ]


class Revision(models.Model):
    """One wording that a finding had, from 1. Its words are those of the event; the row is written once."""

    decision: str | None

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="what a review of it binds")
    event_id = models.UUIDField(unique=True, help_text="the event that holds its words")

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "number"], name="one_revision_per_number"),
            models.CheckConstraint(name="revision_is_bound",
                                   condition=models.Q(number__gte=1, digest__regex="^[0-9a-f]{64}$")),
        ]
