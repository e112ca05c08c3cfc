"""Who calls the API: a bearer token with scopes, or the session of a signed-in person."""

from datetime import timedelta
from typing import Any, cast

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from casework.people.factors import with_standing
from casework.people.models import ApiToken, User
from casework.people.services import digest

# `last_used_at` is for people who look at their tokens: once a minute is exact enough, and spares a write per call.
USE_NOTED_EVERY = timedelta(minutes=1)


# What a token that is limited to cases may read outside them.
OUTSIDE_CASES = {"api:me", "api:cases", "api:log", "api:schema", "api:waiting"}


class SecondFactorRequired(PermissionDenied):
    """A role of the token's person asks for a second factor that is not there."""

    default_detail = "A role of this person asks for a second factor. They add one on a page first."
    default_code = "second_factor_required"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer cw_<prefix>_<secret>`. A wrong, revoked or expired token and a disabled person: 401.
    Whose role asks for a second factor that they have not: 403."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        now = timezone.now()
        token = (with_standing(ApiToken.objects.select_related("person"), "person")
                 .filter(secret_hash=digest(secret.strip().decode("ascii", "replace")), revoked_at=None,
                         expires_at__gt=now, person__is_active=True).first())
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        if token.must_enrol:
            raise SecondFactorRequired
        ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY),
                                pk=token.pk).update(last_used_at=now)
        token.person.only_cases, token.person.token_key = frozenset(token.cases) or None, token.pk
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="casework"'


def require_still(request: Request) -> None:
    """Asked within a long request: what let it in, token or session, is still there. Raises AuthenticationFailed."""
    if not cast(User, request.user).is_still_in():
        raise AuthenticationFailed("What let this call in was revoked, ended or expired meanwhile.")


class SignedIn(BasePermission):
    """A signed-in person, or a token with the scope that the call needs.

    Reading needs `read`, or `export` where the view's `scope` says so; everything else needs the view's `scope`
    (`write` unless it names another). A token that is limited to cases opens nothing outside them but OUTSIDE_CASES."""

    message = "This token's scopes do not allow this call."

    def has_permission(self, request: Request, view: Any) -> bool:
        if not getattr(request.user, "is_authenticated", False):
            return False
        if not isinstance(request.auth, ApiToken):
            return True
        if request.auth.cases and "ref" not in view.kwargs and not self._is_harmless(request):
            return False
        return needed(request.method or "", getattr(view, "scope", None)) in request.auth.scopes

    @staticmethod
    def _is_harmless(request: Request) -> bool:
        match = request._request.resolver_match
        return request.method in SAFE_METHODS and match is not None and match.view_name in OUTSIDE_CASES


class FreshlySignedIn(BasePermission):
    """For acts on people and roles, for sealing and for what leaves the house: a session must have given its password
    lately. A token was made with one."""

    message = "Sign in again first: this act asks for the password."

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS or isinstance(request.auth, ApiToken):
            return True
        return bool(did_recently_reauthenticate(request._request))


def needed(method: str, scope: str | None) -> str:
    """The scope that a call with `method` needs from a view that declares `scope`."""
    if method in SAFE_METHODS:
        return ApiToken.Scope.EXPORT if scope == ApiToken.Scope.EXPORT else ApiToken.Scope.READ
    return scope or ApiToken.Scope.WRITE


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "casework.people.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
