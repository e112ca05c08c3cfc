"""A time-stamping authority on loopback: a root, a certificate for P-256, and `openssl ts` behind a small HTTP server.

`forged` makes by hand the answers that no honest program gives."""

import hashlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

POLICY = "1.2.3.4.1"
Key = ec.EllipticCurvePrivateKey
_CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
signer_cert = {folder}/leaf.pem
signer_key = {folder}/leaf.key
signer_digest = sha256
default_policy = {policy}
digests = sha256, sha512
accuracy = secs:1, millisecs:500
ordering = yes
tsa_name = yes
ess_cert_id_alg = sha256
"""


def certificate(name: str, key: Key, issuer: x509.Certificate | None = None, signer: Key | None = None, *,
                authority: bool = False, stamping: bool = False, days: tuple[int, int] = (-30, 30)) -> x509.Certificate:
    """Signed by `signer` as `issuer`, by default by itself; valid between `days` from now."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.subject if issuer else subject)
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now + timedelta(days=days[0])).not_valid_after(now + timedelta(days=days[1]))
               .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
               .add_extension(x509.KeyUsage(digital_signature=not authority, key_cert_sign=authority, crl_sign=False,
                                            content_commitment=False, key_encipherment=False, data_encipherment=False,
                                            key_agreement=False, encipher_only=False, decipher_only=False), True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((signer or key).public_key()), False))
    if stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(signer or key, hashes.SHA256())


class Chain:
    """A root, an issuer below it and a certificate for time-stamping, with their keys."""

    def __init__(self, name: str, *, stamping: bool = True, leaf_days: tuple[int, int] = (-30, 30),
                 issuer_days: tuple[int, int] = (-30, 30)):
        self.root_key, self.issuer_key, self.key = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
        self.root = certificate(f"{name} root", self.root_key, authority=True)
        self.issuer = certificate(f"{name} issuer", self.issuer_key, self.root, self.root_key, authority=True,
                                  days=issuer_days)
        self.leaf = certificate(name, self.key, self.issuer, self.issuer_key, stamping=stamping, days=leaf_days)

    @property
    def whole(self) -> list[x509.Certificate]:
        return [self.leaf, self.issuer, self.root]


class Authority:
    """Answers queries as `openssl ts` does. `answer` may be put in the place of that, `delay`, `drip` (seconds for each
    byte) and `status` added."""

    def __init__(self, folder: Path, chain: Chain | None = None):
        self.folder, self.chain = folder, chain or Chain("authority.example")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder, policy=POLICY))
        (folder / "serial").write_text("0A\n")
        (folder / "leaf.pem").write_bytes(pem(self.chain.leaf))
        (folder / "leaf.key").write_bytes(self.chain.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        self.answer: Callable[[bytes], bytes] = self.reply
        self.delay, self.drip, self.status, self.asked = 0.0, 0.0, 200, 0
        self.url, self.host = "", ""

    def reply(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        subprocess.run(["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"],
                       cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "reply").read_bytes()


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


@contextmanager
def serving(authority: Authority, host: str = "127.0.0.1") -> Iterator[Authority]:
    """`authority.url` answers meanwhile. Several at once need several hosts: 127.0.0.2 and on."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked += 1
            time.sleep(authority.delay)
            body = authority.answer(query)
            self.send_response(authority.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            if authority.status in {301, 302, 307}:
                self.send_header("Location", authority.url + "elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                for part in [body[at:at + 1] for at in range(len(body))] if authority.drip else [body]:
                    self.wfile.write(part)
                    time.sleep(authority.drip)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Tests say what went wrong themselves."""

    with ThreadingHTTPServer((host, 0), Door) as server:
        server.daemon_threads, server.block_on_close = True, False
        authority.host, authority.url = host, f"http://{host}:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield authority
        server.shutdown()
        thread.join()


def configure(settings: Any, folder: Path, *authorities: Authority) -> None:
    """These are the authorities of the deployment, their certificates pinned."""
    folder.mkdir(exist_ok=True)
    settings.TSA_URLS, settings.TSA_CERTIFICATES = [one.url for one in authorities], folder
    for one in authorities:
        (folder / f"{one.host}.pem").write_bytes(pem(*one.chain.whole))


def forged(query: bytes, key: Key, leaf: x509.Certificate, *, embedded: Sequence[x509.Certificate] = (),
           data: bytes = b"", algorithm: str = "sha256", nonce: int | None = None, status: str = "granted",
           gen_time: datetime | None = None, policy: str = POLICY) -> bytes:
    """A response to `query`, signed by `key` as if it were `leaf`'s. With `data` its imprint is of that."""
    asked = tsp.TimeStampReq.load(query)
    imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": algorithm},
                                  "hashed_message": hashlib.new(algorithm, data).digest()}) if data else (
                                      asked["message_imprint"])
    info = tsp.TSTInfo({"version": "v1", "policy": policy, "message_imprint": imprint, "serial_number": 77,
                        "gen_time": gen_time or datetime.now(UTC).replace(microsecond=0),
                        "nonce": asked["nonce"].native if nonce is None else nonce})
    der = leaf.public_bytes(serialization.Encoding.DER)
    own = asn1_x509.Certificate.load(der)
    attributes = cms.CMSAttributes([
        {"type": "content_type", "values": ["tst_info"]},
        {"type": "message_digest", "values": [hashlib.sha256(info.dump()).digest()]},
        {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(
            {"cert_hash": hashlib.sha256(der).digest()})]})]}])
    signer = cms.SignerInfo({
        "version": "v1", "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(
            {"issuer": own.issuer, "serial_number": own.serial_number})}),
        "digest_algorithm": {"algorithm": "sha256"}, "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))})
    signed = cms.SignedData({
        "version": "v3", "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(info.dump())},
        "certificates": [asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER))
                         for one in embedded or [leaf]],
        "signer_infos": [signer]})
    response: bytes = tsp.TimeStampResp({"status": {"status": status}, "time_stamp_token": cms.ContentInfo(
        {"content_type": "signed_data", "content": signed})}).dump()
    return response


def openssl_accepts(folder: Path, response: bytes, chain: Sequence[x509.Certificate], *, query: bytes) -> bool:
    """What `openssl ts -verify` says of an answer to `query`, the last of `chain` being what it trusts."""
    for name, content in (("q", query), ("r", response), ("root.pem", pem(chain[-1])), ("chain.pem", pem(*chain))):
        (folder / name).write_bytes(content)
    done = subprocess.run(["openssl", "ts", "-verify", "-queryfile", "q", "-in", "r", "-CAfile", "root.pem",
                           "-untrusted", "chain.pem"], cwd=folder, capture_output=True, text=True)
    return done.returncode == 0 and "Verification: OK" in done.stdout
