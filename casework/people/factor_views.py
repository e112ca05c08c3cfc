"""The sign-in library's pages on which a second factor changes, with the record of it in the same transaction."""

from typing import Any, ClassVar

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, ReauthenticateView
from allauth.core.internal import ratelimit
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn import views as library
from allauth.mfa.webauthn.internal import auth, flows
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic.edit import FormView

from casework.people import devices, factors, oidc, services
from casework.record import Act


class Recorded:
    """`act` is what the library's page does when its form holds; `told` is what is recorded of it besides.

    Where it `adds` a factor this session has given it, and the person's other sessions are over."""

    act: ClassVar[Act]
    adds: ClassVar[bool] = False
    request: Any

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        services.note_factor(self.act, self.request.user, **self.told(form))
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if self.adds:
            factors.note_given(self.request, self.request.user)
        return answer

    def told(self, form: Any) -> dict[str, Any]:
        return {}


class Activate(Recorded, ActivateTOTPView):  # type: ignore[misc]
    act = Act.FACTOR_ADDED
    adds = True


class Deactivate(Recorded, DeactivateTOTPView):  # type: ignore[misc]
    act = Act.FACTOR_REMOVED


class GenerateCodes(Recorded, GenerateRecoveryCodesView):  # type: ignore[misc]
    act = Act.RECOVERY_CODES_MADE


class AddPasskey(Recorded, library.AddWebAuthnView):  # type: ignore[misc]
    act = Act.PASSKEY_ADDED
    adds = True

    def told(self, form: Any) -> dict[str, Any]:
        return {"name": form.cleaned_data["name"]}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The library's own would check what was sent a second time, against a challenge that is used up; and it asks
        for no passkey that could sign in alone."""
        asked = auth.begin_registration(self.request.user, True)
        return FormView.get_context_data(self, **context, options=asked)


class RenamePasskey(Recorded, library.EditWebAuthnView):  # type: ignore[misc]
    act = Act.PASSKEY_RENAMED
    success_url = reverse_lazy("mfa_index")

    def told(self, form: Any) -> dict[str, Any]:
        return {"before": self.object.wrap().name, "name": form.cleaned_data["name"]}


class RemovePasskey(Recorded, library.RemoveWebAuthnView):  # type: ignore[misc]
    act = Act.PASSKEY_REMOVED
    success_url = reverse_lazy("mfa_index")

    def told(self, form: Any) -> dict[str, Any]:
        return {"name": self.object.wrap().name}


class ConfirmWithPasskey(library.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A refused passkey leads back to the same question, not away from what was to be done."""

    def form_invalid(self, form: Any) -> HttpResponse:
        for refused in form.errors.get("credential", []):
            messages.error(self.request, refused)
        return redirect(self.passthrough_next_url(self.request.path))


class TooMany:
    """Where a form was refused because too many were tried, the answer says so by its status, too."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        codes = {refused.code for errors in form.errors.as_data().values() for refused in errors}
        if "too_many_login_attempts" in codes:
            answer.status_code = 429
        return answer


class OfOurs:
    """A way of signing in that is shut where people come by the provider alone."""

    request: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and oidc.is_only_way():
            messages.error(request, _("Here people sign in with %(provider)s alone.") % {
                "provider": oidc.display_name()})
            return redirect("account_login")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class SignIn(OfOurs, TooMany, LoginView):  # type: ignore[misc]
    @method_decorator(sensitive_post_parameters("password"))
    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A browser that is known for the account has a limit of its own in place of that of its address, which
        everybody behind the same one uses up. The library's page counts by address before it does anything else."""
        device = devices.known_for(request, request.POST.get("login", "")) if request.method == "POST" else None
        if device is None or oidc.is_only_way():
            answer: HttpResponse = super().dispatch(request, *args, **kwargs)
            return answer
        refused = ratelimit.consume_or_429(request, app="allauth.account", action="known_login", key=str(device.pk))
        known: HttpResponse = refused or super(LoginView, self).dispatch(request, *args, **kwargs)
        return known

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**context)
        if settings.OIDC:
            found |= {"provider": oidc.display_name(), "provider_alone": oidc.is_only_way(),
                      "provider_url": self.passthrough_next_url(reverse("single_sign_on"))}
        return found


class SecondFactor(TooMany, mfa.AuthenticateView):  # type: ignore[misc]
    pass


class ConfirmWithPassword(TooMany, ReauthenticateView):  # type: ignore[misc]
    pass


class ConfirmWithCode(TooMany, mfa.ReauthenticateView):  # type: ignore[misc]
    pass


class SignInWithPasskey(OfOurs, library.LoginWebAuthnView):  # type: ignore[misc]
    """As after a password, one goes on to where one wanted to."""

    def form_valid(self, form: Any) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponse = flows.perform_passwordless_login(self.request, passkey, login)
        return answer
