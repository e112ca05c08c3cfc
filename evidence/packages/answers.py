"""What the jail says of a package, as rows: it is as foreign as the package, and is held to its form."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evidence.intake import names
from evidence.jail.manifests import LENGTHS
from evidence.packages.models import Package, PackageFile
from evidence.store.keys import is_sha256
from evidence.tlog import canonical

# Closed; casework says them in words. docs/bag.md has the list.
CODES = ("not_zip", "too_many", "too_large", "too_dense", "unsafe_path", "encrypted", "method", "special", "duplicate",
         "case", "no_bagit", "outside", "version", "encoding", "fetch", "algorithms", "no_manifest", "line", "twice",
         "missing", "unlisted", "not_in_every", "mismatch", "damaged", "unreadable", "tag_missing", "tag_mismatch",
         "oxum")
WEAK = ("md5", "sha1")
_KEPT = ("version", "folder", "algorithms", "ignored", "claims", "problems", "problem_count")
_OF_A_FILE = ("position", "path", "size", "sha256", "declared", "fits")
_HEX = re.compile(r"[0-9a-f]+")


class Nonsense(Exception):
    """The reader answered something that it would not answer by itself."""


@dataclass(frozen=True)
class Answer:
    """Of each problem code, path, declared and found; of each file position, path, size, sha256, declared, fits."""

    version: str
    folder: str
    algorithms: list[str]
    ignored: list[str]
    claims: list[list[str]]
    problems: list[dict[str, str]]
    problem_count: int
    files: list[dict[str, Any]]

    @property
    def state(self) -> Package.State:
        """What the package is. Where nothing is wrong but that some files are damaged, each of the others is proven by
        itself: it lies in a place of its own and has the hash that its sender declared."""
        if not self.problem_count:
            return Package.State.VALID
        told = len(self.problems) == self.problem_count and {row["code"] for row in self.problems} == {"damaged"}
        if told and self.files and all(row["fits"] for row in self.files):
            return Package.State.DAMAGED
        return Package.State.INVALID


def read(data: bytes) -> Answer:
    """Raises Nonsense."""
    try:
        said = json.loads(data)
        files = [_file(row) for row in said["files"]]
        problems = [{key: names.storable(str(row[key])) for key in ("code", "path", "declared", "found")}
                    for row in said["problems"]]
        found = Answer(
            version=names.storable(str(said["version"]))[:10], folder=names.storable(str(said["folder"])),
            algorithms=[name for name in said["algorithms"] if name in LENGTHS],
            ignored=[names.storable(str(path)) for path in said["ignored"]],
            claims=[[names.storable(str(label)), names.storable(str(value))] for label, value in said["claims"]],
            problems=problems, problem_count=int(said["problem_count"]), files=files)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Nonsense(type(error).__name__) from None
    if len({row["position"] for row in files}) != len(files) or not 0 <= found.problem_count < 2**31 \
            or sum(row["size"] for row in files) >= 2**53:
        raise Nonsense("it counts wrongly")
    if found.problem_count < len(problems) or not {row["code"] for row in problems} <= set(CODES) or (
            not found.problem_count and not all(row["fits"] for row in files)):
        raise Nonsense("it contradicts itself")
    return found


def digest(package: Package, files: Iterable[PackageFile]) -> str:
    """SHA-256 over all that was found, as docs/custody-log.md says: the event of the check binds the rows with it."""
    found: dict[str, Any] = {key: getattr(package, key) for key in _KEPT}
    found["files"] = [{key: getattr(file, key) for key in _OF_A_FILE}
                      for file in sorted(files, key=lambda file: file.position)]
    return hashlib.sha256(canonical.encode(found)).hexdigest()


def _file(row: dict[str, Any]) -> dict[str, Any]:
    declared = {name: str(digest) for name, digest in dict(row["declared"]).items() if name in LENGTHS}
    if not all(_HEX.fullmatch(digest) and len(digest) == LENGTHS[name] for name, digest in declared.items()):
        raise ValueError("no digest")
    sha256, size, position = str(row["sha256"]), int(row["size"]), int(row["position"])
    if not is_sha256(sha256) or not 0 <= size < 2**53 or not 0 <= position < 2**31:
        raise ValueError("no file")
    fits = row["fits"] is True and bool(declared) and declared.get("sha256", sha256) == sha256
    return {"position": position, "path": names.storable(str(row["path"])), "size": size, "sha256": sha256,
            "declared": declared, "fits": fits}
