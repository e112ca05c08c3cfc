"""Middleware: no session without the second factor that its person has, no work without one that a role asks for."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import get_user, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from casework.middleware import is_call, problem
from casework.people import factors, sessions
from casework.people.models import SignIn, User


def of_session(request: HttpRequest, sign_in: int, person: int) -> User | None:
    """`person`, while the session with this row is theirs and would open a page: asked without its cookie, under all
    that a request with it is asked."""
    row = SignIn.objects.alive().filter(pk=sign_in, person_id=person).first()
    if row is None:
        return None
    request.session = sessions.SessionStore(row.session_id)
    found: Any = get_user(request)
    if not found.is_authenticated or (found.must_enrol or found.has_factor) and not factors.given(request, found):
        return None
    return found if found.pk == person else None


class SecondFactor:
    """Rights are asked for anew with every request, so a role that was given a moment ago asks for its factor now."""

    # What somebody needs who has to add one first: leaving, reading, and the pages on which it is added.
    OPEN = frozenset({"account_logout", "people:language", "account_reauthenticate", "single_sign_on",
                      "single_sign_on_back", "mfa_reauthenticate",
                      "mfa_reauthenticate_webauthn", "mfa_index", "mfa_add_webauthn", "mfa_activate_totp",
                      "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"})

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]):
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person: Any = request.user
        if person.is_authenticated and person.has_factor and not factors.given(request, person):
            logout(request)
        elif person.is_authenticated:
            person.session_key = request.session.session_key or ""
            sessions.see(request.session)
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if (name in self.OPEN or not getattr(request.user, "must_enrol", False)
                or factors.given(request, cast(User, request.user))):
            return None
        if is_call(request):
            return problem(request, 403, "second_factor_required", _(
                "A role of yours asks for a second factor. Add a passkey or an authenticator app first."))
        return redirect("mfa_index")
