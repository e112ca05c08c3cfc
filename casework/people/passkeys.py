"""Passkeys: what is asked of one beyond what the sign-in library asks.

The library has no list of them to ask here, so these are functions over what a browser sent. A passkey always verifies
the person (fingerprint, face, PIN of the key): it is something held and something known or shown at once, and signs
in alone."""

import struct
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from fido2.cose import UnsupportedKey
from fido2.webauthn import AuthenticationResponse, AuthenticatorAssertionResponse, RegistrationResponse

from casework.people.models import User
from casework.record import Act, record

NAME_LENGTH = 60
_PORTS = {"http": 80, "https": 443}
# What the parser of foreign bytes raises for what is no credential at all.
_NO_CREDENTIAL = (TypeError, ValueError, KeyError, AttributeError, IndexError, struct.error)


def relying_party() -> str:
    """The name that passkeys are bound to: the host of BASE_URL, whatever host a request names."""
    return str(urlsplit(settings.BASE_URL).hostname)


def origin() -> str:
    """BASE_URL as browsers write an origin: passkeys answer to this one and no other, not even to a subdomain."""
    parts = urlsplit(settings.BASE_URL)
    port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def read_new(sent: Any) -> dict[str, Any]:
    """What a browser made when a passkey was added, reduced to what is kept of it. Raises ValidationError."""
    try:
        made = RegistrationResponse.from_dict(sent)
        data = made.response.attestation_object.auth_data.credential_data
        _require_origin(made.response.client_data.origin)
    except _NO_CREDENTIAL:
        raise refusal() from None
    if data is None or data.credential_id != made.raw_id or isinstance(data.public_key, UnsupportedKey):
        raise refusal()
    kept: dict[str, Any] = {"id": sent["rawId"], "rawId": sent["rawId"], "type": "public-key", "response": {
        part: sent["response"][part] for part in ("clientDataJSON", "attestationObject")}}
    if Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN, data__credential__id=kept["id"]).exists():
        raise refusal()
    return kept


def read_answer(sent: Any) -> AuthenticatorAssertionResponse:
    """What a browser answered with a passkey. Raises ValidationError for what was made elsewhere."""
    try:
        answer: AuthenticatorAssertionResponse = AuthenticationResponse.from_dict(sent).response
        _require_origin(answer.client_data.origin)
    except _NO_CREDENTIAL:
        raise refusal() from None
    return answer


def require_owner(answer: AuthenticatorAssertionResponse, person: User) -> None:
    """Raises ValidationError where the passkey names its owner otherwise than it was told when it was made.

    A passkey that is asked for by its name may keep silent about the owner (WebAuthn level 3, section 7.2, step 6)."""
    if answer.user_handle and answer.user_handle != user_pk_to_url_str(person).encode():
        raise refusal()


def count(passkey: Authenticator, counter: int, person: User) -> None:
    """Hold the passkey's counter against the last one: where it went back there are two of one key.

    That is recorded, and raises ValidationError. Passkeys that do not count always say 0."""
    if _counted(passkey, counter):
        return
    record(Act.PASSKEY_DOUBTED, by=person, subject=f"user/{person.pk}", name=passkey.wrap().name)
    raise refusal()


@transaction.atomic
def _counted(passkey: Authenticator, counter: int) -> bool:
    kept = Authenticator.objects.select_for_update().get(pk=passkey.pk)
    before = kept.data.get("counter", kept.wrap().authenticator_data.counter)
    if (counter or before) and counter <= before:
        return False
    kept.data["counter"] = counter
    kept.save(update_fields=["data"])
    return True


def refusal() -> ValidationError:
    """One answer for whatever is wrong with a passkey: nobody learns which part of a forgery was good."""
    return ValidationError(_("This passkey was not accepted."), code="passkey")


def _require_origin(found: str) -> None:
    if found != origin():
        raise ValueError(found)
