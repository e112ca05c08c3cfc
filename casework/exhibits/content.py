"""The content origin: what a browser shows of other people's bytes, apart from every page.

No cookie is read or set there. A link that a page led to says who asks, in which session, for what: it is good for two
minutes, while that session lives and the right stands, and all of it is asked again before a byte leaves. What is
wrong, over, foreign or absent is one 404. To show another kind of thing there, add it to `picture`, with a policy of
its own: nothing here rests on the things being pictures."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from casework import origins
from casework.access import Action
from casework.exhibits import delivery, parts, reading
from casework.exhibits.models import Exhibit
from casework.exhibits.refusals import REFUSALS, refusal
from casework.people import guard
from casework.record import Act, record
from evidence import wake
from evidence.store.errors import Damaged

LINK, LINK_SECONDS = "casework.exhibits.content", 120
PATH = "/shown"


def link(request: HttpRequest, exhibit: Exhibit, what: str, position: int, look: str) -> str:
    """Where this person's browser finds the picture for the next two minutes. The link names the session by the number
    of its row, which opens nothing."""
    session: Any = request.session
    bound = [session.sign_in.pk, request.user.pk, exhibit.case.ref, exhibit.number, what, position, look]
    asked = urlencode({"link": signing.dumps(bound, salt=LINK)})
    return f"{settings.CONTENT_URL}{PATH}?{asked}"


def picture(exhibit: Exhibit, what: str, position: int, look: str, *, by: Any) -> HttpResponse:
    """The `preview`, or the `thumbnail` (of one part, where `position` is not 0), recorded before it leaves; or 404."""
    if what == "preview":
        found = reading.preview(exhibit, by=by, look=look)
    else:
        item = parts.one(exhibit, position).item if position else exhibit.item
        found = reading.thumbnail(exhibit, by=by, item=item)
    if found is None:
        raise Http404
    return delivery.shown(exhibit, found, f"{position}_{what}" if position else what)


class ContentOrigin:
    """Middleware that answers everything that is asked of the content origin, and lets nothing of it through."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not origins.is_content(request.META.get("HTTP_HOST", "")):
            return self.answer(request)
        answer = _answer(request) if request.method in {"GET", "HEAD"} else HttpResponseNotAllowed(["GET", "HEAD"])
        answer.headers.setdefault("Content-Security-Policy", delivery.SANDBOX)
        # Pages of another origin embed it; a page that is none of ours would need a link, and could not read it.
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        answer.headers["X-Frame-Options"] = "DENY"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer


def _answer(request: HttpRequest) -> HttpResponse:
    """What the link asks for; else a status, and for people who lost their way the address of the pages."""
    try:
        return _shown(request)
    except (Http404, PermissionDenied, signing.BadSignature):
        status = 404
    except (OperationalError, InterfaceError):
        status = 503
    except REFUSALS as error:
        status = refusal(error).status
        if isinstance(error, Damaged):
            wake.after_commit("evidence.fixity.suspect", error.sha256)
    return HttpResponse(f"{settings.BASE_URL}/\n", content_type="text/plain; charset=utf-8", status=status)


def _shown(request: HttpRequest) -> HttpResponse:
    if request.path != PATH:
        raise Http404
    sign_in, person, ref, number, what, position, look = signing.loads(
        request.GET.get("link", ""), salt=LINK, max_age=LINK_SECONDS)
    asking = guard.of_session(request, sign_in, person)
    if asking is None:
        raise Http404
    try:
        exhibit = reading.exhibit_of(asking, ref, number, Action.EXHIBIT_READ)
    except (Http404, PermissionDenied):
        # The right was there when the link was made.
        record(Act.REFUSED, by=asking, subject=f"case/{ref}", context=f"case/{ref}", method=str(request.method),
               route="content", status=404)
        raise
    return picture(exhibit, what, position, look, by=asking)
