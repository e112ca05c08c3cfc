"""Answers with bytes in them. A browser never takes any for a page of ours: a raster that we made ourselves is shown
in a sandbox, everything else is a download of no type."""

import base64
from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from casework.exhibits import gate, names
from casework.exhibits.models import Exhibit
from casework.exhibits.reading import Picture
from evidence.intake.models import Part

SANDBOX = "sandbox; default-src 'none'"


def download(exhibit: Exhibit, chunks: Iterator[bytes], part: Part | None = None) -> StreamingHttpResponse:
    """The original, or that of one part, under a safe name. `chunks` ends early when the bytes prove damaged: the
    length tells."""
    answer = StreamingHttpResponse(chunks, content_type="application/octet-stream")
    item, label = (part.item, f"{exhibit.label}_{part.position}") if part else (exhibit.item, exhibit.label)
    digest = base64.b64encode(bytes.fromhex(item.blob_id)).decode()
    answer["Content-Length"] = str(item.blob.size)
    answer["Content-Digest"] = f"sha-256=:{digest}:"
    name = names.download_name(exhibit.case.ref, label, item.name)
    answer["Content-Disposition"] = names.attachment(names.disarmed(name) if gate.of(exhibit, part).is_found else name)
    _guard(answer)
    return answer


def shown(exhibit: Exhibit, picture: Picture, what: str) -> HttpResponse:
    """A picture that a page may show."""
    answer = HttpResponse(picture.data, content_type=picture.media_type)
    answer["Content-Disposition"] = f'inline; filename="{exhibit.case.ref}_{exhibit.label}_{what}.{picture.ending}"'
    _guard(answer)
    return answer


def _guard(answer: HttpResponseBase) -> None:
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
