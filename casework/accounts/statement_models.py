"""What is said of a subject in its case: what it poses as, where it is run from, and what speaks for and against it.

A statement is never changed: the newest one stands, and those before it stay as its history."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.accounts.dated import Entry, EntryQuerySet
from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject


class StatementQuerySet(CaseScoped):
    case_path = "subject__case"

    def told(self) -> Self:
        """Newest first, with all that a page or a call says of each."""
        return self.select_related("stated_by").prefetch_related("exhibits").order_by("-pk")


class Statement(models.Model):
    """On what it stands, by whom and when."""

    basis = models.TextField(blank=True, help_text="what shows it")
    exhibits = models.ManyToManyField("casework.Exhibit", related_name="+")
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    objects = StatementQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]


class PersonaStatement(Statement):
    """What a subject poses as, with what shows it."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="personas")
    persona = models.CharField(max_length=10, choices=Subject.Persona.choices)

    class Meta(Statement.Meta):
        constraints = [
            models.CheckConstraint(name="persona_says_what_shows_it", condition=Q(persona="none") | (
                Q(persona__in=["woman", "news", "place", "official", "other"]) & ~Q(basis=""))),
        ]


class LocationAssessment(Statement):
    """Where a subject is run from, how likely that is, and on what that stands. Without a place: none is assessed."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="locations")
    place = models.CharField(max_length=200, blank=True)
    likelihood = models.CharField(max_length=20, choices=Likelihood.choices, blank=True)

    class Meta(Statement.Meta):
        constraints = [
            models.CheckConstraint(name="location_has_a_likelihood_and_a_basis", condition=~Q(basis="") & (
                Q(place="", likelihood="") | (~Q(place="") & Q(likelihood__in=Likelihood.values)))),
        ]


class SubjectNoteQuerySet(EntryQuerySet):
    case_path = "subject__case"

    def told(self) -> Self:
        return self.select_related("recorded_by", "withdrawn_by").prefetch_related("exhibits").order_by("pk")


class SubjectNote(Entry):
    """One thing that speaks for or against a subject. What speaks against it cites exhibits."""

    class Bearing(models.TextChoices):
        FOR = "for", _("In its favour")
        AGAINST = "against", _("Against it")

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="notes")
    bearing = models.CharField(max_length=7, choices=Bearing.choices)
    text = models.TextField()
    exhibits = models.ManyToManyField("casework.Exhibit", related_name="+")

    objects = SubjectNoteQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["pk"]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(name="note_says_which_way_it_bears",
                                   condition=Q(bearing__in=["for", "against"]) & ~Q(text="")),
        ]
