"""Every refusal of the API has one shape: application/problem+json with status, code, detail and the request's id.

What never comes to a call of the API, such as an unknown address, casework.middleware answers in the same shape."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from casework import quiet
from casework.approvals import Refused
from casework.editions import Changed
from casework.lifecycle import NotAllowed
from casework.pace import Locked, Stopped, TooSoon
from evidence import wake
from evidence.custody.services import LogBehind, LogUnwritable
from evidence.store.errors import Damaged, HashMismatch, StoreFull, StoreUnavailable

_STATUS: list[tuple[type[Exception], int, str]] = [
    (Http404, 404, "not_found"),
    (PermissionDenied, 403, "not_permitted"),
    (HashMismatch, 422, "hash_mismatch"),
    (StoreFull, 507, "store_full"),
    (StoreUnavailable, 503, "store_unavailable"),
    (Damaged, 503, "damaged"),
    (LogBehind, 503, "read_only"),
    (LogUnwritable, 503, "log_unwritable"),
    (NotAllowed, 409, "not_now"),
    (Refused, 409, "second_person"),
    (RequestDataTooBig, 413, "too_big"),
    (SuspiciousOperation, 400, "malformed"),
]


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What it does not know goes on as the bug that it is."""
    set_rollback()
    if isinstance(error, Damaged):
        wake.after_commit("evidence.fixity.suspect", error.sha256)
    if isinstance(error, ValidationError):
        fields = error.message_dict if hasattr(error, "error_dict") else {"detail": error.messages}
        return _answer(422, "invalid", "Some values were not understood.", errors=fields)
    if isinstance(error, exceptions.ValidationError):
        return _answer(422, "invalid", "Some values were not understood.", errors=error.detail)
    if isinstance(error, exceptions.APIException):
        response = _answer(error.status_code, str(error.default_code), str(error.detail))
        if wait := getattr(error, "wait", None):
            response["Retry-After"] = str(int(wait))
        if header := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = header
        return response
    if isinstance(error, TooSoon):
        response = _answer(429, "too_soon", str(error))
        response["Retry-After"] = str(error.wait)
        return response
    if isinstance(error, Changed):
        stands = {"version": error.stands.version, "by": error.by, "at": error.at, "content": error.stands.words}
        return _answer(412, "changed", str(error), now=stands)
    if isinstance(error, Locked):
        return _answer(423, error.code, str(error))
    if isinstance(error, Stopped):
        return _answer(403, "stopped", str(error))
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            return _answer(status, code, "Not found." if status == 404 else str(error)[:200])
    return None


def _answer(status: int, code: str, detail: str, **more: Any) -> Response:
    told = {"status": status, "code": code, "detail": detail, "request_id": quiet.request_id.get()}
    return Response({**told, **more}, status=status, content_type="application/problem+json")
