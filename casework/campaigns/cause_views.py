"""Pages about the causes of a case."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.accounts import fields
from casework.campaigns import causes as services
from casework.campaigns.forms import CauseEditForm, CauseForm
from casework.campaigns.models import Cause
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of

PER_PAGE = 100


@login_required
@require_GET
def causes(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CAMPAIGN_READ, ref=ref)
    return page(request, "casework/campaigns/causes.html", case, "campaigns", part="causes",
                causes=Paginator(case.causes.told().order_by("number"), PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CAMPAIGN_EDIT, ref=ref)
    form = CauseForm(posted(request), case=case)
    if form.is_valid():
        made = attempt(form, lambda: services.name_cause(case, **form.cleaned_data, by=request.user))
        if made:
            return redirect("campaigns:cause", ref=ref, number=made.label)
    return _form(request, case, form, title=_("Name a cause"), button=_("Name the cause"), lead=_lead())


@login_required
@require_GET
def cause(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _cause(request, Action.CAMPAIGN_READ, ref, number)
    pushes = (row.pushes.standing().filter(campaign__withdrawn_at=None).select_related("campaign")
              .prefetch_related("exhibits").order_by("campaign__number"))
    return page(request, "casework/campaigns/cause.html", row.case, "campaigns", cause=row, pushes=pushes)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _cause(request, Action.CAMPAIGN_EDIT, ref, number)
    form = CauseEditForm(posted(request), case=row.case, cited=row.listing, edition=services.edition(row))
    if form.is_valid() and attempt(form, lambda: services.edit(row, **form.cleaned_data, by=request.user)):
        return redirect("campaigns:cause", ref=ref, number=number)
    return _form(request, row.case, form, cause=row, title=_("Edit the cause"), button=_("Save"), lead=_lead())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _cause(request, Action.CAMPAIGN_EDIT, ref, number)
    form = fields.ReasonForm(posted(request), case=row.case)
    if form.is_valid() and attempt(form, lambda: services.withdraw(row, **form.cleaned_data, by=request.user)):
        return redirect("campaigns:cause", ref=ref, number=number)
    return _form(request, row.case, form, cause=row, title=_("Withdraw the cause"), danger=True, button=_("Withdraw"),
                 lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


def _cause(request: HttpRequest, action: Action, ref: str, number: int) -> Cause:
    found: Cause = fetch(Cause.objects.told(), request.user, action, case__ref=ref, number=number)
    return found


def _lead() -> str:
    return _("What campaigns push, in the team's words. It hangs on campaigns alone: no account is named here, and "
             "none is found by it.")


def _form(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, "casework/campaigns/form.html", case, "campaigns", status_of(form), form=form, **context)
