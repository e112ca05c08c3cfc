"""HALL: what browsers say that a page tried and its policy forbade.

A report is a stranger's word: it is small, comes seldom or is dropped, and what is kept of it are three words of a
line in the log: the directive, the origin that was blocked, and which of our pages it was, by its name. Never an
address as it was sent, nor what stood on the page."""

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from casework import origins
from casework.middleware import problem

log = logging.getLogger(__name__)
KINDS = {"application/csp-report", "application/reports+json"}
LARGEST, MOST_AT_ONCE, MOST_A_MINUTE = 16 * 1024, 10, 30
_DIRECTIVE = re.compile(r"[a-z]{3,12}(-[a-z]{2,12}){0,3}")
_HOST = re.compile(r"[a-z0-9.-]{1,100}")
_WORDS = {"inline", "eval", "wasm-eval", "self", "data", "blob", "about", "filesystem", "trusted-types-policy",
          "trusted-types-sink"}


class Policy(CSPMiddleware):
    """The library's, with the address for reports beside the policies that name it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        answer: HttpResponseBase = super().process_response(request, response)
        if settings.HTTPS:
            answer.headers["Reporting-Endpoints"] = f'{origins.GROUP}="{origins.REPORTS}"'
        return answer


class Minute:
    """How many lines this process may still write within this minute."""

    def __init__(self) -> None:
        self.began, self.written, self.lock = 0.0, 0, threading.Lock()

    def has_room(self) -> bool:
        with self.lock:
            if time.monotonic() - self.began >= 60:
                self.began, self.written = time.monotonic(), 0
            self.written += 1
            if self.written == MOST_A_MINUTE + 1:
                log.warning("policy violations: more than %d in a minute, the others are dropped", MOST_A_MINUTE)
            return self.written <= MOST_A_MINUTE


_minute = Minute()


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """204 for a report, also one that is dropped. No form of another site can send these two types."""
    if request.content_type not in KINDS:
        return _no_report(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return problem(request, 413, "too_big", "A report is small.")
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return problem(request, 400, "malformed", "This is no report.")
    for one in _reports(told):
        if _minute.has_room():
            log.warning("policy violation: %s blocked %s on %s", *one)
    return HttpResponse(status=204)


@csrf_protect
def _no_report(request: HttpRequest) -> HttpResponse:
    return problem(request, 415, "unsupported_media_type", "This is no report.")


def _reports(told: Any) -> Iterator[tuple[str, str, str]]:
    """Directive, blocked origin and route of each report, in both forms that browsers send."""
    for one in (told if isinstance(told, list) else [told])[:MOST_AT_ONCE]:
        body = one.get("csp-report", one.get("body")) if isinstance(one, dict) else None
        if isinstance(body, dict):
            yield (_directive(_first(body, "effectiveDirective", "effective-directive", "violated-directive")),
                   _origin(_first(body, "blockedURL", "blocked-uri")),
                   _route(_first(body, "documentURL", "document-uri")))


def _first(body: dict[str, Any], *names: str) -> str:
    return next((body[name] for name in names if isinstance(body.get(name), str)), "")


def _directive(said: str) -> str:
    return said if _DIRECTIVE.fullmatch(said) else "?"


def _origin(said: str) -> str:
    if said in _WORDS:
        return said
    scheme, host, port = origins.place(said)
    if scheme in origins.PORTS and _HOST.fullmatch(host):
        return f"{scheme}://{host}:{port}"
    return scheme if scheme in _WORDS else "?"


def _route(said: str) -> str:
    if origins.place(said) != origins.place(settings.BASE_URL):
        return "elsewhere"
    try:
        return resolve(urlsplit(said).path).view_name
    except Resolver404:
        return "no page of ours"
