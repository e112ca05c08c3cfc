"""The log's Ed25519 key: a private file that only the worker reads, and its public key beside it in `<path>.vkey`."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from evidence.tlog import note


class SignerMissing(Exception):
    """There is no signing key, or no public key beside it, or it cannot be read."""


def make_key(path: Path, name: str) -> note.Key:
    """Make a key that signs as `name` (the log's origin). FileExistsError rather than replace one."""
    if not note.is_name(name):
        raise note.NoteError("the name is empty or has a space or a plus sign")
    private = Ed25519PrivateKey.generate()
    public = note.Key(name, note.ED25519, private.public_key().public_bytes_raw())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, note.PrivateKey(public, private.private_bytes_raw()).text(), 0o600)
    _write(public_path(path), str(public), 0o644)
    return public


def public_path(path: Path) -> Path:
    return path.with_name(path.name + ".vkey")


def public_key(path: Path | None = None) -> note.Key:
    """The log's public key. Raises SignerMissing."""
    file = public_path(path or Path(settings.SIGNING_KEY))
    try:
        key = note.parse_key(file.read_text().strip())
    except (OSError, ValueError) as error:
        raise SignerMissing(f"{file}: {error}") from None
    if key.kind != note.ED25519 or len(key.material) != 32:
        raise SignerMissing(f"{file}: not an Ed25519 key")
    return key


def signer(path: Path | None = None) -> tuple[note.Key, note.Sign]:
    """The public key and the function that signs with its private half. Raises SignerMissing."""
    file = path or Path(settings.SIGNING_KEY)
    try:
        key = note.parse_private_key(file.read_text().strip(), _derive)
    except (OSError, ValueError) as error:
        raise SignerMissing(f"{file}: {error}") from None
    return key.public, Ed25519PrivateKey.from_private_bytes(key.secret).sign


def verifies(key: note.Key, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` is that of `key`; False for any kind of key but Ed25519."""
    if key.kind != note.ED25519 or len(key.material) != 32:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.material).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _derive(secret: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def _write(path: Path, line: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())
