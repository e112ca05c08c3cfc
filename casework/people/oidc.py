"""OpenID Connect, our side of it: the question that a browser takes to the provider, and what its answer proves.

The authorization code flow with PKCE (RFC 7636), state and nonce. What the provider says of a person counts when its
signature, its issuer, its audience, its times and our nonce hold (OpenID Connect Core 1.0, section 3.1.3.7), although
it came over TLS from the provider itself. PyJWT checks the token; the sign-in library's own client checks neither
signature nor nonce and asks whatever address the provider names."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
from django.conf import settings
from django.utils.translation import gettext as _

from casework.env import Provider
from evidence.custody import egress

# No shared secrets, no `none`: what a provider signs with a key that we can read.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
MOST = 256 * 1024
# How far the provider's clock may be from ours, in seconds.
LEEWAY = 30
# A fresh proof is one that the provider asked the person for within so many seconds.
FRESH = 120


class NotProven(Exception):
    """The provider did not prove who it is, or could not be asked. The words are for our logs, never for the page."""


@dataclass(frozen=True)
class Question:
    """One sign-in on its way: `state` ties the answer to this browser, `nonce` to this question, `verifier` is what
    only we can show the provider when we fetch the answer."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Question":
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


@dataclass(frozen=True)
class Claims:
    """`email` is one that the provider has verified, or empty. `factor`: the person showed a second one there."""

    issuer: str
    subject: str
    email: str
    factor: bool
    proven_at: int


def display_name() -> str:
    """What the provider is called on pages."""
    return provider().name or _("single sign-on")


def is_only_way() -> bool:
    return settings.OIDC is not None and settings.OIDC.only


def provider() -> Provider:
    found: Provider | None = settings.OIDC
    if found is None:
        raise NotProven("no provider is configured")
    return found


def address(question: Question, *, back: str, again: bool) -> str:
    """Where the browser goes; `again`: the provider is to ask the person anew, whoever is signed in there."""
    asked = {"response_type": "code", "client_id": provider().client_id, "redirect_uri": back,
             "scope": "openid email", "state": question.state, "nonce": question.nonce,
             "code_challenge": _challenge(question.verifier), "code_challenge_method": "S256"}
    if again:
        asked |= {"prompt": "login", "max_age": "0"}
    place = _endpoint(_discovered(), "authorization_endpoint")
    return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(asked)}"


def claims(code: str, question: Question, *, back: str) -> Claims:
    """What the provider says for `code`. Raises NotProven."""
    found = _discovered()
    answer = _exchange(found, code, question, back)
    said = _verified(answer.get("id_token"), _keys(found))
    if not secrets.compare_digest(str(said.get("nonce", "")).encode(), question.nonce.encode()):
        raise NotProven("the nonce is not that of this question")
    alone = said["aud"] in (provider().client_id, [provider().client_id])
    if said.get("azp", provider().client_id if alone else None) != provider().client_id:
        raise NotProven("the token was made for another client")
    subject, email = said["sub"], said.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or "\x00" in subject:
        raise NotProven("the subject is none")
    told = said.get("amr")
    words = {word for word in [*(told if isinstance(told, list) else []), said.get("acr")] if isinstance(word, str)}
    return Claims(issuer=provider().issuer, subject=subject,
                  email=email if said.get("email_verified") is True and isinstance(email, str) else "",
                  factor=bool(words.intersection(provider().factors)),
                  proven_at=said["auth_time"] if isinstance(said.get("auth_time"), int) else 0)


def _discovered() -> dict[str, Any]:
    issuer = provider().issuer
    found = _read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise NotProven("the provider names another issuer than OIDC_ISSUER")
    return found


def _keys(found: dict[str, Any]) -> jwt.PyJWKSet:
    try:
        return jwt.PyJWKSet.from_dict(_read(_endpoint(found, "jwks_uri")))
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise NotProven(f"the provider's keys are none: {type(error).__name__}") from None


def _exchange(found: dict[str, Any], code: str, question: Question, back: str) -> dict[str, Any]:
    client = provider()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back,
            "code_verifier": question.verifier}
    basic = ""
    if not client.client_secret:
        form["client_id"] = client.client_id
    elif "client_secret_basic" in found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret, safe='')}"
        basic = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        form |= {"client_id": client.client_id, "client_secret": client.client_secret}
    return _read(_endpoint(found, "token_endpoint"), urlencode(form).encode(), basic)


def _verified(token: Any, keys: jwt.PyJWKSet) -> dict[str, Any]:
    try:
        head = jwt.get_unverified_header(token)
        fitting = [key for key in keys.keys if key.public_key_use in {None, "sig"}
                   and ("kid" not in head or key.key_id == head["kid"])]
        if len(fitting) != 1:
            raise NotProven("none of the provider's keys is the token's")
        said: dict[str, Any] = jwt.decode(
            token, fitting[0].key, algorithms=ALGORITHMS, audience=provider().client_id, issuer=provider().issuer,
            leeway=LEEWAY, options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]})
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise NotProven(f"the token does not hold: {type(error).__name__}") from None
    return said


def _endpoint(found: dict[str, Any], name: str) -> str:
    """One of the provider's addresses, at an origin that the settings name: what it says of itself opens no other."""
    place = found.get(name)
    parts = urlsplit(place if isinstance(place, str) else "")
    if f"{parts.scheme}://{parts.netloc}" not in provider().origins:
        raise NotProven(f"{name} is at an origin that OIDC_ORIGINS does not name")
    return str(place)


def _read(url: str, form: bytes | None = None, authorization: str = "") -> dict[str, Any]:
    try:
        answer = egress.get(url, most=MOST) if form is None else egress.post(
            url, form, content_type="application/x-www-form-urlencoded", most=MOST, authorization=authorization)
        read = json.loads(answer.body)
    except (egress.Unreachable, egress.TooLarge, egress.NotConfigured) as error:
        raise NotProven(f"{urlsplit(url).hostname}: {type(error).__name__}") from None
    except (ValueError, RecursionError):
        raise NotProven(f"{urlsplit(url).hostname}: no JSON") from None
    if answer.status != 200 or not isinstance(read, dict):
        raise NotProven(f"{urlsplit(url).hostname}: status {answer.status}")
    return read


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
