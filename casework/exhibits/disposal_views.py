"""Pages: propose to dispose of exhibits, and decide about what another person proposed."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted
from casework.exhibits import disposals, words
from casework.exhibits.disposals import Ground, Proposal
from casework.exhibits.forms import DisposeForm, ReasonForm
from evidence.backup import holding

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def listed(request: HttpRequest, ref: str) -> HttpResponse:
    """What was proposed and decided in this case."""
    case = _case(request, ref)
    return page(request, "casework/exhibits/disposals.html", case, "custody", proposals=disposals.proposals(case))


@login_required
@require_http_methods(FORM_METHODS)
def dispose(request: HttpRequest, ref: str) -> HttpResponse:
    """Propose it; `?exhibit=E-007` fills in the first."""
    case = _case(request, ref)
    form = DisposeForm(posted(request), initial={"exhibits": request.GET.get("exhibit", "")[:20]})
    if form.is_valid():
        made = attempt(form, lambda: disposals.propose(case, **form.cleaned_data, by=request.user))
        if made:
            messages.success(request, _("A second person is asked. Nothing is disposed of before they agree."))
            return redirect("exhibits:disposal", ref, made.id)
    return page(request, "casework/exhibits/dispose.html", case, "custody", 422 if form.errors else 200, form=form)


@login_required
@require_safe
def disposal(request: HttpRequest, ref: str, proposal: UUID) -> HttpResponse:
    """What is proposed, by whom and why; afterwards what became of the bytes."""
    return _decision(request, disposals.proposal(_case(request, ref), proposal), None)


@login_required
@require_http_methods(FORM_METHODS)
@reauthentication_required(allow_get=True)
def approve(request: HttpRequest, ref: str, proposal: UUID) -> HttpResponse:
    case = _case(request, ref)
    found = disposals.proposal(case, proposal)
    if request.method == "POST":
        disposals.approve(case, proposal, by=request.user)
        messages.success(request, _("It is decided. The bytes are being taken out; the log keeps who decided and why."))
        return redirect("exhibits:disposal", ref, proposal)
    return _decision(request, found, None, verb="approve")


@login_required
@require_http_methods(FORM_METHODS)
def send_back(request: HttpRequest, ref: str, proposal: UUID) -> HttpResponse:
    case = _case(request, ref)
    found = disposals.proposal(case, proposal)
    form = ReasonForm(posted(request))
    if form.is_valid() and attempt(form, lambda: disposals.send_back(case, proposal, **form.cleaned_data,
                                                                     by=request.user)):
        return redirect("exhibits:disposal", ref, proposal)
    return _decision(request, found, form, verb="send_back")


def _case(request: HttpRequest, ref: str) -> Case:
    case: Case = fetch(Case.objects, request.user, Action.EXHIBIT_DISPOSE, ref=ref)
    return case


def _decision(request: HttpRequest, found: Proposal, form: Any, verb: str = "") -> HttpResponse:
    shown = [(row, [(words.PLACES[one.place], words.REMOVALS["held" if one.held and one.state == "pending"
                                                            else one.state], one)
                    for one in removals]) for row, removals in disposals.shown(found)]
    mine = found.approval.proposed_by_id == request.user.pk
    return page(request, "casework/exhibits/disposal.html", found.case, "custody", 422 if form and form.errors else 200,
                proposal=found, ground=Ground(found.ground).label, shown=shown, form=form, verb=verb, mine=mine,
                backups=holding.holding_any(row.item.blob for row, _removals in shown),
                held=found.case.holds.filter(lifted_at=None).exists())
