"""An OpenID provider on loopback that signs with keys of its own and lies where a test tells it to."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT, SECRET = "casework", "a secret of the client"  # noqa: S105 - invented


class Provider:
    """`claims` is what it says of whoever comes; `change` may alter a token's claims, `sign` how it is signed."""

    def __init__(self) -> None:
        self.key: Any = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {"sub": "248289761001", "email": "", "email_verified": True}
        self.change: Callable[[dict[str, Any]], dict[str, Any]] = dict
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.document: dict[str, Any] = {}
        self.broken: Callable[[BaseHTTPRequestHandler], bool] = lambda _asked: False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.auth_time: float | None = None
        self.issuer = ""

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})

    def go(self, address: str) -> dict[str, str]:
        """What the browser brings back from `address`, where somebody signed in."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def discovery(self) -> dict[str, Any]:
        return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys"} | self.document

    def keys(self) -> dict[str, Any]:
        return {"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key())) | {
            "kid": "one", "use": "sig", "alg": "RS256"}]}

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        basic = "Basic " + base64.b64encode(b"casework:a%20secret%20of%20the%20client").decode()
        in_form = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if asked is None or not (authorization == basic or in_form):
            return 400, {"error": "invalid_grant"}
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if proof != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"],
                  "auth_time": int(self.auth_time or now)} | self.claims
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.sign(self.change(claims))}


def other_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/authorize?"):
                return self.bring_back()
            return self.answer({"/.well-known/openid-configuration": provider.discovery, "/keys": provider.keys})

        def bring_back(self) -> None:
            """For a browser: somebody is signed in here already."""
            carried = provider.go(self.path)
            back = provider.codes[carried["code"]]["redirect_uri"]
            self.send_response(302)
            self.send_header("Location", f"{back}?{urlencode(carried)}")
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, told = provider.token(form, self.headers.get("Authorization", ""))
            self.answer({"/token": lambda: told}, status)

        def answer(self, known: dict[str, Callable[[], dict[str, Any]]], status: int = 200) -> None:
            provider.asked.append(self.path)
            if provider.broken(self):
                return
            found = known.get(self.path)
            body = json.dumps(found() if found else {}).encode()
            self.send_response(status if found else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_line: Any) -> None:
            """Quiet: tests read what the program writes."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        yield provider
        server.shutdown()
