"""BagIt 1.0: declaration, bag-info, the four manifests, and every file's digests."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from evidence.tlog.offline.findings import Findings
from evidence.tlog.offline.layout import DECLARATION, INFO, MANIFESTS, SEAL, TAG_MANIFESTS
from evidence.tlog.offline.plain import is_date, is_hex, is_key_name, is_uuid, lines_of, number
from evidence.tlog.offline.sources import Source

_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LABEL = re.compile("[A-Za-z0-9-]+")
_MOST_MANIFEST, _MOST_INFO, _PIECE = 2**26, 2**20, 2**20
_DIGITS = {"sha256": 64, "sha512": 128}
_ESCAPES = {"%25": "%", "%0D": "\r", "%0A": "\n"}
_ESCAPE = re.compile("%..|%")


@dataclass(frozen=True)
class Digests:
    sha256: str
    sha512: str
    size: int


def check_declaration(source: Source, findings: Findings) -> None:
    if source.has(DECLARATION):
        try:
            said = source.read(DECLARATION, len(_DECLARED))
        except ValueError:
            said = b""
        if said != _DECLARED:
            findings.fault("bagit.declaration", DECLARATION)


def read_info(source: Source, findings: Findings) -> dict[str, str]:
    """The values of bag-info.txt that a bag must have; what is not as it must be is left out."""
    if not source.has(INFO):
        return {}
    try:
        lines = [_info_line(line) for line in lines_of(source.read(INFO, _MOST_INFO))]
    except ValueError as error:
        findings.fault("baginfo.syntax", INFO, error)
        return {}
    found = {}
    for label, well in _INFO.items():
        values = [value for name, value in lines if name == label]
        if len(values) != 1:
            findings.fault("baginfo.missing", label, f"is there {len(values)} times")
        elif not well(values[0]):
            findings.fault("baginfo.value", label)
        else:
            found[label] = values[0]
    payload = [source.size(name) for name in source.names() if name.startswith("data/")]
    if found.get("Payload-Oxum", _oxum(payload)) != _oxum(payload):
        findings.fault("baginfo.oxum", "Payload-Oxum", f"the payload is {_oxum(payload)}")
    return found


def check_manifests(source: Source, findings: Findings) -> dict[str, dict[str, str]]:
    """{algorithm: {path: digest}} of all manifests together, after each was held against the files that are there."""
    names = source.names()
    payload = [name for name in names if name.startswith("data/")]
    apart = {SEAL, *TAG_MANIFESTS.values()}
    tags = [name for name in names if not name.startswith("data/") and name not in apart]
    listed: dict[str, dict[str, str]] = {"sha256": {}, "sha512": {}}
    for files, wanted in ((MANIFESTS, payload), (TAG_MANIFESTS, tags)):
        for algorithm, manifest in files.items():
            if source.has(manifest):
                listed[algorithm].update(_manifest(source, manifest, _DIGITS[algorithm], wanted, findings))
    return listed


def check_digests(source: Source, listed: dict[str, dict[str, str]], findings: Findings,
                  progress: Callable[[int], None]) -> dict[str, Digests]:
    """Read every file once, hold it against its digests, and answer what they are."""
    found = {}
    for name in source.names():
        try:
            digests, crc = _digests(source, name, progress)
        except OSError as error:
            findings.fault("layout.unreadable", name, error.strerror or "")
            continue
        if source.crc(name) not in (None, crc):
            findings.fault("zip.crc", name)
        if (listed["sha256"].get(name, digests.sha256) != digests.sha256
                or listed["sha512"].get(name, digests.sha512) != digests.sha512):
            findings.fault("manifest.digest", name, f"sha256 {digests.sha256}")
        found[name] = digests
    return found


def _digests(source: Source, name: str, progress: Callable[[int], None]) -> tuple[Digests, int]:
    """Both digests and the CRC in one pass over the bytes, a mebibyte at a time."""
    one, two, crc, size = hashlib.sha256(), hashlib.sha512(), 0, 0
    with source.open(name) as span:
        while piece := span.read(_PIECE):
            one.update(piece)
            two.update(piece)
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            progress(len(piece))
    if size != source.size(name):
        raise OSError(0, "it changed while it was read")
    return Digests(one.hexdigest(), two.hexdigest(), size), crc


def _manifest(source: Source, manifest: str, digits: int, wanted: list[str], findings: Findings) -> dict[str, str]:
    listed: dict[str, str] = {}
    try:
        last = ""
        for count, line in enumerate(lines_of(source.read(manifest, _MOST_MANIFEST)), 1):
            digest, path = _manifest_line(line, digits, count)
            if listed and path <= last:
                findings.fault("manifest.order", f"{manifest}:{count}")
            listed[path], last = digest, path
    except ValueError as error:
        findings.fault("manifest.syntax", manifest, error)
        return {}
    there = set(wanted)
    for path in listed:
        if path not in there:
            findings.fault("manifest.missing", path, manifest)
    for path in wanted:
        if path not in listed:
            findings.fault("manifest.unlisted", path, manifest)
    return listed


def _manifest_line(line: str, digits: int, count: int) -> tuple[str, str]:
    digest, spaces, path = line[:digits], line[digits:digits + 2], line[digits + 2:]
    if not is_hex(digest, digits) or spaces != "  " or not path:
        raise ValueError(f"line {count} is not a digest, two spaces and a path")
    if any(part not in _ESCAPES for part in _ESCAPE.findall(path)):
        raise ValueError(f"line {count}: only %, CR and LF are percent-encoded")
    return digest, _ESCAPE.sub(lambda found: _ESCAPES[found[0]], path)


def _info_line(line: str) -> tuple[str, str]:
    label, separator, value = line.partition(": ")
    if not separator or not value or not _LABEL.fullmatch(label):
        raise ValueError("a line is not `Label: value`")
    return label, value


def _oxum(sizes: list[int]) -> str:
    return f"{sum(sizes)}.{len(sizes)}"


def _is_oxum(text: str) -> bool:
    octets, _, count = text.partition(".")
    try:
        return number(octets) >= 0 and number(count) >= 0
    except ValueError:
        return False


_INFO: dict[str, Callable[[str], bool]] = {
    "Payload-Oxum": _is_oxum,
    "Bagging-Date": is_date,
    "External-Identifier": lambda text: text.startswith("bag/") and is_uuid(text[4:]),
    "Bag-Software-Agent": bool,
    "Casework-Origin": is_key_name,
    "Casework-Case": lambda text: "/" not in text,
}
