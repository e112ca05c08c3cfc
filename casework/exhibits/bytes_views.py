"""Doors that hand out bytes."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET

from casework.access import Action
from casework.doors import login_required
from casework.exhibits import delivery, names, parts, reading, receipts
from casework.exhibits.models import Exhibit
from casework.exhibits.reading import Disposed, Picture
from casework.exhibits.refusals import refusal
from casework.middleware import problem
from evidence.store.errors import Damaged, StoreUnavailable

View = Callable[..., HttpResponseBase]


def from_store(view: View) -> View:
    """A door for people signed in that says so when the store cannot give what it should."""

    @login_required
    @require_GET
    @wraps(view)
    def door(request: HttpRequest, ref: str, number: int, **more: int) -> HttpResponseBase:
        try:
            return view(request, ref, number, **more)
        except (Damaged, Disposed, StoreUnavailable) as error:
            why = refusal(error)
            return problem(request, why.status, why.code, str(why.message))

    return door


@from_store
def original(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    """The bytes as they were lodged, verified on the way: a receiver who gets all of them has what was lodged."""
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_DOWNLOAD)
    return delivery.download(exhibit, reading.download(exhibit, by=request.user))


@from_store
def preview(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    picture = reading.preview(exhibit, by=request.user, look=request.GET.get("look", ""))
    return _shown(exhibit, picture, "preview")


@from_store
def thumbnail(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    return _shown(exhibit, reading.thumbnail(exhibit, by=request.user), "thumbnail")


@from_store
def part_original(request: HttpRequest, ref: str, number: int, position: int) -> HttpResponseBase:
    """The bytes of one part of a capture, as `original` gives them."""
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_DOWNLOAD)
    part = parts.one(exhibit, position)
    return delivery.download(exhibit, reading.download(exhibit, by=request.user, part=part), part)


@from_store
def part_thumbnail(request: HttpRequest, ref: str, number: int, position: int) -> HttpResponseBase:
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    shown = reading.thumbnail(exhibit, by=request.user, item=parts.one(exhibit, position).item)
    return _shown(exhibit, shown, f"{position}_thumbnail")


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


def _shown(exhibit: Exhibit, picture: Picture | None, what: str) -> HttpResponse:
    if picture is None:
        raise Http404
    return delivery.shown(exhibit, picture, what)
