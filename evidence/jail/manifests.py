"""The text files of a BagIt package, line by line: declaration, manifests, claims. Pure; runs in the jail."""

import io
import re
from collections.abc import Iterator
from typing import Any

LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}
VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
LONGEST_LINE = 8192
MOST_CLAIMS, LONGEST_CLAIM = 200, 2000
_MANIFEST = re.compile(r"(tag)?manifest-([A-Za-z0-9_-]+)\.txt")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(.+)", re.DOTALL)


class Unfit(Exception):
    """A line is none; the argument is as much of it as people need."""


def manifest_of(path: str) -> tuple[bool, str] | None:
    """Whether it is one of tags, and its algorithm as it is spelt among LENGTHS; None for what is no manifest."""
    found = _MANIFEST.fullmatch(path)
    return (bool(found[1]), found[2].lower().replace("-", "")) if found else None


class _Chunks(io.RawIOBase):
    """Chunks as a stream, so that lines can be read from them."""

    def __init__(self, chunks: Iterator[bytes]):
        self._chunks, self._held = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._held:
            self._held = next(self._chunks, b"")
        length = min(len(buffer), len(self._held))
        buffer[:length], self._held = self._held[:length], self._held[length:]
        return length


def lines(chunks: Iterator[bytes]) -> Iterator[str]:
    """Lines that end with LF, CR or CRLF, without their ends. Raises Unfit for one that is no UTF-8 or endless."""
    text = io.TextIOWrapper(io.BufferedReader(_Chunks(chunks)), encoding="utf-8", newline=None)
    try:
        while line := text.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                raise Unfit(f"{line[:80]}…")
            yield line.removesuffix("\n")
    except UnicodeDecodeError:
        raise Unfit("not UTF-8") from None


def declaration(chunks: Iterator[bytes]) -> tuple[str, str]:
    """Version and encoding of bagit.txt, empty where it does not say. Raises Unfit."""
    said = dict(_fields(lines(chunks)))
    return said.get("BagIt-Version", ""), said.get("Tag-File-Character-Encoding", "")


def claims(chunks: Iterator[bytes]) -> list[list[str]]:
    """Label and value of each field of bag-info.txt, as far as anybody reads. Raises Unfit."""
    found: list[list[str]] = []
    for label, value in _fields(lines(chunks)):
        if len(found) == MOST_CLAIMS:
            break
        found.append([label[:LONGEST_CLAIM], value[:LONGEST_CLAIM]])
    return found


def entries(chunks: Iterator[bytes], algorithm: str, version: str) -> Iterator[tuple[str, str]]:
    """Path and digest (hex, small letters) of each line of a manifest. Raises Unfit."""
    for line in lines(chunks):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if found is None or len(found[1]) != LENGTHS[algorithm]:
            raise Unfit(line[:200])
        yield _path(found[2], version), found[1].lower()


def _path(text: str, version: str) -> str:
    """As it was before it was encoded. Before 1.0 a per cent sign stood for itself, and tools marked binary files."""
    if version != "1.0":
        text = text.removeprefix("*")
    text = re.sub("%0[Dd]", "\r", re.sub("%0[Aa]", "\n", text))
    return text.replace("%25", "%") if version == "1.0" else text


def _fields(of: Iterator[str]) -> Iterator[tuple[str, str]]:
    """`Label: value`, a line that begins with white space going on with the one before."""
    label, value = "", ""
    for line in of:
        if line[:1] in (" ", "\t") and label:
            value = f"{value} {line.strip()}"[:LONGEST_CLAIM]
            continue
        if label:
            yield label, value
        label, colon, value = line.partition(":")
        label, value = label.strip(), value.strip()
        if not colon and label:
            raise Unfit(line[:200])
    if label:
        yield label, value
