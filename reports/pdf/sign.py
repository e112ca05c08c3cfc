"""The only door to pyHanko: PAdES B-B signatures with the deployment's PKCS#12 key, and its self-made certificate."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

FIELD = "Signature"
# A self-made certificate proves no more in ten years than today: only that the same key signed.
LIFETIME = timedelta(days=3650)


class NoKey(Exception):
    """The signing key is missing or cannot be opened; the message names the file."""


@dataclass(frozen=True)
class Certificate:
    """What a document says about the key it is signed with. `fingerprint` is the SHA-256 of the certificate."""

    subject: str
    issuer: str
    fingerprint: str
    not_after: datetime

    @property
    def self_made(self) -> bool:
        return self.subject == self.issuer


def certificate(key: Path, passphrase: str) -> Certificate:
    """The signer's certificate in the PKCS#12 file `key`."""
    try:
        _key, found, _chain = pkcs12.load_key_and_certificates(key.read_bytes(), passphrase.encode() or None)
    except (OSError, ValueError) as error:
        raise NoKey(f"{key}: {error}") from error
    if found is None:
        raise NoKey(f"{key} holds no certificate")
    return Certificate(found.subject.rfc4514_string(), found.issuer.rfc4514_string(),
                       found.fingerprint(hashes.SHA256()).hex(), found.not_valid_after_utc)


def sign(pdf: bytes, *, key: Path, passphrase: str, reason: str) -> bytes:
    """`pdf` with a certifying PAdES B-B signature that allows no later change. The field has no appearance."""
    try:
        signer = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
            str(key), passphrase=passphrase.encode() or None)
    except OSError as error:
        raise NoKey(f"{key}: {error}") from error
    if signer is None:
        raise NoKey(f"{key} cannot be opened")
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256", reason=reason,
        certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES)
    # A field of no size with the print flag, as PDF/A wants it.
    field = fields.SigFieldSpec(FIELD)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    signed: BytesIO = signers.PdfSigner(metadata, signer=signer, new_field_spec=field).sign_pdf(writer)
    return signed.getvalue()


def make_key(path: Path, passphrase: str) -> Certificate:
    """Write a new RSA-3072 key with a self-made certificate as PKCS#12, readable by its owner alone."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    now = datetime.now(UTC)
    serial = x509.random_serial_number()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Casework self-made certificate {serial:x}"[:64])])
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
            .serial_number(serial).not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + LIFETIME)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False),
                critical=True)
            .sign(private, hashes.SHA256()))
    encryption: serialization.KeySerializationEncryption = (
        serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption())
    data = pkcs12.serialize_key_and_certificates(b"casework", private, made, None, encryption)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return certificate(path, passphrase)
