"""The door through which a sealed document leaves, with its purpose."""

import base64
from collections.abc import Iterator

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_http_methods

from casework.access import require
from casework.doors import attempt, fetch, login_required, page
from casework.exhibits.names import attachment
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_DOWNLOAD
from reports.releases import services
from reports.releases.forms import PurposeForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def download(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    found = sealed(request.user, ref, number)
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chunks = attempt(form, lambda: services.download(found, purpose=form.cleaned_data["purpose"], by=request.user))
        if chunks:
            return answer(found, chunks)
    return page(request, "reports/releases/download.html", found.case, "reports", 422 if form.errors else 200,
                dossier=found, form=form)


def sealed(user: object, ref: str, number: int) -> Dossier:
    """The dossier if this person may download its kind; 404 and 403 as everywhere."""
    rows = Dossier.objects.select_related("case", "item__blob")
    found: Dossier = fetch(rows, user, case__ref=ref, number=number)
    require(user, KIND_DOWNLOAD[found.kind], found.case)
    return found


def answer(dossier: Dossier, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    """The bytes as a download that no browser shows as a page of ours."""
    assert dossier.item is not None
    response = StreamingHttpResponse(chunks, content_type="application/pdf")
    response["Content-Length"] = str(dossier.item.blob.size)
    response["Content-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(dossier.item.blob_id)).decode()}:"
    response["Content-Disposition"] = attachment(services.filename(dossier))
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
