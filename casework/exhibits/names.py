"""Names of files as this system gives them out. Pure."""

import re
import unicodedata
from urllib.parse import quote

LONGEST = 120
# A file system takes 255 bytes; a case, a label and a position stand before the name.
MOST_BYTES = 200
_TAIL = 20


def download_name(case_ref: str, label: str, name: str) -> str:
    """`CW-2026-0014_E-007_name.png`: nothing in it that a file system, a shell or a reader could take otherwise."""
    return f"{case_ref}_{label}_{harmless(name)}".rstrip("_")


def harmless(name: str) -> str:
    """`name` as a file may be called anywhere, at most 120 characters and 200 bytes of NFC; empty where nothing of it
    is left.

    What stood apart composes once what stood between is gone (a ZWNJ before a hamza), so it is done until nothing
    changes; after the first time a name gets no longer, so this ends."""
    plain = _plain(name)
    while (again := _plain(plain)) != plain:
        plain = again
    return plain


def _plain(name: str) -> str:
    plain = unicodedata.normalize("NFC", name)
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in "ZlZp")
    plain = re.sub(r'[\s/\\:*?"<>|\'`$;&%#{}\[\]()!~^=]+', "_", plain).strip("._- ")
    return _shortened(plain)


def _shortened(plain: str) -> str:
    """The beginning and the end, where the ending of a file is."""
    if len(plain) > LONGEST:
        plain = plain[:LONGEST - _TAIL] + plain[-_TAIL:]
    while len(plain.encode()) > MOST_BYTES:
        plain = plain[:-_TAIL - 1] + plain[-_TAIL:]
    return plain


def disarmed(name: str) -> str:
    """A name under which no system opens a file with anything: what holds malware is called so."""
    return f"{name}.malware"


def attachment(filename: str) -> str:
    """A Content-Disposition (RFC 6266) that every browser takes as a download under this name."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
