"""Pages: choose what to erase, and decide about what another person chose."""

import re
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import Action
from casework.addresses import ExhibitLabel
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page
from casework.exhibits import erasures, receipts
from casework.exhibits.erasures import Proposal
from casework.exhibits.forms import EraseForm, ReasonForm
from casework.exhibits.models import Exhibit
from casework.sentences import sentence
from casework.templatetags.house import ltr, utc
from evidence.custody.history import Entry

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM_METHODS)
def erase(request: HttpRequest, ref: str) -> HttpResponse:
    """Propose it: events of one exhibit (`?exhibit=E-007`), or of a page of the case's custody (`?before=`)."""
    case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
    entries = _choosable(request, case)
    form = EraseForm(request.POST if request.method == "POST" else None, choices=[
        (str(entry.event_id), format_html("{} {} {}", utc(entry.at), ltr(entry.index), sentence(entry)))
        for entry in entries])
    if form.is_valid():
        chosen = [UUID(one) for one in form.cleaned_data["events"]]
        made = attempt(form, lambda: erasures.propose(
            case, events=chosen, reason=form.cleaned_data["reason"], basis=form.cleaned_data["basis"],
            by=request.user))
        if made:
            messages.success(request, _("A second person is asked. Nothing is erased before they agree."))
            return redirect("exhibits:erasure", ref, made.id)
    return page(request, "casework/exhibits/erase.html", case, "custody", 422 if form.errors else 200, form=form,
                exhibit=request.GET.get("exhibit", ""), choosable=len(entries))


@login_required
@require_safe
def erasure(request: HttpRequest, ref: str, proposal: UUID) -> HttpResponse:
    """What is proposed, by whom and why; the way to a decision."""
    case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
    return _decision(request, erasures.proposal(case, proposal), None)


@login_required
@require_http_methods(FORM_METHODS)
@reauthentication_required(allow_get=True)
def approve(request: HttpRequest, ref: str, proposal: UUID) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
    found = erasures.proposal(case, proposal)
    if request.method == "POST":
        erasures.approve(case, proposal, by=request.user)
        messages.success(request, _("It is erased. The log keeps that it was, by whom and why."))
        return redirect("exhibits:erasure", ref, proposal)
    return _decision(request, found, None, verb="approve")


@login_required
@require_http_methods(FORM_METHODS)
def send_back(request: HttpRequest, ref: str, proposal: UUID) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
    found = erasures.proposal(case, proposal)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(form, lambda: erasures.send_back(case, proposal, **form.cleaned_data,
                                                                    by=request.user)):
        return redirect("exhibits:erasure", ref, proposal)
    return _decision(request, found, form, verb="send_back")


def _choosable(request: HttpRequest, case: Case) -> list[Entry]:
    if label := request.GET.get("exhibit", ""):
        if not re.fullmatch(ExhibitLabel.regex, label):
            raise Http404
        number = int(label[2:])
        found: Exhibit = fetch(Exhibit.objects.select_related("case", "item"), request.user, case=case, number=number)
        return erasures.erasable(receipts.custody(found))
    return erasures.erasable(receipts.case_custody(case, request.GET.get("before", "")))


def _decision(request: HttpRequest, found: Proposal, form: Any, verb: str = "") -> HttpResponse:
    told = [(entry, sentence(entry)) for entry in erasures.shown(found)]
    mine = found.approval.proposed_by_id == request.user.pk
    return page(request, "casework/exhibits/erasure.html", found.case, "custody", 422 if form and form.errors else 200,
                proposal=found, told=told, form=form, verb=verb, mine=mine)
