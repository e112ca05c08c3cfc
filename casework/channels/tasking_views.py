"""Pages about taskings: those of a case, one, noting, editing and withdrawing it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.accounts import fields
from casework.cases.models import Case
from casework.channels import taskings as services
from casework.channels.models import Channel
from casework.channels.tasking_forms import EditForm, NoteForm
from casework.channels.tasking_models import Tasking
from casework.doors import attempt, fetch, login_required, page, posted, status_of

PER_PAGE = 100


@login_required
@require_GET
def taskings(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CHANNEL_READ, ref=ref)
    found = case.taskings.told().order_by("number")
    return page(request, "casework/channels/taskings.html", case, "channels", part="taskings",
                taskings=Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    channel: Channel = fetch(Channel.objects.select_related("case").with_life(), request.user, Action.CHANNEL_EDIT,
                             case__ref=ref, number=number)
    form = NoteForm(posted(request), case=channel.case, initial={"exhibits": request.GET.get("exhibit", "")})
    if form.is_valid():
        made = attempt(form, lambda: services.note(channel, **form.cleaned_data, by=request.user))
        if made:
            return redirect("channels:tasking", ref=ref, number=made.label)
    return _form(request, channel.case, form, channel=channel, title=_("Note a tasking"),
                 button=_("Note the tasking"), lead=_(
                     "A message that was handed out in the channel, as an exhibit shows it. Saying who handed it out "
                     "changes nobody's role."))


@login_required
@require_GET
def tasking(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _tasking(request, Action.CHANNEL_READ, ref, number)
    return page(request, "casework/channels/tasking.html", row.case, "channels", tasking=row,
                payments=row.payments.told().order_by("number"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _tasking(request, Action.CHANNEL_EDIT, ref, number)
    form = EditForm(posted(request), case=row.case, edition=services.edition(row))
    if form.is_valid() and attempt(form, lambda: services.edit(row, **form.cleaned_data, by=request.user)):
        return redirect("channels:tasking", ref=ref, number=number)
    return _form(request, row.case, form, entry=row, back="channels:tasking", title=_("Edit the tasking"),
                 button=_("Save"), lead=_("Earlier wording stays in the custody log."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _tasking(request, Action.CHANNEL_EDIT, ref, number)
    form = fields.ReasonForm(posted(request), case=row.case)
    if form.is_valid() and attempt(form, lambda: services.withdraw(row, **form.cleaned_data, by=request.user)):
        return redirect("channels:tasking", ref=ref, number=number)
    return _form(request, row.case, form, entry=row, back="channels:tasking", title=_("Withdraw the tasking"),
                 danger=True, button=_("Withdraw"),
                 lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


def _tasking(request: HttpRequest, action: Action, ref: str, number: int) -> Tasking:
    found: Tasking = fetch(Tasking.objects.select_related("case", "withdrawn_by").told(), request.user, action,
                           case__ref=ref, number=number)
    return found


def _form(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, "casework/channels/form.html", case, "channels", status_of(form), form=form, **context)
