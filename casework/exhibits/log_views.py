"""The custody log as anybody may read it, signed in or not: C2SP tlog-tiles, and a page that explains it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence.custody import checkpoints, signer, standing, tree
from evidence.tlog import tiles
from evidence.tlog.offline import assemble

# A tile of given width never changes, so a cache may keep it for good.
_FOREVER = "public, max-age=31536000, immutable"


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    try:
        key = str(signer.public_key())
    except signer.SignerMissing:
        key = ""
    now, address = standing.standing(), f"{settings.BASE_URL}/log"
    return render(request, "casework/exhibits/log.html", {
        "standing": now, "vkey": key, "root": bytes(now.latest.root).hex() if now.latest else "",
        "checkpoint_address": f"{address}/checkpoint", "tile_address": f"{address}/tile/0/000",
        "entries_address": f"{address}/tile/entries/000",
        "verify_py_sha256": assemble.digest(assemble.verify_py()),
        "verify_html_sha256": assemble.digest(assemble.verify_html())})


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    latest = checkpoints.latest()
    if latest is None:
        raise Http404
    return HttpResponse(latest.note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def tile(request: HttpRequest, where: str) -> HttpResponse:
    """The bytes of one tile; 404 for a path that is none and for hashes that are not there yet."""
    try:
        content = tree.served(tiles.parse(where))
    except (ValueError, LookupError):
        raise Http404 from None
    return HttpResponse(content, content_type="application/octet-stream", headers={"Cache-Control": _FOREVER})


@require_safe
def verify_py(request: HttpRequest) -> HttpResponse:
    """The offline verifier as a program: to be kept, and run elsewhere."""
    return _kept("verify.py", assemble.verify_py())


@require_safe
def verify_html(request: HttpRequest) -> HttpResponse:
    """The offline verifier as a page: never shown here, where it would have to be trusted, but opened from disk."""
    return _kept("verify.html", assemble.verify_html())


def _kept(name: str, content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/octet-stream", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"})
