"""RFC 3161 responses as asn1crypto writes them, without an authority's signature, and a certificate beside them."""

import datetime
from functools import cache
from typing import Any

from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

TIME = datetime.datetime(2026, 3, 14, 18, 5, 9, tzinfo=datetime.UTC)


def response(imprint: bytes, *, serial: int = 1, nonce: int = 1, status: str = "granted", algorithm: str = "sha256",
             parameters: bool = True, time: datetime.datetime = TIME, content_type: str = "tst_info") -> bytes:
    """The whole answer of an authority that stamped `imprint`."""
    how: dict[str, Any] = {"algorithm": algorithm} | ({"parameters": core.Null()} if parameters else {})
    info = tsp.TSTInfo({
        "version": "v1", "policy": "1.2.3.4.1", "serial_number": serial, "gen_time": time, "nonce": nonce,
        "message_imprint": {"hash_algorithm": algos.DigestAlgorithm(how), "hashed_message": imprint},
        "accuracy": {"seconds": 1}})
    content: Any = cms.ParsableOctetString(info.dump())
    signed = cms.SignedData({
        "version": "v3", "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": content_type, "content": content}, "signer_infos": []})
    if status == "rejection":
        # asn1crypto writes no response without a token.
        return bytes.fromhex("30053003020102")
    response: bytes = tsp.TimeStampResp({"status": {"status": status}, "time_stamp_token": {
        "content_type": "signed_data", "content": signed}}).dump()
    return response


@cache
def certificate() -> bytes:
    """A self-made certificate in PEM: it signs nothing here."""
    key = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An invented time authority")])
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
            .not_valid_before(TIME).not_valid_after(TIME + datetime.timedelta(days=365)).sign(key, None))
    return made.public_bytes(Encoding.PEM)
