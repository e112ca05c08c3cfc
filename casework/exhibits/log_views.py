"""The custody log as anybody may read it, signed in or not: C2SP tlog-tiles, and a page that explains it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.doors import login_required
from casework.exhibits import keeping, log_state, names
from evidence.custody import policies, published, signer, tree
from evidence.tlog import tiles

_TEXT = "text/plain; charset=utf-8"
# A tile of given width never changes, so a cache may keep it for good.
_FOREVER = "public, max-age=31536000, immutable"


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    address = f"{settings.BASE_URL}/log"
    return render(request, "casework/exhibits/log.html", {"log": log_state.read(), "addresses": [
        (_("Checkpoint"), f"{address}/checkpoint"), (_("Policy"), f"{address}/policy"),
        (_("Tiles"), f"{address}/tile/0/000"), (_("Entries (leaf data)"), f"{address}/tile/entries/000")]})


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    latest = published.latest()
    if latest is None:
        raise Http404
    return HttpResponse(latest.note, content_type=_TEXT, headers={"Cache-Control": "no-cache"})


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The log's key, its witnesses and their quorum (C2SP tlog-policy)."""
    try:
        text = policies.published()
    except signer.SignerMissing:
        raise Http404 from None
    return HttpResponse(text, content_type=_TEXT, headers={"Cache-Control": "no-cache"})


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """The same checkpoint for somebody who signed in: who takes it holds it from now on."""
    latest = keeping.keep(by=request.user)
    if latest is None:
        return redirect("log:log")
    return HttpResponse(latest.note, content_type=_TEXT, headers={
        "Content-Disposition": names.attachment(f"checkpoint_{latest.checkpoint.size}.txt")})


@require_safe
def tile(request: HttpRequest, where: str) -> HttpResponse:
    """The bytes of one tile; 404 for a path that is none and for hashes that are not there yet."""
    try:
        content = tree.served(tiles.parse(where))
    except (ValueError, LookupError):
        raise Http404 from None
    return HttpResponse(content, content_type="application/octet-stream", headers={"Cache-Control": _FOREVER})
