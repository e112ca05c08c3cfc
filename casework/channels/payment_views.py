"""Pages about payments: those of a case with their totals, one, noting, editing and withdrawing it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.accounts import fields
from casework.cases.models import Case
from casework.channels import payments as services
from casework.channels.payment_forms import EditForm, NoteForm
from casework.channels.payment_models import Payment
from casework.doors import attempt, fetch, login_required, page, posted, status_of

PER_PAGE = 100


@login_required
@require_GET
def payments(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CHANNEL_READ, ref=ref)
    found = case.payments.told().order_by("number")
    return page(request, "casework/channels/payments.html", case, "channels", part="payments",
                totals=case.payments.totals(), payments=Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, ref: str) -> HttpResponse:
    """`?tasking=K-001` and `?exhibit=E-001` stand in the form."""
    case = fetch(Case.objects, request.user, Action.CHANNEL_EDIT, ref=ref)
    form = NoteForm(posted(request), case=case, initial={"taskings": request.GET.get("tasking", ""),
                                                         "exhibits": request.GET.get("exhibit", "")})
    if form.is_valid():
        made = attempt(form, lambda: services.note(case, **form.cleaned_data, by=request.user))
        if made:
            return redirect("channels:payment", ref=ref, number=made.label)
    return _form(request, case, form, back_to="channels:payments", title=_("Note a payment"),
                 button=_("Note the payment"),
                 lead=_("What exhibits show of it. Naming somebody payer or payee changes nobody's role."))


@login_required
@require_GET
def payment(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _payment(request, Action.CHANNEL_READ, ref, number)
    return page(request, "casework/channels/payment.html", row.case, "channels", payment=row)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _payment(request, Action.CHANNEL_EDIT, ref, number)
    form = EditForm(posted(request), case=row.case, edition=services.edition(row))
    if form.is_valid() and attempt(form, lambda: services.edit(row, **form.cleaned_data, by=request.user)):
        return redirect("channels:payment", ref=ref, number=number)
    return _form(request, row.case, form, entry=row, back="channels:payment", title=_("Edit the payment"),
                 button=_("Save"), lead=_("Earlier wording stays in the custody log."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    row = _payment(request, Action.CHANNEL_EDIT, ref, number)
    form = fields.ReasonForm(posted(request), case=row.case)
    if form.is_valid() and attempt(form, lambda: services.withdraw(row, **form.cleaned_data, by=request.user)):
        return redirect("channels:payment", ref=ref, number=number)
    return _form(request, row.case, form, entry=row, back="channels:payment", title=_("Withdraw the payment"),
                 danger=True, button=_("Withdraw"),
                 lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


def _payment(request: HttpRequest, action: Action, ref: str, number: int) -> Payment:
    found: Payment = fetch(Payment.objects.select_related("case", "withdrawn_by").told(), request.user, action,
                           case__ref=ref, number=number)
    return found


def _form(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, "casework/channels/form.html", case, "channels", status_of(form), form=form, **context)
