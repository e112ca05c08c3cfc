"""The log's Ed25519 keys: private files that only the worker reads, and the list of all public keys in `<path>.vkey`.

`<path>` is the key that signs now. While two overlap, the older one lies in `<path>.<its id>`; a key that is being made
lies in `<path>.next` until it is in the list."""

import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from evidence.custody import files
from evidence.tlog import note, ring
from evidence.tlog.ring import Ring


class SignerMissing(Exception):
    """There is no signing key, or no public key beside it, or it cannot be read."""


def make_key(path: Path, name: str) -> note.Key:
    """Make a key that signs as `name` (the log's origin). FileExistsError rather than replace one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = _fresh(name)
    files.create(path, private.text() + "\n", 0o600)
    files.create(public_path(path), f"{private.public}\n", 0o644)
    return private.public


def next_key(path: Path) -> note.Key:
    """The key that is to sign next: made in `<path>.next` unless it lies there already. Raises SignerMissing."""
    file = next_path(path)
    if not file.exists():
        files.replace(file, _fresh(public_key(path).name).text() + "\n", 0o600)
    return _private(file).public


def public_path(path: Path) -> Path:
    return path.with_name(path.name + ".vkey")


def next_path(path: Path) -> Path:
    return path.with_name(path.name + ".next")


def overlap_path(path: Path, key: note.Key) -> Path:
    """Where the private half of a key lies that signs beside the newer one."""
    return path.with_name(f"{path.name}.{key.id.hex()}")


def public_keys(path: Path | None = None) -> Ring:
    """Every public key of the log, the one that signs now first. Raises SignerMissing."""
    file = public_path(path or Path(settings.SIGNING_KEY))
    try:
        found = ring.parse(file.read_text().strip() + "\n")
    except (OSError, ValueError) as error:
        raise SignerMissing(f"{file}: {error}") from None
    if any(term.key.kind != note.ED25519 or len(term.key.material) != 32 for term in found):
        raise SignerMissing(f"{file}: not an Ed25519 key")
    return found


def public_key(path: Path | None = None) -> note.Key:
    """The public key that the log signs with now. Raises SignerMissing."""
    return public_keys(path)[0].key


def signer(path: Path | None = None) -> tuple[note.Key, note.Sign]:
    """The public key that signs now and the function that signs with its private half. Raises SignerMissing."""
    return signers(path)[0]


def signers(path: Path | None = None) -> list[tuple[note.Key, note.Sign]]:
    """Every key that signs now, the newest first. Raises SignerMissing unless the private half of each is here."""
    file = path or Path(settings.SIGNING_KEY)
    terms = [term for term in public_keys(file) if term.signs]
    there = {private.public: private for private in _privates(file, terms)}
    if missing := [str(term.key) for term in terms if term.key not in there]:
        raise SignerMissing(f"{file}: the private half of {missing[0]} is not here")
    return [(term.key, Ed25519PrivateKey.from_private_bytes(there[term.key].secret).sign) for term in terms]


def verifies(key: note.Key, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` is that of `key`; False for any kind of key but Ed25519."""
    if key.kind != note.ED25519 or len(key.material) != 32:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.material).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def replace_keys(path: Path, terms: Ring) -> None:
    """Put `terms` in the place of the list of public keys: all of it or nothing, and on the disk when this returns."""
    files.replace(public_path(path), ring.write(terms), 0o644)


def settle(path: Path) -> None:
    """Put private halves in their places: the key that signs now into `path`, an older one that still signs beside it,
    nothing else. May be called again after it was cut off anywhere."""
    terms, private = public_keys(path), _private(path).public
    try:
        if private != terms[0].key:
            if _private(next_path(path)).public != terms[0].key:
                raise SignerMissing(f"{path}: the private half of {terms[0].key} is not here")
            if not overlap_path(path, private).exists():
                os.link(path, overlap_path(path, private))
            next_path(path).replace(path)
        for term in terms:
            if not term.signs:
                overlap_path(path, term.key).unlink(missing_ok=True)
        files.sync(path.parent)
    except OSError as error:
        raise SignerMissing(str(error)) from None


def _privates(path: Path, terms: list[ring.Term]) -> Iterator[note.PrivateKey]:
    for file in (path, next_path(path), *(overlap_path(path, term.key) for term in terms[1:])):
        if file.exists() or file == path:
            yield _private(file)


def _private(file: Path) -> note.PrivateKey:
    try:
        return note.parse_private_key(file.read_text().strip(), _derive)
    except (OSError, ValueError) as error:
        raise SignerMissing(f"{file}: {error}") from None


def _fresh(name: str) -> note.PrivateKey:
    if not note.is_name(name):
        raise note.NoteError("the name is empty or has a space or a plus sign")
    private = Ed25519PrivateKey.generate()
    return note.PrivateKey(note.Key(name, note.ED25519, private.public_key().public_bytes_raw()),
                           private.private_bytes_raw())


def _derive(secret: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
