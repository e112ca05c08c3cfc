"""Members → one Zip file that is a BagIt 1.0 bag, hashed while it is written. Knows no rows; docs/bag.md is the format.

Payload comes first, then what describes it, then the manifests over both, then the seal over the manifests."""

import hashlib
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import IO

from evidence.tlog.offline.unassigned import is_assigned

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sha512")
# The first moment that a Zip file can say, and how it says it.
_MOMENT, _DOS_MOMENT = (1980, 1, 1, 0, 0, 0), (0, 33)
_FULL32, _UTF8 = 0xFFFFFFFF, 0x800


class _Info(zipfile.ZipInfo):
    """A member whose local header is the same from every Python: before 3.11.4 those between 2.04 and 2.15 GB got a
    Zip64 field beside sizes that do not point to it, which a strict reader refuses."""

    def FileHeader(self, zip64: bool | None = None) -> bytes:
        name, extra, sizes = self.filename.encode(), b"", (self.compress_size, self.file_size)
        if zip64:
            extra, sizes = struct.pack("<2H2Q", 1, 16, self.file_size, self.compress_size), (_FULL32, _FULL32)
            self.create_version = self.extract_version = zipfile.ZIP64_VERSION
        flags = self.flag_bits | (0 if name.isascii() else _UTF8)
        return struct.pack("<4s5H3L2H", b"PK\3\4", self.extract_version, flags, self.compress_type, *_DOS_MOMENT,
                           self.CRC, *sizes, len(name), len(extra)) + name + extra


class Unpackable(Exception):
    """What was to be packed is not what the rows say. The message is for people."""


@dataclass(frozen=True)
class Member:
    """A file of the bag: its path, its bytes in chunks, how many, and their SHA-256 where that is known before."""

    path: str
    size: int
    chunks: Callable[[], Iterator[bytes]]
    sha256: str = ""


def of_bytes(path: str, data: bytes) -> Member:
    return Member(path, len(data), lambda: iter([data]))


@dataclass(frozen=True)
class Cover:
    """What the bag says of itself. `seal` makes the signed note over the text of the seal."""

    word: str
    origin: str
    case: str
    agent: str
    made_on: date
    seal: Callable[[str], bytes]


class Packer:
    """Writes members below one folder of `file`, and knows the digests of each afterwards."""

    def __init__(self, file: IO[bytes], folder: str):
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._folder = folder
        self.written: dict[str, dict[str, str]] = {}
        self.sizes: dict[str, int] = {}

    def add(self, member: Member) -> None:
        """Raises Unpackable for a name that a bag cannot have and for bytes that are not those announced."""
        check_path(member.path, self.written)
        info = _Info(f"{self._folder}/{member.path}", _MOMENT)
        info.external_attr, info.file_size = 0o100644 << 16, member.size
        digests, size = {name: hashlib.new(name) for name in ALGORITHMS}, 0
        with self._zip.open(info, "w", force_zip64=member.size >= zipfile.ZIP64_LIMIT) as out:
            for chunk in member.chunks():
                out.write(chunk)
                size += len(chunk)
                for digest in digests.values():
                    digest.update(chunk)
        found = {name: digest.hexdigest() for name, digest in digests.items()}
        if size != member.size or member.sha256 not in ("", found["sha256"]):
            raise Unpackable(f"{member.path} is not what was announced: {found['sha256']}, {size} bytes")
        self.written[member.path], self.sizes[member.path] = found, size

    def close(self) -> None:
        self._zip.close()


def pack(file: IO[bytes], folder: str, payload: Iterable[Member], tags: Iterable[Member], cover: Cover) -> None:
    """Write the whole bag. Raises Unpackable; `file` then holds nothing of use."""
    with closing(Packer(file, folder)) as packer:
        _fill(packer, payload, tags, cover)


def _fill(packer: Packer, payload: Iterable[Member], tags: Iterable[Member], cover: Cover) -> None:
    for member in payload:
        packer.add(member)
    lengths = packer.sizes.values()
    tags = [of_bytes("bagit.txt", BAGIT), of_bytes("bag-info.txt", _info(cover, sum(lengths), len(lengths))), *tags]
    tags += [of_bytes(f"manifest-{name}.txt", manifest(packer.written, name)) for name in ALGORITHMS]
    held = dict(packer.written)
    for member in tags:
        packer.add(member)
    described = {path: digests for path, digests in packer.written.items() if path not in held}
    for name in ALGORITHMS:
        packer.add(of_bytes(f"tagmanifest-{name}.txt", manifest(described, name)))
    packer.add(of_bytes("seal", cover.seal(_seal(cover, packer.written))))


def manifest(written: dict[str, dict[str, str]], algorithm: str) -> bytes:
    """One line a file, sorted by path in the order of code points."""
    return "".join(f"{written[path][algorithm]}  {_encoded(path)}\n" for path in sorted(written)).encode()


def check_path(path: str, others: Iterable[str]) -> None:
    """Raises Unpackable for a path that docs/bag.md forbids beside `others`."""
    parts = path.split("/")
    strange = any(character < " " or character in '\\:\x7f' or not is_assigned(character) for character in path)
    if strange or not all(parts) or {".", ".."} & set(parts) or path != unicodedata.normalize("NFC", path):
        raise Unpackable(f"no file of a bag may be called {path!r}")
    if path.casefold() in {other.casefold() for other in others}:
        raise Unpackable(f"two files of the bag would be called {path!r}")


def _encoded(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _info(cover: Cover, size: int, count: int) -> bytes:
    lines = {"Bag-Software-Agent": cover.agent, "Bagging-Date": cover.made_on.isoformat(),
             "Casework-Case": cover.case, "Casework-Origin": cover.origin, "External-Identifier": cover.word,
             "Payload-Oxum": f"{size}.{count}"}
    return "".join(f"{label}: {value}\n" for label, value in lines.items()).encode()


def _seal(cover: Cover, written: dict[str, dict[str, str]]) -> str:
    lines = ["casework-bag/1", cover.origin, cover.word,
             *(f"{name} {written[f'tagmanifest-{name}.txt'][name]}" for name in ALGORITHMS)]
    return "".join(f"{line}\n" for line in lines)
