"""RFC 3161: ask for a time over bytes, and believe the answer only of the authority whose certificate is pinned."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import TimeStampRequest

_SHA256 = "2.16.840.1.101.3.4.2.1"
_TIME_STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
_GRANTED = 0

Chain = Sequence[x509.Certificate]


class NotAnAuthority(ValueError):
    """These certificates are not those of a time-stamping authority, its own first and its root last."""


class Refused(ValueError):
    """The answer is not a token of this authority over these bytes."""


@dataclass(frozen=True)
class Token:
    """A verified answer. `accuracy_us` is in microseconds, None where the token does not say."""

    response: bytes
    gen_time: datetime
    serial: int
    policy: str
    accuracy_us: int | None


def read_chain(pem: bytes) -> Chain:
    """The certificates in `pem`. Raises NotAnAuthority."""
    try:
        chain = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise NotAnAuthority(f"not certificates in PEM: {error}") from None
    try:
        usage = chain[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        if not usage.critical or list(usage.value) != [_TIME_STAMPING]:
            raise NotAnAuthority("the first certificate is not for time-stamping alone")
        for certificate, issuer in zip(chain, [*chain[1:], chain[-1]], strict=True):
            certificate.verify_directly_issued_by(issuer)
    except x509.ExtensionNotFound:
        raise NotAnAuthority("the first certificate is not for time-stamping") from None
    except InvalidSignature:
        raise NotAnAuthority("a certificate is not signed by the one after it") from None
    except NotAnAuthority:
        raise
    except (ValueError, TypeError) as error:
        raise NotAnAuthority(f"not a chain that ends in its own root: {error}") from None
    return chain


def write_chain(chain: Chain) -> str:
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in chain)


def request(data: bytes) -> TimeStampRequest:
    """A request for `data`: SHA-256, a fresh nonce, and the authority's certificate in the answer."""
    return (TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True)
            .cert_request(cert_request=True).build())


def read(answer: bytes, *, data: bytes, chain: Chain, policy: str = "", nonce: int | None = None) -> Token:
    """The token in `answer` over `data`, signed by the first of `chain` while all of it was valid.

    `policy` (an OID) and `nonce` are compared where they are given. Raises Refused."""
    try:
        response = decode_timestamp_response(answer)
        if response.as_bytes() != answer:
            raise Refused("another encoding of the same response")
        return _read(response, data, chain, policy, nonce)
    except Refused:
        raise
    # What libraries raise over foreign bytes is not closed; each of it refuses the answer.
    except Exception as error:
        raise Refused(f"{type(error).__name__}: {error}") from error


def _read(response: TimeStampResponse, data: bytes, chain: Chain, policy: str, nonce: int | None) -> Token:
    if response.status != _GRANTED:
        raise Refused(f"status {response.status}: {' '.join(response.status_string) or 'not granted'}")
    told = response.tst_info
    if told.message_imprint.hash_algorithm.dotted_string != _SHA256:
        raise Refused("the imprint is not SHA-256")
    if told.message_imprint.message != hashlib.sha256(data).digest():
        raise Refused("the imprint is of other bytes")
    if nonce is not None and told.nonce != nonce:
        raise Refused("the nonce is not ours")
    if policy and told.policy.dotted_string != policy:
        raise Refused(f"the policy is {told.policy.dotted_string}")
    for certificate in chain:
        if not certificate.not_valid_before_utc <= told.gen_time <= certificate.not_valid_after_utc:
            raise Refused("at its time a certificate of the chain was not valid")
    builder = VerifierBuilder().tsa_certificate(chain[0]).add_root_certificate(chain[-1])
    for certificate in chain[1:-1]:
        builder = builder.add_intermediate_certificate(certificate)
    builder.build().verify_message(response, data)
    return Token(response.as_bytes(), told.gen_time, told.serial_number, told.policy.dotted_string, _accuracy(told))


def _accuracy(told: object) -> int | None:
    accuracy = getattr(told, "accuracy", None)
    if accuracy is None:
        return None
    return (accuracy.seconds or 0) * 1_000_000 + (accuracy.millis or 0) * 1000 + (accuracy.micros or 0)
