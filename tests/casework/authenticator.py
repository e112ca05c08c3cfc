"""A passkey in software, with a browser around it: makes and answers as they do, or wrongly in one chosen way."""

import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG
ADD, SIGN_IN = "/accounts/2fa/passkeys/add/", "/accounts/2fa/passkeys/sign-in/"


class Passkey:
    """One credential. `origin`, `rp` and `flags` may be set to what a forger would send."""

    def __init__(self, credential_id: bytes = b"", counts: bool = True):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = credential_id or sha256(str(id(self)).encode())
        self.counter, self.counts = 0, counts
        self.origin, self.rp = str(settings.BASE_URL), "localhost"
        self.flags = FLAG.UP | FLAG.UV
        self.handle = b""

    def create(self, options: dict[str, Any]) -> str:
        """What the browser sends for navigator.credentials.create."""
        self.handle = websafe_decode(options["user"]["id"])
        key = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        public = AttestedCredentialData.create(b"\0" * 16, self.id, key)
        data = AuthenticatorData.create(sha256(self.rp.encode()), self.flags | FLAG.AT, self._count(), public)
        said = self._said(CollectedClientData.TYPE.CREATE, options["challenge"])
        return self._sent(clientDataJSON=said, attestationObject=AttestationObject.create("none", data, {}))

    def get(self, options: dict[str, Any], **other: bytes) -> str:
        """What it sends for navigator.credentials.get; `other` takes the place of parts of it."""
        data = AuthenticatorData.create(sha256(self.rp.encode()), self.flags, self._count())
        said = self._said(CollectedClientData.TYPE.GET, options["challenge"])
        signature = self.key.sign(data + sha256(said), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": data, "signature": signature, "userHandle": self.handle}
        return self._sent(**parts | other)

    def _count(self) -> int:
        self.counter += self.counts
        return self.counter

    def _said(self, kind: Any, challenge: str) -> bytes:
        return CollectedClientData.create(kind, websafe_decode(challenge), self.origin)

    def _sent(self, **parts: bytes) -> str:
        named = websafe_encode(self.id)
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "clientExtensionResults": {},
                           "response": {name: websafe_encode(part) for name, part in parts.items()}})

    @staticmethod
    def changed(sent: str, part: str, change: Callable[[bytes], bytes]) -> str:
        """What was sent, with the bytes of one part of it changed."""
        read = json.loads(sent)
        read["response"][part] = websafe_encode(change(websafe_decode(read["response"][part])))
        return json.dumps(read)


def enrol(client: Client, passkey: Passkey | None = None, name: str = "Work laptop") -> Passkey:
    """A passkey of whoever is signed in, added on the page."""
    made = passkey or Passkey()
    sent = made.create(asked_on(client, ADD))
    assert client.post(ADD, {"name": name, "credential": sent}).status_code == 302
    return made


def asked_on(client: Client, page: str) -> dict[str, Any]:
    """What a page of the sign-in asks of the passkey: it stands in it for a module of ours, or is fetched by one."""
    if page == SIGN_IN:
        fetched = client.get(page, headers={"Accept": "application/json"}).json()
        return dict(fetched["request_options"]["publicKey"])
    context = client.get(page).context
    options = context["options"] if page == ADD else context["js_data"]["request_options"]
    return json.loads(json.dumps(dict(options), default=dict))["publicKey"]  # type: ignore[no-any-return]
