"""Where an export's bytes come from: a file, or members of a Zip file that our own check admits; and its lines."""

import unicodedata
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from evidence.jail import zips
from evidence.jail.exports.records import LONGEST_LINE, Attachment, Unreadable

MOST_MEMBERS = 100_000
# What gives more than so many times its own size, and more than is read in a moment, is there to drown us.
DENSEST, UNDOUBTED = 200, 64 * 1024**2
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1256", "iso-8859-1")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Line(NamedTuple):
    """A line of a file with its end. `raw` is cut at the bound where it is not `whole`; the range never is."""

    number: int
    start: int
    end: int
    raw: bytes
    whole: bool


class Source:
    """An open file as a set of members; a file that is no archive is the one member with an empty name."""

    def __init__(self, file: BinaryIO):
        file.seek(0)
        self.file, self.is_zip = file, file.read(4) in (b"PK\3\4", b"PK\5\6")
        self.length = file.seek(0, 2)
        self.members: dict[str, zips.Member] = {}
        if self.is_zip:
            self._admit()

    def _admit(self) -> None:
        try:
            for member in zips.members(self.file, MOST_MEMBERS):
                name = unicodedata.normalize("NFC", member.name)
                if name in self.members:
                    raise Unreadable(f"the archive has two members named {name[:200]!r}")
                if not member.is_folder:
                    self.members[name] = member
        except zips.Broken as error:
            raise Unreadable(f"no archive that has one reading: {error}") from None
        except zips.TooMany as error:
            raise Unreadable(f"the archive has {error} members, and at most {MOST_MEMBERS} are read") from None

    def size(self, member: str) -> int:
        return self.members[member].size if member else self.length

    def chunks(self, member: str) -> Iterator[bytes]:
        """The bytes of a member, or of the file. Raises Unreadable."""
        if not member:
            self.file.seek(0)
            while chunk := self.file.read(zips.CHUNK):
                yield chunk
            return
        found = self.members.get(member)
        if found is None:
            raise Unreadable(f"the archive has no member {member[:200]!r}")
        if found.is_encrypted or found.is_special or found.method not in (zips.STORED, zips.DEFLATED):
            raise Unreadable(f"{member[:200]!r} is encrypted, a link, or packed in a way that is not read")
        if found.size > max(UNDOUBTED, found.packed * DENSEST):
            raise Unreadable(f"{member[:200]!r} would swell to {found.size} bytes from {found.packed}")
        try:
            yield from zips.chunks(self.file, found)
        except zips.Broken as error:
            raise Unreadable(f"{member[:200]!r}: {error}") from None

    def part(self, member: str, start: int, end: int) -> bytes:
        """Some of the bytes of a member, or of the file. Raises Unreadable where there are not so many."""
        if not member:
            self.file.seek(start)
            found = self.file.read(end - start)
        else:
            at, pieces = 0, []
            for chunk in self.chunks(member):
                pieces.append(chunk[max(0, start - at):max(0, end - at)])
                at += len(chunk)
                if at >= end:
                    break
            found = b"".join(pieces)
        if len(found) != end - start:
            raise Unreadable(f"there are no bytes {start} to {end}")
        return found

    def head(self, member: str, most: int = 64 * 1024) -> bytes:
        """The first bytes of a member; nothing of one that cannot be read."""
        data = b""
        try:
            for chunk in self.chunks(member):
                data += chunk
                if len(data) >= most:
                    break
        except Unreadable:
            return b""
        return data[:most]

    def attachment(self, name: str, beside: str) -> Attachment:
        """What the archive has of a file that the member `beside` names, by the folder that this lies in."""
        folder = beside.rpartition("/")[0]
        wanted = unicodedata.normalize("NFC", f"{folder}/{name}" if folder else name)
        found = self.members.get(wanted)
        return Attachment(name, found is not None, found.size if found else 0)


def encoding_of(head: bytes, said: str = "") -> tuple[str, int]:
    """The encoding of a text, and how long its mark is: what the mark says, then what a person said, then UTF-8."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    if said and said not in ENCODINGS:
        raise Unreadable(f"no encoding {said[:40]!r}; there are {', '.join(ENCODINGS)}")
    return said or "utf-8", 0


def lines(chunks: Iterator[bytes], encoding: str = "utf-8", most: int = LONGEST_LINE) -> Iterator[Line]:
    """The lines of a text, whatever is in them, in constant memory. `most` is an even number of bytes."""
    newline, unit = "\n".encode(encoding), 1
    if encoding.startswith("utf-16"):
        chunks, unit = _even(chunks), 2
    number, start, at, held = 1, 0, 0, b""
    for chunk in chunks:
        begin = 0
        while (found := _find(chunk, newline, begin, unit)) >= 0:
            stop = found + unit
            raw = held + chunk[begin:stop] if held else chunk[begin:stop]
            yield Line(number, start, at + stop, raw[:most], at + stop - start <= most)
            number, start, held, begin = number + 1, at + stop, b"", stop
        if begin < len(chunk) and len(held) < most:
            held += chunk[begin:begin + most]
        at += len(chunk)
    if at > start:
        yield Line(number, start, at, held[:most], at - start <= most)


def _even(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, so that no chunk ends within a character of two bytes."""
    odd = b""
    for chunk in chunks:
        chunk = odd + chunk
        whole = len(chunk) & ~1
        odd = chunk[whole:]
        yield chunk[:whole]
    if odd:
        yield odd


def _find(data: bytes, newline: bytes, at: int, unit: int) -> int:
    at = data.find(newline, at)
    while unit == 2 and at >= 0 and at % 2:
        at = data.find(newline, at + 1)
    return at


def decoded(raw: bytes, encoding: str) -> tuple[str, bool]:
    """The text of some bytes, and whether all of them were text."""
    try:
        return raw.decode(encoding), True
    except UnicodeDecodeError:
        return raw.decode(encoding, "replace"), False
