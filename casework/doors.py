"""HALL: what every door does first: fetch the case as this person sees it, and ask whether they may."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from casework import access
from casework.access import MAY, Action
from casework.approvals import Refused
from casework.lifecycle import NotAllowed

__all__ = ["allowed", "attempt", "fetch", "login_required", "page", "posted"]


def fetch(queryset: Any, user: Any, action: Action | None = None, **lookup: Any) -> Any:
    """The one row of `queryset` that `user` may see and that matches, or 404: foreign is absent.

    With `action`, PermissionDenied unless the person's roles in the row's case allow it."""
    if any(isinstance(value, str) and "\x00" in value for value in lookup.values()):
        raise Http404  # PostgreSQL has no text with a NUL in it, so nothing is called that.
    row = queryset.visible_to(user).filter(**lookup).first()
    if row is None:
        raise Http404
    if action is not None:
        access.require(user, action, row if hasattr(row, "roles_of") else row.case)
    return row


def allowed(user: Any, case: Any) -> frozenset[str]:
    """Every action that `user` may take in `case`, as words for templates: {% if "finding.write" in actions %}."""
    return frozenset(str(action) for role in case.roles_of(user) for action in MAY[role])


def page(request: HttpRequest, template: str, case: Any, tab: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page inside a case: its frame needs the case, the tab and what this person may do (`actions`, where the view
    has asked already)."""
    context |= {"case": case, "tab": tab}
    if "actions" not in context:
        context["actions"] = allowed(request.user, case)
    return render(request, template, context, status=status)


def posted(request: HttpRequest) -> Any:
    """What a form is made of: what was sent with it, or None where its page is only shown."""
    return request.POST if request.method == "POST" else None


def attempt(form: Any, act: Callable[[], Any]) -> Any:
    """What the service `act` answers; or None, and what it refused stands in `form` beside what was typed."""
    try:
        return act()
    except ValidationError as refused:
        errors = refused.error_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused.error_list}
        for field, found in errors.items():
            form.add_error(field if field in form.fields else None, found)
    except (NotAllowed, Refused) as refused:
        form.add_error(None, str(refused))
    return None
