"""What page and call share: find what may be downloaded, and answer with its bytes."""

import base64
from collections.abc import Iterator
from uuid import UUID

from django.http import StreamingHttpResponse

from casework.access import require
from casework.doors import fetch
from casework.exhibits.names import attachment
from evidence.intake.models import Item
from reports.bags import services as bags
from reports.bags.models import Bag
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_DOWNLOAD
from reports.releases import services


def sealed(user: object, ref: str, number: int) -> Dossier:
    """The dossier if this person may download its kind; 404 and 403 as everywhere."""
    rows = Dossier.objects.select_related("case", "item__blob")
    found: Dossier = fetch(rows, user, case__ref=ref, number=number)
    require(user, KIND_DOWNLOAD[found.kind], found.case)
    return found


def packed(user: object, ref: str, number: int, bag: UUID) -> Bag:
    """A bag of a dossier that this person may download; 404 and 403 as everywhere."""
    dossier = sealed(user, ref, number)
    found: Bag = fetch(Bag.objects.select_related("dossier__case", "item__blob"), user, pk=bag, dossier=dossier)
    return found


def answer(item: Item, name: str, kind: str, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    """The bytes as a download that no browser shows as a page of ours."""
    response = StreamingHttpResponse(chunks, content_type=kind)
    response["Content-Length"] = str(item.blob.size)
    response["Content-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(item.blob_id)).decode()}:"
    response["Content-Disposition"] = attachment(name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def document(dossier: Dossier, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    assert dossier.item is not None
    return answer(dossier.item, services.filename(dossier), "application/pdf", chunks)


def package(bag: Bag, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    assert bag.item is not None
    return answer(bag.item, bags.filename(bag), "application/zip", chunks)
