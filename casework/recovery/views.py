"""The page of a log that is behind: what is lost, who knows, and the way out by two administrators."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.doors import attempt, login_required, posted
from casework.people import services as people
from casework.people.models import User
from casework.recovery import services
from casework.recovery.forms import ReasonForm
from casework.sentences import sentence

FORM_METHODS = ["GET", "HEAD", "POST"]
HERE = "recovery:state"


@login_required
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """For everybody who is signed in: what they work on may be among what is lost."""
    return _page(request, None)


@login_required
@require_http_methods(FORM_METHODS)
@reauthentication_required(allow_get=True)
def propose(request: HttpRequest) -> HttpResponse:
    me = _administrator(request)
    form = ReasonForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.propose(**form.cleaned_data, by=me)):
        messages.success(request, _("Another administrator is asked. Nothing changes before they agree."))
        return redirect(HERE)
    return _page(request, form, "propose")


@login_required
@require_http_methods(FORM_METHODS)
@reauthentication_required(allow_get=True)
def approve(request: HttpRequest) -> HttpResponse:
    me = _administrator(request)
    if request.method == "POST":
        services.approve(by=me)
        messages.success(request, _("The restore is declared. The log goes on, and tells who declared it and why."))
        return redirect(HERE)
    return _page(request, None, "approve")


@login_required
@require_http_methods(FORM_METHODS)
def send_back(request: HttpRequest) -> HttpResponse:
    me = _administrator(request)
    form = ReasonForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.send_back(**form.cleaned_data, by=me)):
        return redirect(HERE)
    return _page(request, form, "send_back")


def _administrator(request: HttpRequest) -> User:
    me = cast(User, request.user)
    people.require_administrator(me)
    return me


def _page(request: HttpRequest, form: Any, verb: str = "") -> HttpResponse:
    found = services.state()
    mine = found.proposal is not None and found.proposal.approval.proposed_by_id == request.user.pk
    told = [(entry, sentence(entry)) for entry in found.told]
    return render(request, "casework/recovery/state.html", {
        "state": found, "form": form, "verb": verb, "mine": mine, "told": told},
        status=422 if form and form.errors else 200)
