"""Pages about how long a case is kept: its time, its legal holds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.cases import keeping
from casework.cases.forms import HoldForm, ReasonForm, RetentionForm
from casework.cases.models import Case, Hold
from casework.doors import attempt, fetch, login_required, page, posted, status_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_GET
def keep(request: HttpRequest, ref: str) -> HttpResponse:
    """How long, and what holds it."""
    case = fetch(Case.objects, request.user, Action.CASE_READ, ref=ref)
    holds = case.holds.select_related("placed_by", "lifted_by").order_by("-placed_at")
    return page(request, "casework/cases/keep.html", case, "custody", holds=holds,
                held=any(hold.lifted_at is None for hold in holds))


@login_required
@require_http_methods(FORM_METHODS)
def retention(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CASE_KEEP, ref=ref)
    form = RetentionForm(posted(request), edition=keeping.edition(case))
    if form.is_valid() and attempt(form, lambda: keeping.set_retention(case, **form.cleaned_data, by=request.user)):
        return redirect("cases:keep", ref)
    return _form(request, case, form, _("How long this case is kept"), _("Set"))


@login_required
@require_http_methods(FORM_METHODS)
def place_hold(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CASE_KEEP, ref=ref)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(form, lambda: keeping.place_hold(case, **form.cleaned_data, by=request.user)):
        messages.success(request, _("The hold stands. Nothing of this case is disposed of while it does."))
        return redirect("cases:keep", ref)
    return _form(request, case, form, _("Place a legal hold"), _("Place the hold"))


@login_required
@require_http_methods(FORM_METHODS)
def lift_hold(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    hold = fetch(Hold.objects.select_related("case"), request.user, Action.CASE_KEEP, case__ref=ref, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(form, lambda: keeping.lift_hold(hold, **form.cleaned_data, by=request.user)):
        return redirect("cases:keep", ref)
    return _form(request, hold.case, form, _("Lift the legal hold"), _("Lift the hold"), hold=hold)


def _form(request: HttpRequest, case: Case, form: HoldForm | ReasonForm | RetentionForm, heading: str, button: str,
          hold: Hold | None = None) -> HttpResponse:
    return page(request, "casework/cases/keep_form.html", case, "custody", status_of(form), form=form,
                heading=heading, button=button, hold=hold)
