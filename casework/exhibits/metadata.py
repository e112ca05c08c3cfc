"""The header Upload-Metadata of tus 1.0: `key value, key value …`, where a value is Base64, or missing. Pure."""

import base64
import binascii
import re

LONGEST = 4000
# What senders call the name and the type of a file.
_NAMES, _TYPES = ("filename", "name"), ("filetype", "type")
_KEY = re.compile(r"[!-+\--~]+")


class Malformed(Exception):
    """This is no Upload-Metadata; the message says why."""


def read(header: str) -> dict[str, bytes]:
    """Key → value. Raises Malformed."""
    if len(header) > LONGEST:
        raise Malformed(f"Upload-Metadata is longer than {LONGEST} characters.")
    found: dict[str, bytes] = {}
    for pair in header.split(",") if header.strip() else []:
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise Malformed("A key of Upload-Metadata is empty, not ASCII, or there twice.")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise Malformed(f"The value of {key} in Upload-Metadata is not Base64.") from None
    return found


def written(name: str, claimed_type: str) -> str:
    """The header that says this. Raises Malformed when it would be too long."""
    said = ((_NAMES[0], name), (_TYPES[0], claimed_type))
    header = ",".join(f"{key} {base64.b64encode(value.encode('utf-8', 'replace')).decode()}" for key, value in said
                      if value)
    read(header)
    return header


def described(header: str) -> tuple[str, bytes, str]:
    """The file's name as text and byte for byte, and the type that its sender claims; empty where it says nothing."""
    said = read(header)
    name = next((said[key] for key in _NAMES if key in said), b"")
    claimed = next((said[key] for key in _TYPES if key in said), b"")
    return name.decode("utf-8", "replace"), name, claimed.decode("utf-8", "replace")
