"""The door through which a sealed document leaves, with its purpose."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from casework.doors import attempt, login_required, page, posted
from reports.releases import services
from reports.releases.forms import PurposeForm
from reports.releases.handing import answer, sealed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def download(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    found = sealed(request.user, ref, number)
    form = PurposeForm(posted(request))
    if form.is_valid():
        chunks = attempt(form, lambda: services.download(found, purpose=form.cleaned_data["purpose"], by=request.user))
        if chunks:
            return answer(found, chunks)
    return page(request, "reports/releases/download.html", found.case, "reports", 422 if form.errors else 200,
                dossier=found, form=form)
