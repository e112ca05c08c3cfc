"""Doors that hand out bytes."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.doors import login_required
from casework.exhibits import content, delivery, gate, names, parts, reading, receipts
from casework.exhibits.models import Exhibit
from casework.exhibits.reading import Disposed
from casework.exhibits.refusals import refusal
from casework.middleware import problem
from evidence.store.errors import Damaged, StoreUnavailable

View = Callable[..., HttpResponseBase]


def from_store(view: View) -> View:
    """A door for people signed in that says so when the store cannot give what it should."""

    @login_required
    @wraps(view)
    def door(request: HttpRequest, ref: str, number: int, **more: int) -> HttpResponseBase:
        try:
            return view(request, ref, number, **more)
        except (Damaged, Disposed, StoreUnavailable) as error:
            why = refusal(error)
            return problem(request, why.status, why.code, str(why.message))

    return door


@from_store
@require_http_methods(["GET", "POST"])
def original(request: HttpRequest, ref: str, number: int, position: int = 0) -> HttpResponseBase:
    """The bytes as they were lodged, of the exhibit's own file or of that part of its capture; verified on the way: a
    receiver who gets all of them has what was lodged. Sent as a form it confirms that a program is wanted, or as the
    field `confirm` says."""
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_DOWNLOAD)
    part = parts.one(exhibit, position) if position else None
    confirmed = request.POST.get("confirm", gate.PROGRAM) if request.method == "POST" else ""
    chunks = reading.download(exhibit, by=request.user, part=part, confirmed=confirmed)
    return delivery.download(exhibit, chunks, part)


@from_store
@require_GET
def preview(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    return _shown(request, exhibit, "preview", look=request.GET.get("look", ""))


@from_store
@require_GET
def thumbnail(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    return _shown(request, exhibit, "thumbnail")


@from_store
@require_GET
def part_thumbnail(request: HttpRequest, ref: str, number: int, position: int) -> HttpResponseBase:
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    return _shown(request, exhibit, "thumbnail", position)


@login_required
@require_GET
def receipt_json(request: HttpRequest, ref: str, number: int, position: int = 0) -> HttpResponse:
    """The receipt of the exhibit's own item, or with `position` of that part of its capture."""
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    part = parts.one(exhibit, position) if position else None
    found = receipts.hand_out(exhibit, by=request.user, part=part)
    answer = HttpResponse(receipts.text(found), content_type="application/json")
    answer["Content-Disposition"] = names.attachment(receipts.file_name(exhibit, part))
    return answer


def _shown(request: HttpRequest, exhibit: Exhibit, what: str, position: int = 0, look: str = "") -> HttpResponse:
    """The picture; or the way to it, where there is a content origin. A page keeps our address and a browser comes here
    when it needs the picture: the link that it then gets is always fresh."""
    if settings.CONTENT_URL:
        return redirect(content.link(request, exhibit, what, position, look))
    return content.picture(exhibit, what, position, look, by=request.user)
