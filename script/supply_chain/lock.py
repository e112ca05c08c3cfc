"""The lock: what requirements.txt pins, with the hashes under which pip takes it."""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.txt"
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})$")


class Unreadable(Exception):
    """A file is not what it should be; the message names it and says why."""


@dataclass(frozen=True)
class Pin:
    """One pinned package; `name` is normalised, `hashes` are SHA-256 in hex of the files that pip may install."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read(path: Path = LOCK) -> list[Pin]:
    """Every pin, by name. Unreadable for a line that pins nothing exactly, or has no hash."""
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {error}") from None
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    pins = [_pin(path, line.strip()) for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not pins:
        raise Unreadable(f"{path}: pins nothing")
    return sorted(pins, key=lambda pin: pin.name)


def _pin(path: Path, line: str) -> Pin:
    what, *hashes = line.split(" --", 1)[0], *re.findall(r"--\S+", line)
    try:
        requirement = Requirement(what)
    except InvalidRequirement as error:
        raise Unreadable(f"{path}: {line[:60]!r}: {error}") from None
    exact = list(requirement.specifier)
    found = [_HASH.match(word) for word in hashes]
    if len(exact) != 1 or exact[0].operator != "==" or not found or None in found:
        raise Unreadable(f"{path}: {what!r} is not one version with its SHA-256 hashes")
    return Pin(canonicalize_name(requirement.name), exact[0].version, tuple(sorted(one[1] for one in found if one)))
