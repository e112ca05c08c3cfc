"""The door through which a sealed document leaves, with its purpose."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from casework.doors import attempt, login_required, page, posted
from casework.exhibits.gate import UNSCREENED
from reports.bags import contents
from reports.dossiers.models import Dossier
from reports.releases import services
from reports.releases.forms import PurposeForm
from reports.releases.handing import document, package, packed, sealed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def download(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    found = sealed(request.user, ref, number)
    return _hand_out(request, found, lambda purpose: document(found, services.download(
        found, purpose=purpose, by=request.user)), item=found.item)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def bag(request: HttpRequest, ref: str, number: int, bag: UUID) -> HttpResponseBase:
    found = packed(request.user, ref, number, bag)
    return _hand_out(request, found.dossier, lambda purpose: package(found, services.download_bag(
        found, purpose=purpose, by=request.user)), item=found.item, bag=found,
        unscreened=[label for label, one in contents.screened(found.dossier).items() if one.state in UNSCREENED])


def _hand_out(request: HttpRequest, dossier: Dossier, hand: Callable[[str], HttpResponseBase],
              **shown: Any) -> HttpResponseBase:
    form = PurposeForm(posted(request))
    if form.is_valid():
        answer: HttpResponseBase | None = attempt(form, lambda: hand(form.cleaned_data["purpose"]))
        if answer:
            return answer
    return page(request, "reports/releases/download.html", dossier.case, "reports", 422 if form.errors else 200,
                dossier=dossier, form=form, **shown)
