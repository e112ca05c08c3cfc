"""The sign-in library's forms for passkeys, with what casework.people.passkeys asks besides."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as library
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.people import passkeys


class Sent(forms.HiddenInput):
    """What was sent is never sent back: another challenge stands beside it by then."""

    def format_value(self, value: Any) -> None:
        return None


class Credential(forms.CharField):
    """What the browser made, as JSON in a hidden field. Nested deeper than anybody reads it is none."""

    widget = Sent

    def to_python(self, value: Any) -> Any:
        try:
            return json.loads(value or "null")
        except (ValueError, RecursionError):
            raise passkeys.refusal() from None


@contextmanager
def _said_plainly() -> Iterator[None]:
    """The library says that a code is incorrect, where nobody typed one."""
    try:
        yield
    except ValidationError as error:
        if error.code == "incorrect_code":
            raise passkeys.refusal() from None
        raise


def _name() -> forms.CharField:
    return forms.CharField(label=_("What you call it"), max_length=passkeys.NAME_LENGTH,
                           widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))


class AddForm(library.AddWebAuthnForm):  # type: ignore[misc]
    name = _name()
    credential = Credential()
    # Every one is: there is nothing to choose.
    passwordless = None

    def clean_credential(self) -> dict[str, Any]:
        return passkeys.read_new(self.cleaned_data["credential"])

    def clean(self) -> dict[str, Any]:
        with _said_plainly():
            return dict(super().clean())


class RenameForm(library.EditWebAuthnForm):  # type: ignore[misc]
    name = _name()


class _Answer:
    """The library's check of an answer, between where it was made and how often its passkey was used."""

    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Authenticator:
        answer = passkeys.read_answer(self.cleaned_data["credential"])
        with _said_plainly():
            passkey = super().clean_credential()  # type: ignore[misc]
        passkeys.require_owner(answer, passkey.user)
        passkeys.count(passkey, int(answer.authenticator_data.counter), passkey.user)
        return passkey


class SecondFactorForm(_Answer, library.AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = Credential()


class SignInForm(_Answer, library.LoginWebAuthnForm):  # type: ignore[misc]
    credential = Credential()


class ConfirmForm(_Answer, library.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = Credential()

