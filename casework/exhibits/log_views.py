"""The custody log as anybody may read it, signed in or not: C2SP tlog-tiles, and a page that explains it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evidence.custody import checkpoints, signer, standing, tree
from evidence.tlog import ring, tiles

# A tile of given width never changes, so a cache may keep it for good.
_FOREVER = "public, max-age=31536000, immutable"
_KEYS = ("# The keys that sign this log's checkpoints, the newest first (C2SP verifier keys).\n"
         "# from: the first size that it signs; until: the last; revoked: from this size on it counts for nothing.\n")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    try:
        known = signer.public_keys()
    except signer.SignerMissing:
        known = ()
    now, address = standing.standing(), f"{settings.BASE_URL}/log"
    return render(request, "casework/exhibits/log.html", {
        "standing": now, "vkey": str(known[0].key) if known else "", "earlier_keys": known[1:],
        "root": bytes(now.latest.root).hex() if now.latest else "",
        "checkpoint_address": f"{address}/checkpoint", "keys_address": f"{address}/keys",
        "tile_address": f"{address}/tile/0/000", "entries_address": f"{address}/tile/entries/000"})


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    latest = checkpoints.latest()
    if latest is None:
        raise Http404
    return HttpResponse(latest.note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Every public key of the log with the sizes that it counts for, one on each line; comments begin with #."""
    try:
        listed = ring.write(signer.public_keys())
    except signer.SignerMissing:
        raise Http404 from None
    return HttpResponse(_KEYS + listed, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def tile(request: HttpRequest, where: str) -> HttpResponse:
    """The bytes of one tile; 404 for a path that is none and for hashes that are not there yet."""
    try:
        content = tree.served(tiles.parse(where))
    except (ValueError, LookupError):
        raise Http404 from None
    return HttpResponse(content, content_type="application/octet-stream", headers={"Cache-Control": _FOREVER})
