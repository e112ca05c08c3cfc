"""Single sign-on: a provider's answer that does not hold, or a provider that fails, signs nobody in."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from casework.people.models import Identity
from tests.casework.provider import CLIENT, Provider, other_key
from tests.casework.signing_on import BACK, LOGIN, START, brought, is_in, said
from tests.factories import Cast, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", algorithm="none")


def with_public_key_as_secret(provider: Provider) -> Callable[[dict[str, Any]], str]:
    """The classic confusion of algorithms: what everybody knows as the key of a shared-secret signature."""
    public = provider.key.public_key().public_bytes(serialization.Encoding.PEM,
                                                    serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(claims: dict[str, Any]) -> str:
        parts = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
                          for part in ({"alg": "HS256", "typ": "JWT", "kid": "one"}, claims))
        proof = base64.urlsafe_b64encode(hmac.new(public, parts, hashlib.sha256).digest()).rstrip(b"=")
        return (parts + b"." + proof).decode()

    return sign


FORGED: dict[str, Callable[[Provider], Any]] = {
    "no signature": lambda p: setattr(p, "sign", unsigned),
    "the public key as a shared secret": lambda p: setattr(p, "sign", with_public_key_as_secret(p)),
    "another's key": lambda p: setattr(p, "sign", lambda claims: jwt.encode(
        claims, rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256", {"kid": "one"})),
    "a key of another kind": lambda p: setattr(p, "sign", lambda claims: jwt.encode(
        claims, other_key(), "ES256", {"kid": "one"})),
    "a key that is not listed": lambda p: setattr(p, "sign", lambda claims: jwt.encode(
        claims, p.key, "RS256", {"kid": "two"})),
    "a changed byte": lambda p: setattr(p, "sign", lambda claims: p.signed(claims)[:-6] + "AAAAAA"),
    "no token": lambda p: setattr(p, "sign", lambda claims: None),
    "a number for a token": lambda p: setattr(p, "sign", lambda claims: 7),
    "no JWT": lambda p: setattr(p, "sign", lambda claims: "a.b"),
    "another issuer": lambda p: p.claims.update(iss="https://id.example"),
    "another audience": lambda p: p.claims.update(aud="another"),
    "two audiences, made for the other": lambda p: p.claims.update(aud=[CLIENT, "another"], azp="another"),
    "made for another": lambda p: p.claims.update(azp="another"),
    "over": lambda p: p.claims.update(exp=int(time.time()) - 60),
    "not yet": lambda p: p.claims.update(iat=int(time.time()) + 600),
    "no end": lambda p: setattr(p, "change", lambda claims: {k: v for k, v in claims.items() if k != "exp"}),
    "no nonce": lambda p: setattr(p, "change", lambda claims: {k: v for k, v in claims.items() if k != "nonce"}),
    "another nonce": lambda p: setattr(p, "change", lambda claims: claims | {"nonce": "another"}),
    "a list for a nonce": lambda p: setattr(p, "change", lambda claims: claims | {"nonce": [claims["nonce"]]}),
    "no subject": lambda p: p.claims.update(sub=""),
    "a number for a subject": lambda p: p.claims.update(sub=7),
    "an endless subject": lambda p: p.claims.update(sub="s" * 256),
    "NUL in the subject": lambda p: p.claims.update(sub="a\x00b"),
    "keys that are none": lambda p: setattr(p, "keys", lambda: {"keys": [{"kty": "what"}]}),
    "keys that are no list": lambda p: setattr(p, "keys", lambda: {"keys": 7}),
    "no keys": lambda p: setattr(p, "keys", dict),
    "another issuer in its document": lambda p: p.document.update(issuer="https://id.example"),
    "keys elsewhere": lambda p: p.document.update(jwks_uri="http://127.0.0.1:1/keys"),
    "the exchange elsewhere": lambda p: p.document.update(token_endpoint="http://169.254.169.254/latest"),  # noqa: S106
    "a file for the exchange": lambda p: p.document.update(token_endpoint="file:///etc/passwd"),  # noqa: S106
    "a number for the exchange": lambda p: p.document.update(token_endpoint=7),
}


@pytest.mark.parametrize("forgery", list(FORGED))
def test_what_is_not_proven_signs_nobody_in(cast: Cast, provider: Provider, forgery: str) -> None:
    client = Client()
    provider.claims |= {"email": cast.lead.email}
    carried = brought(provider, client)
    FORGED[forgery](provider)
    assert client.get(BACK, carried).headers["Location"] == LOGIN
    assert not is_in(client) and "does not hold" in said(client)
    assert not Identity.objects.exists()


def silent(asked: BaseHTTPRequestHandler) -> bool:
    asked.close_connection = True
    return True


def moved(asked: BaseHTTPRequestHandler) -> bool:
    asked.send_response(302)
    asked.send_header("Location", "http://127.0.0.1:1/")
    asked.end_headers()
    return True


def endless(asked: BaseHTTPRequestHandler) -> bool:
    asked.send_response(200)
    asked.end_headers()
    asked.wfile.write(b'{"a": "' + b"a" * 2**20 + b'"}')
    return True


def nested(asked: BaseHTTPRequestHandler) -> bool:
    asked.send_response(200)
    asked.end_headers()
    asked.wfile.write(b"[" * 100_000)
    return True


@pytest.mark.parametrize("broken", [silent, moved, endless, nested])
def test_a_provider_that_fails_is_said_and_nothing_else_happens(cast: Cast, provider: Provider,
                                                                  broken: Callable[[Any], bool]) -> None:
    client = Client()
    carried = brought(provider, client)
    provider.broken = broken
    assert client.get(START).headers["Location"] == LOGIN
    assert "could not be asked" in said(client)
    assert client.get(BACK, carried).headers["Location"] == LOGIN and not is_in(client)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_no_page_of_another_site_begins_a_sign_in(cast: Cast, provider: Provider, site: str) -> None:
    """Whoever made it may have signed the browser in at the provider as themselves: its person would work as them."""
    client = Client()
    sent = client.get(f"{START}?next=/cases/", headers={"Sec-Fetch-Site": site})
    assert sent.headers["Location"] == f"{LOGIN}?next=%2Fcases%2F" and "single_sign_on" not in client.session
    assert not provider.asked
    assert f"{START}?next=%2Fcases%2F" in client.get(sent.headers["Location"]).content.decode()
    shown = said(client)
    assert f'href="{START}' in shown
    for ours in ("same-origin", "none"):
        assert client.get(START, headers={"Sec-Fetch-Site": ours}).headers["Location"].startswith(provider.issuer)


@pytest.mark.parametrize("wanted", [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "javascript:1", "http:evil.example", " //evil.example", "\t//evil.example", "%2F%2Fevil.example\r\nX: y",
    "http://testserver@evil.example/", "data:,x", ""])
def test_another_site_sends_nobody_anywhere_else(cast: Cast, provider: Provider, wanted: str) -> None:
    for client in (Client(), sign_in(cast.lead)):
        sent = client.get(START, {"next": wanted}, headers={"Sec-Fetch-Site": "cross-site"})
        place = urlsplit(sent.headers["Location"])
        assert (sent.status_code, place.scheme, place.netloc, place.path) == (302, "", "", LOGIN)
        # What stands there as the way on leads to a path of ours, whoever reads it.
        onward = parse_qs(place.query).get("next", ["/"])[0]
        assert urlsplit(urljoin("http://testserver/", onward)).netloc == "testserver"
        further = client.get(sent.headers["Location"]).headers.get("Location", "/")
        assert urlsplit(urljoin("http://testserver/", further)).netloc == "testserver"


def test_an_attackers_own_code_and_state_sign_nobody_in_elsewhere(cast: Cast, provider: Provider) -> None:
    """Their answer of the provider, led into another browser: with a question of its own there, or with none."""
    provider.claims |= {"email": cast.outsider.email}
    attacker, victim = Client(), Client()
    carried, own = brought(provider, attacker), brought(provider, victim)
    for mixed in (carried, {"state": own["state"], "code": carried["code"]}):
        assert victim.get(BACK, mixed).headers["Location"] == LOGIN and not is_in(victim)
    assert not Identity.objects.exists()
