"""Cross-cutting manners: name each request, fail closed, speak the person's language, keep pages out of caches."""

import errno
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.core.signals import request_finished
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from casework import quiet
from casework.approvals import Refused
from casework.lifecycle import NotAllowed
from casework.pace import Locked, Stopped, TooSoon
from casework.record import Act, record
from evidence import wake
from evidence.custody import behind
from evidence.custody.services import LogBehind, LogUnwritable
from evidence.store.errors import Damaged, StoreFull, StoreUnavailable

_REF = re.compile(r"[A-Z]{1,8}-[0-9]{4}-[0-9]{1,9}")

# Not permitted, stopped, not there, locked, too soon.
REFUSED = {403, 404, 423, 429}

Answer = Callable[[HttpRequest], HttpResponse]
# The server still writes lines about a request when its answer has left the middleware.
request_finished.connect(quiet.forget)


class RequestId:
    """Each request gets a random id, never the caller's: it stands in its lines of the log, in the answer's header and
    in refusals, so that whoever was refused can say which one it was."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = quiet.begin()
        # A caller may name any codec, also one that gives no text; browsers send ours in UTF-8. To set it reads the
        # fields of the address: too many are refused by what asks for them, below, where an answer gets its manners.
        with suppress(TooManyFieldsSent):
            request.encoding = "utf-8"
        response = self.answer(request)
        response.headers["X-Request-Id"] = own
        return response


class FailClosed:
    """A required record that could not be written, or bytes that could not be kept, fail the request visibly."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return refused(request, error)


def refused(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer to what may go wrong without being anybody's mistake; None for a mistake of ours."""
    if isinstance(error, LogBehind):
        return read_only(request)
    if isinstance(error, LogUnwritable):
        return problem(request, 503, "log_unwritable",
                       _("The custody log cannot be written. Nothing was changed. Try again soon."))
    if isinstance(error, StoreFull):
        return problem(request, 507, "store_full",
                       _("There is no room left to keep this. Nothing was accepted. Tell the administrator."))
    if isinstance(error, StoreUnavailable):
        return problem(request, 503, "store_unavailable",
                       _("The storage does not answer. Nothing was changed. Try again soon."))
    if isinstance(error, Damaged):
        wake.after_commit("evidence.fixity.suspect", error.sha256)
        return problem(request, 503, "damaged",
                       _("The stored bytes are not what they were and are not given out. Tell the administrator."))
    if isinstance(error, TooSoon):
        answer = problem(request, 429, "too_soon", str(error))
        answer.headers["Retry-After"] = str(error.wait)
        return answer
    if isinstance(error, Locked):
        return problem(request, 423, error.code, str(error))
    if isinstance(error, Stopped):
        return problem(request, 403, "stopped", str(error))
    if isinstance(error, NotAllowed | Refused):
        return problem(request, 409, "not_now", str(error))
    if isinstance(error, OperationalError | InterfaceError):
        return problem(request, 503, "database_unavailable",
                       _("The database does not answer. Nothing was changed. Try again soon."))
    if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}:
        return problem(request, 503, "no_descriptors", _("Too much goes on here at once. Try again soon."))
    return None


def failed(request: HttpRequest) -> HttpResponse:
    """Django's last word on an exception, also on one that came before any view: nobody is signed in on its page,
    because finding out who asks may be what failed."""
    request.user = AnonymousUser()
    answer = refused(request, sys.exc_info()[1])
    if answer is None and is_call(request):
        answer = problem(request, 500, "error", _("This is a mistake of ours. Tell the administrator when it was."))
    return answer or server_error(request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(request, 404, "not_found", "Not found.") if is_call(request) else page_not_found(request, exception)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A body that is too large, too many fields, a host that is not ours."""
    if isinstance(exception, RequestDataTooBig):
        return problem(request, 413, "too_big", _("This is more than can be taken at once. Nothing was changed."))
    if is_call(request):
        return problem(request, 400, "malformed", "The request was not understood.")
    # A page has addresses, and there are none for a host that is not ours.
    if isinstance(exception, DisallowedHost):
        return bad_request(request, exception)
    if isinstance(exception, TooManyFieldsSent):
        return problem(request, 400, "malformed", _("This has more fields than are taken. Nothing was changed."))
    return problem(request, 400, "malformed", _("The request was not understood. Nothing was changed."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_call(request):
        return problem(request, 403, "not_permitted", "Not permitted.")
    return permission_denied(request, exception)


def read_only(request: HttpRequest) -> HttpResponse:
    return problem(request, 503, "read_only", _(
        "Nothing was changed: somebody is known to hold more of the custody log than it has. Two administrators must "
        "declare the restore first. Reading goes on."))


def problem(request: HttpRequest, status: int, code: str, message: str, **more: Any) -> HttpResponse:
    """The same refusal as a page for people and as application/problem+json for programs, which get `more` as well."""
    told = {"code": code, "status": status, "request_id": quiet.request_id.get()}
    if is_call(request):
        return JsonResponse({**told, "detail": message, **more}, status=status,
                            content_type="application/problem+json")
    return render(request, "problem.html", {**told, "message": message}, status=status)


def is_call(request: HttpRequest) -> bool:
    """Whether a program asks, so that it is answered in JSON."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


class Strangers:
    """Of who is not signed in no body is read that is longer than a form's: it comes almost as slowly as its sender
    likes (casework.serving), and keeps a thread of those that uploads need. What stands in parts Django reads to its
    end, however long; CSRF's check does, which comes later. A call is asked for its token before its body is read."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_long = length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_long and not request.path.startswith("/api/") and not request.user.is_authenticated:
            return malformed(request, RequestDataTooBig())
        return self.answer(request)


class ReadOnly:
    """While the log is behind what was witnessed of it nothing changes: people sign in, read, declare the restore."""

    SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
    OPEN = frozenset({"account_login", "account_logout", "account_reauthenticate", "mfa_authenticate",
                      "mfa_reauthenticate", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "people:language",
                      "exhibits:original", "exhibits:part_original"})

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_open = name in self.OPEN or name.startswith(("recovery:", "api:recovery"))
        if request.method in self.SAFE or is_open or not behind.is_behind():
            return None
        return read_only(request)


class Refusals:
    """A signed-in person who was refused, or who asked for a case in which they have no role (or that their token does
    not allow): recorded.

    An absent case is asked after like a foreign one, and costs the same. What is merely absent from one's own case is
    no refusal."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if response.status_code in REFUSED and getattr(request.user, "is_authenticated", False):
            try:
                self._record(request, response.status_code)
            except LogUnwritable as error:
                return refused(request, error) or response
        return response

    @staticmethod
    def _belongs(person: Any, ref: str) -> bool:
        return person.memberships.filter(case__ref=ref, ended_at=None).exists() and (
            person.only_cases is None or ref in person.only_cases)

    def _record(self, request: HttpRequest, status: int) -> None:
        match, person = request.resolver_match, cast(Any, request.user)
        ref = str(match.kwargs.get("ref", "")) if match else ""
        in_case = _REF.fullmatch(ref) is not None
        if status == 404 and (not in_case or self._belongs(person, ref)):
            return
        where = f"case/{ref}" if in_case else "address/system"
        route = match.view_name if match else ""
        record(Act.REFUSED, by=person, subject=where, context=where if in_case else "",
               method=str(request.method), route=route, status=status)


class PersonLanguage:
    """The signed-in person's language; before sign-in the cookie of the language switch."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        language = user.language if user.is_authenticated else request.COOKIES.get("language", "en")
        if language not in dict(settings.LANGUAGES):
            language = "en"
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return self.answer(request)


# What a browser would let a page do beyond showing itself; copying and passkeys are not among it.
_NOT_USED = ", ".join(f"{feature}=()" for feature in (
    "accelerometer", "autoplay", "camera", "clipboard-read", "display-capture", "encrypted-media", "fullscreen",
    "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "keyboard-map", "local-fonts", "magnetometer",
    "microphone", "midi", "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial",
    "storage-access", "sync-xhr", "usb", "window-management", "xr-spatial-tracking"))


class NoStore:
    """Nothing behind the sign-in is kept by a browser or a proxy, read by another site, or given more than it needs."""

    def __init__(self, answer: Answer):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers["Permissions-Policy"] = _NOT_USED
        return response
