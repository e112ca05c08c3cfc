"""What page and call share: find what may be downloaded, and answer with its bytes."""

import base64
from collections.abc import Iterator

from django.http import StreamingHttpResponse

from casework.access import require
from casework.doors import fetch
from casework.exhibits.names import attachment
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_DOWNLOAD
from reports.releases import services


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
