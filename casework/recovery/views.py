"""Pages: what is lost, and the declaration by two administrators."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.doors import attempt, login_required, posted
from casework.people.services import require_administrator
from casework.recovery import services, words
from casework.recovery.forms import DeclareForm, ReturnForm
from casework.sentences import sentence

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@require_http_methods(FORM_METHODS)
# Asked before the form is shown, so that nothing that was typed is lost on the way.
@reauthentication_required
def propose(request: HttpRequest) -> HttpResponse:
    require_administrator(_me(request))
    form = DeclareForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.propose(**form.cleaned_data, by=request.user)):
        messages.success(request, _("A second administrator is asked. Nothing changes before they agree."))
        return redirect("recovery:state")
    return _page(request, form, "propose")


@login_required
@require_http_methods(FORM_METHODS)
@reauthentication_required
def approve(request: HttpRequest) -> HttpResponse:
    require_administrator(_me(request))
    if request.method == "POST":
        services.approve(by=request.user)
        messages.success(request, _("The restore is declared, and the log goes on. It keeps what was given up, by whom "
                                    "and why."))
        return redirect("recovery:state")
    return _page(request, verb="approve")


@login_required
@require_http_methods(FORM_METHODS)
def send_back(request: HttpRequest) -> HttpResponse:
    require_administrator(_me(request))
    form = ReturnForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.send_back(**form.cleaned_data, by=request.user)):
        return redirect("recovery:state")
    return _page(request, form, "send_back")


def _page(request: HttpRequest, form: Any = None, verb: str = "") -> HttpResponse:
    found, me = services.state(), _me(request)
    return render(request, "casework/recovery/state.html", {
        "recovery": found, "form": form, "verb": verb, "known": words.known(found.rewind) if found.rewind else [],
        "mine": found.proposal is not None and found.proposal.approval.proposed_by_id == me.pk,
        "declared": [(entry, sentence(entry)) for entry in found.declared],
    }, status=422 if form is not None and form.errors else 200)


def _me(request: HttpRequest) -> Any:
    return request.user
