"""Set tasks, change, finish, drop and reopen them. The log has each step and the words as they were."""

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import editions, lifecycle
from casework.access import MAY, Action, require
from casework.accounts.words import cleaned, together
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.people.models import User
from casework.record import Act, record
from casework.worklist import about as things
from casework.worklist import states
from casework.worklist.models import Task, today

LENGTHS = {"title": 200, "text": 4000, "outcome": 2000}
FARTHEST = date(2100, 1, 1)
SHOWN = ("open", "mine", "ended")
ENDED = ("state", "ended_by", "ended_at", "outcome")


def people(case: Case) -> Any:
    """Who may be given a task or told of a note: those who work on the case now, in a role that reads both."""
    roles = [role for role, actions in MAY.items() if Action.TASK_READ in actions]
    working = case.memberships.filter(ended_at=None, role__in=roles).values("user")
    return User.objects.filter(pk__in=working, is_active=True).order_by("display_name", "pk")


def shown(case: Case, which: str, *, by: Any) -> Any:
    """`open` tasks, those of them that are for `by` (`mine`), what is due first; or those that `ended`, the last
    first."""
    rows = case.tasks.told()
    if which == "ended":
        return rows.exclude(state=Task.State.OPEN).order_by("-ended_at", "-pk")
    found = rows.filter(state=Task.State.OPEN).order_by(F("due_on").asc(nulls_last=True), "number")
    return found.filter(assignee=by) if which == "mine" else found


@transaction.atomic
def make(case: Case, *, title: str, text: str = "", about: str = "", assignee: User | None = None,
         due_on: date | None = None, by: Any) -> Task:
    """A new task. Raises ValidationError that names all that is wrong."""
    case = require_open(case)
    require(by, Action.TASK_EDIT, case)
    columns = _checked(case, title, text, about, assignee, due_on, None)
    number = (case.tasks.aggregate(last=Max("number"))["last"] or 0) + 1
    task = Task.objects.create(case=case, number=number, made_by=by, made_at=timezone.now(), **columns)
    record(Act.TASK_MADE, by=by, subject=task.word, context=f"case/{case.ref}", **_words(task))
    return task


@transaction.atomic
def edit(task: Task, *, title: str, text: str = "", about: str = "", assignee: User | None = None,
         due_on: date | None = None, made_from: Collection[str] | None = None, by: Any) -> Task:
    """Replace what is said of it while it is open."""
    task, _move = _locked(task, "edit", by)
    editions.require(made_from, partial(edition, task))
    columns = _checked(task.case, title, text, about, assignee, due_on, task)
    for name, value in columns.items():
        setattr(task, name, value)
    task.save(update_fields=list(columns))
    record(Act.TASK_EDITED, by=by, subject=task.word, context=f"case/{task.case.ref}", **_words(task))
    return task


@transaction.atomic
def finish(task: Task, *, outcome: str = "", by: Any) -> Task:
    """It is done; `outcome` says what came of it."""
    task, move = _locked(task, "finish", by)
    _end(task, move.target, cleaned({"outcome": outcome}, optional=["outcome"], most=LENGTHS)["outcome"], by)
    record(Act.TASK_FINISHED, by=by, subject=task.word, context=f"case/{task.case.ref}", outcome=task.outcome)
    return task


@transaction.atomic
def drop(task: Task, *, outcome: str, by: Any) -> Task:
    """It will not be done; `outcome` says why."""
    task, move = _locked(task, "drop", by)
    _end(task, move.target, cleaned({"outcome": outcome}, most=LENGTHS)["outcome"], by)
    record(Act.TASK_DROPPED, by=by, subject=task.word, context=f"case/{task.case.ref}", reason=task.outcome)
    return task


@transaction.atomic
def reopen(task: Task, *, by: Any) -> Task:
    """It is to be done after all. What came of it before stays in the custody log."""
    task, move = _locked(task, "reopen", by)
    task.state, task.ended_by, task.ended_at, task.outcome = move.target, None, None, ""
    task.save(update_fields=ENDED)
    record(Act.TASK_REOPENED, by=by, subject=task.word, context=f"case/{task.case.ref}")
    return task


def edition(task: Task) -> editions.Edition:
    """What of a task is edited."""
    return editions.Edition(_words(task), task.word, (Act.TASK_EDITED, Act.TASK_MADE))


def _words(task: Task) -> dict[str, Any]:
    return {"title": task.title, "text": task.text, "about": task.about,
            "assignee": str(task.assignee_id) if task.assignee_id else "",
            "due_on": task.due_on.isoformat() if task.due_on else ""}


def _locked(task: Task, verb: str, by: Any) -> tuple[Task, lifecycle.Move]:
    case = require_open(task.case)
    require(by, states.TASK[verb].action, case)
    locked: Task = case.tasks.select_for_update(of=("self",)).get(pk=task.pk)
    return locked, lifecycle.move(states.TASK, locked.state, verb)


def _end(task: Task, state: str, outcome: str, by: Any) -> None:
    task.state, task.ended_by, task.ended_at, task.outcome = state, by, timezone.now(), outcome
    task.save(update_fields=ENDED)


def _checked(case: Case, title: str, text: str, about: str, assignee: User | None, due_on: date | None,
             was: Task | None) -> dict[str, Any]:
    """The columns for what somebody typed. Who had the task before and the day that it had may stay as they were."""
    columns: dict[str, Any] = together(
        lambda: cleaned({"title": title, "text": text}, optional=["text"], most=LENGTHS)
        | {"about": things.chosen(case, about), "assignee": assignee, "due_on": due_on},
        lambda: _require_there(case, assignee, was), lambda: _require_to_come(due_on, was))
    return columns


def _require_there(case: Case, assignee: User | None, was: Task | None) -> None:
    if assignee is None or was is not None and was.assignee_id == assignee.pk:
        return
    if not people(case).filter(pk=assignee.pk).exists():
        raise ValidationError({"assignee": _("Choose somebody who works on this case.")})


def _require_to_come(due_on: date | None, was: Task | None) -> None:
    if due_on is None or was is not None and was.due_on == due_on:
        return
    if due_on < today():
        raise ValidationError({"due_on": _("This day is over.")})
    if due_on >= FARTHEST:
        raise ValidationError({"due_on": _("This day is too far away.")})
