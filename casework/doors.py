"""HALL: what every door does first: fetch the case as this person sees it, and ask whether they may."""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from casework import access
from casework.access import MAY, Action
from casework.approvals import Refused
from casework.editions import Changed, Edition
from casework.lifecycle import NotAllowed

__all__ = ["Edited", "allowed", "attempt", "fetch", "login_required", "page", "posted", "status_of"]


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
    except Changed as refused:
        form.set_beside(refused)
    except (NotAllowed, Refused) as refused:
        form.add_error(None, str(refused))
    return None


def status_of(form: Any) -> int:
    """Of the page that shows `form`."""
    if getattr(form, "changed", False):
        return 409
    return 422 if form.errors else 200


class MadeFrom(forms.CharField):
    """The version that stood when the page was opened; cleans to what a service takes as `made_from`."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Collection[str] | None:
        """A form that some program filled in without it says nothing of versions, as a call without If-Match."""
        return [value] if value else None


class Edited(forms.Form):
    """A form that edits what stands as `edition`; of a refusal because somebody else was faster it loses no word."""

    made_from = MadeFrom(required=False)
    changed = False

    def __init__(self, data: Any = None, *, edition: Edition, **kwargs: Any):
        words = {name: ", ".join(value) if _is_listed(value) and not _is_chosen(self.base_fields[name]) else value
                 for name, value in edition.words.items()}
        super().__init__(data, initial={**words, "made_from": edition.version}, **kwargs)

    def set_beside(self, refused: Changed) -> None:
        """Beside each field what stands there now, where that differs. Whoever saves again has seen it."""
        typed: Any = self.data
        typed = typed.copy()
        typed["made_from"] = refused.stands.version
        self.changed, self.data = True, typed
        self.add_error(None, _("%(refused)s Beside your words stands what is there now. Save again to put yours in its "
                               "place.") % {"refused": refused})
        for name, value in refused.stands.words.items():
            beside: Any = self[name]
            stands = _shown(self.fields[name], value)
            if _lines(stands) != _lines(_shown(self.fields[name], beside.value())):
                beside.stands = stands or _("Nothing")


def _is_chosen(field: forms.Field) -> bool:
    """Whether its value is several of its choices, and no text."""
    return isinstance(field, forms.MultipleChoiceField)


def _shown(field: Any, value: Any) -> str:
    """A value of `field` as people read it. A field of more than words says so itself, by `shown`."""
    if hasattr(field, "shown"):
        return str(field.shown(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if _is_listed(value):
        return ", ".join(str(dict(getattr(field, "choices", ())).get(one, one)) for one in value)
    return str(dict(getattr(field, "choices", ())).get(value, "" if value is None else value))


def _is_listed(value: Any) -> bool:
    """Whether it is a list of labels, which forms take as text."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _lines(text: str) -> list[str]:
    """Browsers end lines in their own way."""
    return text.strip().splitlines()
