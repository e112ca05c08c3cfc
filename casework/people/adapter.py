"""Nobody signs up: people are invited. No web route makes an administrator. A new password, coming
and going are acts of ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from casework.people import devices, identities, oidc, passkeys, services, sign_ins
from casework.people.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        # Recorded first: a session that is set up would be kept with the answer that says it could not be recorded.
        shown = get_authentication_records(request, user)
        sign_ins.came(user, [str(one.get("type", one["method"])) for one in shown])
        devices.meet(request, user)
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **told)
        devices.keep(request, answer)
        return answer

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            sign_ins.left(request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_ins.failed(str(credentials.get("email", "")))

    def set_password(self, user: User, password: str) -> None:
        services.change_password(user, password)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Each wrong password counts against the account and against where it came from; a right one is taken back.

        One-time codes have a limit of their own, which is why the library's is not this one. A device that is known
        for the account counts by itself: what strangers use up, from wherever they come, does not keep it out."""
        email = credentials.get("email", "")
        device = devices.known_for(request, email)
        action, key = ("known_device", str(device.pk)) if device else ("password_failed", devices.account(email))
        self._login_failed_rl_usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The library's, which calls every passkey a security key, and the provider where it knows this person."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if settings.OIDC and identities.of(user):
            methods.append({"id": "single_sign_on", "url": reverse("single_sign_on"),
                            "description": _("Use %(provider)s") % {"provider": oidc.display_name()}})
        return [method | {"description": _("Use your passkey")} if method["id"].endswith(":webauthn") else method
                for method in methods]


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Passkeys are bound to BASE_URL: the library would take the name that a request came in under."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": passkeys.relying_party(), "name": "Casework"}

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """The first name that a new passkey is offered; people change it to what they know it by."""
        return _("Passkey %(number)d") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}
