"""Pages about tasks: the table, one of them, and the steps of its life."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.access import Action
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.lifecycle import verbs_from
from casework.worklist import services, states
from casework.worklist.forms import DropForm, EditForm, FinishForm, TaskForm
from casework.worklist.models import Task

TAB = "tasks"
PER_PAGE = 100
FORM = "casework/worklist/form.html"
FORM_METHODS = ["GET", "HEAD", "POST"]
WAYS = {"open": gettext_lazy("Open"), "mine": gettext_lazy("Mine"), "ended": gettext_lazy("Ended")}


@login_required
@require_GET
def tasks(request: HttpRequest, ref: str) -> HttpResponse:
    """Open ones with what is due first; those of the person who asks; or those that ended, the last first."""
    case = fetch(Case.objects, request.user, Action.TASK_READ, ref=ref)
    shown = request.GET.get("show", "open")
    shown = shown if shown in services.SHOWN else "open"
    found = services.shown(case, shown, by=request.user)
    return page(request, "casework/worklist/list.html", case, TAB, part="tasks", shown=shown, ways=WAYS.items(),
                tasks=Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_http_methods(FORM_METHODS)
def make(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.TASK_EDIT, ref=ref)
    form = TaskForm(posted(request), case=case, initial={"about": request.GET.get("about", "")})
    if form.is_valid() and (made := attempt(form, lambda: services.make(case, **form.cleaned_data, by=request.user))):
        return redirect("worklist:task", ref, made.label)
    return _form(request, case, form, title=_("Set a task"), button=_("Set it"))


@login_required
@require_GET
def task(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _task(request, Action.TASK_READ, ref, number)
    return page(request, "casework/worklist/task.html", found.case, TAB, task=found,
                verbs=verbs_from(states.TASK, found.state))


@login_required
@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _task(request, Action.TASK_EDIT, ref, number)
    form = EditForm(posted(request), case=found.case, kept=found.assignee_id, edition=services.edition(found))
    if form.is_valid() and attempt(form, lambda: services.edit(found, **form.cleaned_data, by=request.user)):
        return redirect("worklist:task", ref, found.label)
    return _form(request, found.case, form, task=found, title=_("Edit the task"), button=_("Save"),
                 lead=_("Earlier wording stays in the custody log."))


@login_required
@require_http_methods(FORM_METHODS)
def finish(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _task(request, Action.TASK_EDIT, ref, number)
    form = FinishForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.finish(found, **form.cleaned_data, by=request.user)):
        return redirect("worklist:task", ref, found.label)
    return _form(request, found.case, form, task=found, title=_("Finish the task"), button=_("It is done"))


@login_required
@require_http_methods(FORM_METHODS)
def drop(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _task(request, Action.TASK_EDIT, ref, number)
    form = DropForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.drop(found, **form.cleaned_data, by=request.user)):
        return redirect("worklist:task", ref, found.label)
    return _form(request, found.case, form, task=found, title=_("Drop the task"), button=_("Drop it"),
                 lead=_("For one that will not be done. It stays visible, with the reason."))


@login_required
@require_POST
def reopen(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _task(request, Action.TASK_EDIT, ref, number)
    services.reopen(found, by=request.user)
    return redirect("worklist:task", ref, found.label)


def _task(request: HttpRequest, action: Action, ref: str, number: int) -> Task:
    found: Task = fetch(Task.objects.told(), request.user, action, case__ref=ref, number=number)
    return found


def _form(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, FORM, case, TAB, status_of(form), form=form, **context)
