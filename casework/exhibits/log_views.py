"""The custody log as anybody may read it, signed in or not: C2SP tlog-tiles, and a page that explains it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework.doors import login_required
from casework.exhibits import keeping, log_state, names
from evidence.custody import policies, published, signer, tree
from evidence.tlog import ring, tiles
from evidence.tlog.offline import assemble

_TEXT = "text/plain; charset=utf-8"
# A tile of given width never changes, so a cache may keep it for good.
_FOREVER = "public, max-age=31536000, immutable"
_KEYS = ("# The keys that sign this log's checkpoints, the newest first (C2SP verifier keys).\n"
         "# from: the first size that it signs; until: the last; revoked: from this size on it counts for nothing.\n")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    address = f"{settings.BASE_URL}/log"
    return render(request, "casework/exhibits/log.html", {
        "log": log_state.read(), "verifiers": [("verify.py", "log:verify_py", assemble.digest(assemble.verify_py())),
                                               ("verify.html", "log:verify_html",
                                                assemble.digest(assemble.verify_html()))], "addresses": [
        (_("Checkpoint"), f"{address}/checkpoint"), (_("Policy"), f"{address}/policy"),
        (_("Keys"), f"{address}/keys"),
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
def keys(request: HttpRequest) -> HttpResponse:
    """Every public key of the log with the sizes that it counts for, one on each line; comments begin with #."""
    try:
        listed = ring.write(signer.public_keys())
    except signer.SignerMissing:
        raise Http404 from None
    return HttpResponse(_KEYS + listed, content_type=_TEXT, headers={"Cache-Control": "no-cache"})


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
