"""The task `bag`: whether a Zip file is a valid BagIt package, what its sender declares, and our own hashes beside it.

Runs in the jail only. `pour` gives the bytes of some of its files."""

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from evidence.jail import manifests, zips
from evidence.jail.manifests import Unfit
from evidence.jail.zips import Member

MOST_MEMBERS, LONGEST_NAME = 10_000, 1024
MOST_BYTES = 64 * 1024**3
# A file that gives more than so many times its own size, and more than is read in a moment, is there to drown us.
DENSEST, UNDOUBTED = 100, 64 * 1024**2
KEPT, LONGEST_TEXT = 500, 300
OURS = "sha256"


class _Stop(Exception):
    """What was found makes it senseless to go on."""


def warm_up() -> None:
    """Use every algorithm and decoder once: afterwards nothing can be loaded any more."""
    for name in manifests.LENGTHS:
        hashlib.new(name, b"").hexdigest()
    b"".decode("cp437")
    list(manifests.lines(iter([b"x\r\n"])))


def work(file: BinaryIO) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The part `told`: problems, files, claims and the rest as JSON."""
    check = _Check(file)
    with suppress(_Stop):
        check.go()
    return {}, {"told": json.dumps(check.told()).encode()}


def pour(file: BinaryIO, wanted: str) -> Iterator[bytes]:
    """The bytes of the members at these places of the directory (numbers with commas), one after the other."""
    found = zips.members(file, MOST_MEMBERS)
    for place in wanted.split(","):
        yield from zips.chunks(file, found[int(place)])


class _Check:
    def __init__(self, file: BinaryIO):
        self._file = file
        self._members: list[Member] = []
        self._base = ""
        # By path below the base, in NFC: what one machine writes composed, another writes decomposed.
        self._files: dict[str, tuple[int, str, Member]] = {}
        self._problems: list[dict[str, str]] = []
        self._count = 0
        self._version = ""
        self._algorithms: list[str] = []
        self._ignored: list[str] = []
        self._claims: list[list[str]] = []
        self._rows: list[dict[str, Any]] = []

    def told(self) -> dict[str, Any]:
        return {"problems": self._problems, "problem_count": self._count, "version": self._version,
                "folder": self._base.rstrip("/"), "algorithms": self._algorithms, "ignored": self._ignored,
                "claims": self._claims, "files": self._rows}

    def go(self) -> None:
        self._read_directory()
        self._find_base()
        self._declaration()
        payload, tags = self._manifests()
        self._fetch()
        declared = self._declared(payload)
        self._payload(declared)
        self._tags(tags)
        self._info()

    def _problem(self, code: str, path: str = "", declared: str = "", found: str = "") -> None:
        self._count += 1
        if len(self._problems) < KEPT:
            self._problems.append({"code": code, "path": _short(path, LONGEST_NAME), "declared": _short(declared),
                                   "found": _short(found)})

    def _read_directory(self) -> None:
        length = self._file.seek(0, 2)
        try:
            self._members = zips.members(self._file, MOST_MEMBERS)
        except zips.Broken as error:
            self._problem("not_zip", found=str(error))
        except zips.TooMany as error:
            self._problem("too_many", declared=str(MOST_MEMBERS), found=str(error))
        total = sum(member.size for member in self._members)
        if total > MOST_BYTES:
            self._problem("too_large", declared=str(MOST_BYTES), found=str(total))
        elif total > UNDOUBTED and total > DENSEST * length:
            self._problem("too_dense", declared=str(length), found=str(total))
        spelt: dict[str, str] = {}
        for member in self._members:
            self._shape(member)
            self._spelling(member, spelt)
        if self._count:
            raise _Stop

    def _shape(self, member: Member) -> None:
        name = member.name
        parts = name.removesuffix("/").split("/")
        if any(part in ("", ".", "..") for part in parts) or "\\" in name or "\x00" in name or name[1:2] == ":" \
                or len(member.raw) > LONGEST_NAME or any("\ud800" <= letter <= "\udfff" for letter in name):
            self._problem("unsafe_path", name)
        if member.is_encrypted:
            self._problem("encrypted", name)
        elif member.method not in (zips.STORED, zips.DEFLATED):
            self._problem("method", name, found=str(member.method))
        if member.is_special or member.is_folder and member.size:
            self._problem("special", name)
        if found := zips.fault(self._file, member):
            self._problem("unreadable", name, found=found)

    def _spelling(self, member: Member, spelt: dict[str, str]) -> None:
        """No two of one name, and no two, nor folders of them, that differ by case alone."""
        name = _key(member.name)
        if name in self._files:
            self._problem("duplicate", member.name)
        self._files[name] = (0, member.name, member)
        parts = name.removesuffix("/").split("/")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            if spelt.setdefault(path.upper().lower(), path) != path:
                self._problem("case", member.name, found=spelt[path.upper().lower()])
                return

    def _find_base(self) -> None:
        """Where bagit.txt lies: at the top or in the one folder there. Then every file by its path from there."""
        tops = [name[:-len("bagit.txt")] for name in self._files
                if name == "bagit.txt" or name.endswith("/bagit.txt") and name.count("/") == 1]
        if not tops:
            self._problem("no_bagit")
            raise _Stop
        self._base, found = min(tops, key=len), {}
        for place, member in enumerate(self._members):
            name = _key(member.name)
            if not name.startswith(self._base):
                self._problem("outside", member.name)
            elif not member.is_folder:
                written = member.name.partition("/")[2] if self._base else member.name
                found[name.removeprefix(self._base)] = (place, written, member)
        self._files = found

    def _declaration(self) -> None:
        try:
            self._version, encoding = manifests.declaration(self._chunks("bagit.txt"))
        except (Unfit, zips.Broken) as error:
            self._problem("version", "bagit.txt", found=str(error))
            raise _Stop from None
        if self._version not in manifests.VERSIONS:
            self._problem("version", "bagit.txt", found=self._version)
        if encoding.upper() != "UTF-8":
            self._problem("encoding", "bagit.txt", found=encoding)
        if self._count:
            raise _Stop

    def _fetch(self) -> None:
        if "fetch.txt" not in self._files:
            return
        try:
            for line in manifests.lines(self._chunks("fetch.txt")):
                if line.strip():
                    self._problem("fetch", "fetch.txt", found=line)
        except (Unfit, zips.Broken) as error:
            self._problem("unreadable", "fetch.txt", found=str(error))

    def _manifests(self) -> tuple[dict[str, str], dict[str, str]]:
        """algorithm → path of the payload's manifests, and of those of tags; only of algorithms that are known."""
        payload: dict[str, str] = {}
        tags: dict[str, str] = {}
        for path in sorted(self._files):
            if (found := manifests.manifest_of(path)) is None:
                continue
            of_tags, algorithm = found
            if algorithm in manifests.LENGTHS:
                # "sha-256" is "sha256": of two that may say different things none is left out in silence.
                if (other := (tags if of_tags else payload).setdefault(algorithm, path)) != path:
                    self._problem("duplicate", path, found=other)
            else:
                self._ignored.append(path[:LONGEST_TEXT])
        self._algorithms = sorted(payload)
        if not payload:
            self._problem("algorithms" if self._ignored else "no_manifest", found=", ".join(self._ignored))
        return payload, tags

    def _declared(self, payload: dict[str, str]) -> dict[str, dict[str, str]]:
        """path → algorithm → digest, of all payload manifests; files that one of them lacks are named."""
        declared: dict[str, dict[str, str]] = defaultdict(dict)
        for algorithm, path in payload.items():
            for listed, digest in self._entries(path, algorithm):
                if not listed.startswith("data/"):
                    self._problem("line", path, found=listed)
                elif algorithm in declared[listed]:
                    self._problem("twice", path, found=listed)
                else:
                    declared[listed][algorithm] = digest
        for listed in declared:
            if listed not in self._files:
                self._problem("missing", listed, declared=_told(declared[listed]))
        for path in self._files:
            lacking = [payload[name] for name in payload if name not in declared.get(path, {})]
            if path.startswith("data/") and lacking and payload:
                unlisted = len(lacking) == len(payload)
                if unlisted or self._version == "1.0":
                    self._problem("unlisted" if unlisted else "not_in_every", path, found=", ".join(lacking))
        return declared

    def _entries(self, path: str, algorithm: str) -> list[tuple[str, str]]:
        found = []
        try:
            for listed, digest in manifests.entries(self._chunks(path), algorithm, self._version):
                found.append((_key(listed), digest))
                if len(found) > MOST_MEMBERS:
                    raise Unfit(f"more than {MOST_MEMBERS} lines")
        except Unfit as error:
            self._problem("line", path, found=str(error))
        except zips.Broken as error:
            self._problem("unreadable", path, found=str(error))
        return found

    def _payload(self, declared: dict[str, dict[str, str]]) -> None:
        for path, (place, written, member) in self._files.items():
            if not path.startswith("data/"):
                continue
            said = declared.get(path, {})
            found = self._digests(path, {*said, OURS}, _told(said))
            if found is None:
                continue
            fits = bool(said) and all(found[name] == digest for name, digest in said.items())
            self._rows.append({"position": place, "path": written, "size": member.size, "sha256": found[OURS],
                               "declared": said, "fits": fits})
            for name, digest in said.items():
                if found[name] != digest:
                    self._problem("mismatch", path, f"{name} {digest}", f"{name} {found[name]}")

    def _tags(self, tags: dict[str, str]) -> None:
        known: dict[str, dict[str, str] | None] = {}
        for algorithm, path in tags.items():
            for listed, digest in self._entries(path, algorithm):
                if listed not in self._files:
                    self._problem("tag_missing", listed, declared=f"{algorithm} {digest}", found=path)
                    continue
                if listed not in known:
                    known[listed] = self._digests(listed, set(tags))
                found = known[listed]
                if found is not None and found[algorithm] != digest:
                    self._problem("tag_mismatch", listed, f"{algorithm} {digest}", f"{algorithm} {found[algorithm]}")

    def _info(self) -> None:
        if "bag-info.txt" not in self._files:
            return
        try:
            self._claims = manifests.claims(self._chunks("bag-info.txt"))
        except (Unfit, zips.Broken) as error:
            self._problem("line", "bag-info.txt", found=str(error))
        sizes = [member.size for path, (_at, _path, member) in self._files.items() if path.startswith("data/")]
        ours = f"{sum(sizes)}.{len(sizes)}"
        for label, value in self._claims:
            if label == "Payload-Oxum" and value != ours:
                self._problem("oxum", "bag-info.txt", value, ours)

    def _digests(self, path: str, names: set[str], declared: str = "") -> dict[str, str] | None:
        """The digests of a file, or None where it cannot be read, which is named."""
        digests = {name: hashlib.new(name) for name in names}
        try:
            for chunk in self._chunks(path):
                for digest in digests.values():
                    digest.update(chunk)
        except zips.Broken as error:
            self._problem("damaged" if declared else "unreadable", path, declared, str(error))
            return None
        return {name: digest.hexdigest() for name, digest in digests.items()}

    def _chunks(self, path: str) -> Iterator[bytes]:
        return zips.chunks(self._file, self._files[path][2])


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path)


def _told(declared: dict[str, str]) -> str:
    return ", ".join(f"{name} {digest}" for name, digest in sorted(declared.items()))


def _short(text: str, most: int = LONGEST_TEXT) -> str:
    """As a message may carry it: no NUL, no half of a pair, not endless."""
    shown = text.replace("\x00", "[NUL]").encode("utf-8", "backslashreplace").decode()
    return shown if len(shown) <= most else f"{shown[:most]}…"
