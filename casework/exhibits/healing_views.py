"""Pages: what is damaged in a case, and the two steps to heal it from the other copy."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted
from casework.exhibits import healings
from casework.exhibits.forms import ReasonForm
from casework.exhibits.healings import Hurt

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def damages(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything of the case that was ever found damaged, newest first."""
    case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
    return page(request, "casework/exhibits/damages.html", case, "custody", damages=healings.of_case(case))


@login_required
@require_safe
def damage(request: HttpRequest, ref: str, damage: int) -> HttpResponse:
    """What is damaged, where, and how far its healing is."""
    case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
    return _shown(request, healings.one(case, damage), None)


@login_required
@require_http_methods(FORM_METHODS)
def propose(request: HttpRequest, ref: str, damage: int) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.EXHIBIT_HEAL, ref=ref)
    found, form = healings.one(case, damage), ReasonForm(posted(request))
    if form.is_valid() and attempt(form, lambda: healings.propose(case, damage, **form.cleaned_data,
                                                                  by=request.user)):
        messages.success(request, _("A second person is asked. Nothing is changed before they agree."))
        return redirect("exhibits:damage", ref, damage)
    return _shown(request, found, form, verb="propose")


@login_required
@require_http_methods(FORM_METHODS)
@reauthentication_required(allow_get=True)
def approve(request: HttpRequest, ref: str, damage: int) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.EXHIBIT_HEAL, ref=ref)
    found = healings.one(case, damage)
    if request.method == "POST":
        healings.approve(case, damage, by=request.user)
        messages.success(request, _("It is ordered. The worker heals it, and the log will say what came of it."))
        return redirect("exhibits:damage", ref, damage)
    return _shown(request, found, None, verb="approve")


@login_required
@require_http_methods(FORM_METHODS)
def send_back(request: HttpRequest, ref: str, damage: int) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.EXHIBIT_HEAL, ref=ref)
    found, form = healings.one(case, damage), ReasonForm(posted(request))
    if form.is_valid() and attempt(form, lambda: healings.send_back(case, damage, **form.cleaned_data,
                                                                    by=request.user)):
        return redirect("exhibits:damage", ref, damage)
    return _shown(request, found, form, verb="send_back")


def _shown(request: HttpRequest, found: Hurt, form: Any, verb: str = "") -> HttpResponse:
    mine = found.approval is not None and found.approval.proposed_by_id == request.user.pk
    return page(request, "casework/exhibits/damage.html", found.case, "custody", 422 if form and form.errors else 200,
                hurt=found, form=form, verb=verb, mine=mine)
