"""Tasks and notes of a case. Neither is deleted: a task is finished or dropped, a note is withdrawn with a reason."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.accounts.dated import Entry, EntryQuerySet
from casework.cases.models import Membership
from casework.worklist.about import LONGEST, url


class Beside(models.Model):
    """A row about a thing of its case, or about the case as a whole."""

    case: Any
    about = models.CharField(max_length=LONGEST, blank=True, help_text="a label of the case; empty: the whole of it")

    class Meta:
        abstract = True

    @property
    def about_url(self) -> str:
        return url(self.case.ref, self.about)


class TaskQuerySet(CaseScoped):
    def told(self) -> Self:
        """With whom they are for, and in `is_there` whether that person still works on the case."""
        there = Membership.objects.filter(case=models.OuterRef("case"), user=models.OuterRef("assignee"), ended_at=None,
                                          user__is_active=True)
        return self.select_related("case", "assignee", "made_by", "ended_by").annotate(is_there=models.Exists(there))


class Task(Beside):
    """Something to be done, numbered W-001 in its case: about what, for whom, until which day."""

    is_there: bool

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveIntegerField(help_text="W-001 within the case")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True, help_text="what came of it, or why it was dropped")

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["assignee"], condition=Q(state="open"), name="task_open_for")]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_task_per_number"),
            models.CheckConstraint(name="task_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="task_ended_by_somebody",
                condition=Q(state="open", ended_by=None, ended_at=None, outcome="")
                | Q(state="done", ended_by__isnull=False, ended_at__isnull=False)
                | Q(state="dropped", ended_by__isnull=False, ended_at__isnull=False) & ~Q(outcome="")),
        ]

    @property
    def label(self) -> str:
        return f"W-{self.number:03d}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"task/{self.case.ref}/{self.label}"

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < today()


class NoteQuerySet(EntryQuerySet):
    def told(self) -> Self:
        return self.select_related("case", "recorded_by", "withdrawn_by").prefetch_related(
            models.Prefetch("mentions", Mention.objects.select_related("person").order_by("pk")))


class Note(Beside, Entry):
    """What somebody wrote beside a thing of the case, or about the case as a whole. It is not edited."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()

    objects = NoteQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["case", "about"], name="note_about")]
        constraints = [*Entry.Meta.constraints, models.CheckConstraint(name="note_has_a_text", condition=~Q(text=""))]

    @property
    def word(self) -> str:
        return f"note/{self.case.ref}/{self.pk}"


class MentionQuerySet(CaseScoped):
    case_path = "note__case"

    def waiting_for(self, user: Any) -> Self:
        """Those that this person was told of and has not yet put away, in notes that stand."""
        return self.filter(person=user, seen_at=None, note__withdrawn_at=None)


class Mention(models.Model):
    """Somebody who was told of a note; it waits for them until they say that they saw it."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(null=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "person"], name="one_mention_of_each")]


def today() -> date:
    return timezone.now().date()
