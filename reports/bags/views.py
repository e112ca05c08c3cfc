"""The button that asks for the package of a dossier."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from casework.access import require
from casework.doors import attempt, fetch, login_required
from casework.middleware import problem
from reports.bags import services
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_DOWNLOAD


@login_required
@require_POST
def ask(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = fetch(Dossier.objects.select_related("case"), request.user, case__ref=ref, number=number)
    require(request.user, KIND_DOWNLOAD[found.kind], found.case)
    button = Form({})
    button.is_valid()
    if attempt(button, lambda: services.ask(found, by=request.user)):
        return redirect("dossiers:dossier", ref, found.label)
    return problem(request, 409, "not_now", " ".join(map(str, button.non_field_errors())))
