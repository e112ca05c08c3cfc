"""Advisories in OSV form (https://ossf.github.io/osv-schema/) held against the lock.

A snapshot is a file with one advisory or a list of them, a folder with such files at any depth, or a zip with them, as
osv.dev gives out for PyPI. Ranges are ordered as PEP 440 orders versions. What was withdrawn is passed over; what
cannot be judged counts as a hit, for a person to look at."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from supply_chain.lock import Pin, Unreadable

LARGEST = 20_000_000
KINDS = ("introduced", "fixed", "last_affected", "limit")
# Among events of one version: what it is introduced with holds before what mends it.
ORDER = {"introduced": 0, "fixed": 1, "last_affected": 2}
Event = tuple[str, str]


@dataclass(frozen=True)
class Affected:
    """One package of an advisory: versions named one by one, and ranges as lists of events (kind, version)."""

    package: str
    versions: tuple[str, ...]
    ranges: tuple[tuple[Event, ...], ...]


@dataclass(frozen=True)
class Advisory:
    """An advisory about packages of PyPI. `names` are its id and its aliases."""

    names: tuple[str, ...]
    summary: str
    modified: datetime
    withdrawn: bool
    affected: tuple[Affected, ...]


@dataclass(frozen=True)
class Hit:
    """A pin, and all names of one weakness that it has."""

    pin: Pin
    names: tuple[str, ...]
    summary: str
    mend: str


def read(snapshot: Path) -> list[Advisory]:
    """Every advisory that is about PyPI, the withdrawn ones too. Unreadable where one is malformed or there is none."""
    found = [_advisory(where, told) for where, data in _files(snapshot) for told in _told(where, data)]
    about = [one for one in found if one.affected]
    if not about:
        raise Unreadable(f"{snapshot}: holds no advisory about PyPI")
    return about


def concerning(pins: Iterable[Pin], known: Iterable[Advisory]) -> list[Hit]:
    """One Hit for each pin and weakness: advisories of which one names the other are the same weakness."""
    rows = [(one, part) for one in known if not one.withdrawn for part in one.affected]
    by_package: dict[str, list[tuple[Advisory, Affected]]] = {}
    for one, part in rows:
        by_package.setdefault(part.package, []).append((one, part))
    return [hit for pin in pins for hit in _hits(pin, by_package.get(pin.name, []))]


def affects(version: str, part: Affected) -> bool:
    """Whether `version` is one of those named, or lies in a range; InvalidVersion where PEP 440 cannot order one."""
    here = Version(version)
    return any(_same(here, other) for other in part.versions) or any(_in_range(here, events) for events in part.ranges)


def _same(here: Version, other: str) -> bool:
    try:
        return Version(other) == here
    except InvalidVersion:
        # Older than PEP 440: no version of a lock is spelled so.
        return False


def _in_range(here: Version, events: tuple[Event, ...]) -> bool:
    limits = [version for kind, version in events if kind == "limit"]
    if limits and not any(limit == "*" or here < Version(limit) for limit in limits):
        return False
    inside = False
    turns = [(_place(version), ORDER[kind], kind) for kind, version in events if kind in ORDER]
    for at, _, kind in sorted(turns, key=lambda turn: (turn[0] is not None, turn[0] or here, turn[1])):
        if kind == "introduced" and (at is None or here >= at):
            inside = True
        elif at is not None and (kind == "fixed" and here >= at or kind == "last_affected" and here > at):
            inside = False
    return inside


def _place(version: str) -> Version | None:
    """None is before every version."""
    return None if version == "0" else Version(version)


def _hits(pin: Pin, rows: list[tuple[Advisory, Affected]]) -> Iterator[Hit]:
    groups: list[tuple[set[str], list[str], list[str]]] = []
    for one, part in rows:
        if not (mend := _mend(pin, part)):
            continue
        names, summaries, mends = set(one.names), [one.summary], [mend]
        for group in [group for group in groups if group[0] & names]:
            groups.remove(group)
            names, summaries, mends = names | group[0], group[1] + summaries, group[2] + mends
        groups.append((names, summaries, mends))
    for names, summaries, mends in groups:
        summary = next(filter(None, summaries), "no summary")
        yield Hit(pin, tuple(sorted(names)), summary, " / ".join(dict.fromkeys(mends)))


def _mend(pin: Pin, part: Affected) -> str:
    """What to do about it; empty where this version is not affected."""
    try:
        if not affects(pin.version, part):
            return ""
        fixed = {Version(version) for events in part.ranges for kind, version in events if kind == "fixed"}
    except InvalidVersion as error:
        return f"cannot be judged ({error}): look at it"
    later = sorted(version for version in fixed if version > Version(pin.version))
    return f"mended in {', '.join(map(str, later))}" if later else "no version that mends it is named"


def _files(snapshot: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of the snapshot with the name that an error gives it."""
    try:
        if snapshot.is_dir():
            for path in sorted(snapshot.rglob("*.json")):
                yield str(path), path.read_bytes()
        elif zipfile.is_zipfile(snapshot):
            with zipfile.ZipFile(snapshot) as archive:
                for entry in archive.infolist():
                    if entry.filename.endswith(".json"):
                        if entry.file_size > LARGEST:
                            raise Unreadable(f"{snapshot}: {entry.filename} is too large for an advisory")
                        yield f"{snapshot}: {entry.filename}", archive.read(entry)
        else:
            yield str(snapshot), snapshot.read_bytes()
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"{snapshot}: {error}") from None


def _told(where: str, data: bytes) -> list[Any]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{where}: this is not JSON: {error}") from None
    return told if isinstance(told, list) else [told]


def _advisory(where: str, told: Any) -> Advisory:
    if not isinstance(told, dict) or not isinstance(told.get("id"), str):
        raise Unreadable(f"{where}: this is no OSV advisory: it has no id")
    try:
        aliases = _list(told, "aliases", str)
        modified = datetime.fromisoformat(told["modified"])
        affected = tuple(part for row in _list(told, "affected", dict) if (part := _affected(row)) is not None)
        return Advisory((told["id"], *aliases), str(told.get("summary") or ""), modified.astimezone(UTC),
                        bool(told.get("withdrawn")), affected)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Unreadable(f"{where}: {told['id']} is no OSV advisory: {type(error).__name__}: {error}") from None


def _affected(row: dict[str, Any]) -> Affected | None:
    """None where it is about another ecosystem."""
    package = row.get("package") or {}
    if not isinstance(package, dict):
        raise TypeError("package is no object")
    if str(package.get("ecosystem", "")).partition(":")[0] != "PyPI":
        return None
    ranges = [tuple(_event(event) for event in _list(one, "events", dict)) for one in _list(row, "ranges", dict)
              if one.get("type") in {"ECOSYSTEM", "SEMVER"}]
    return Affected(canonicalize_name(package["name"]), tuple(_list(row, "versions", str)), tuple(ranges))


def _event(told: dict[str, Any]) -> Event:
    if len(told) != 1 or (kind := next(iter(told))) not in KINDS or not isinstance(told[kind], str):
        raise ValueError(f"{told} is no event of a range")
    return kind, told[kind]


def _list(told: dict[str, Any], name: str, kind: type) -> list[Any]:
    """The list under `name`; TypeError where it is something else, empty where it is not there."""
    found = told.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, kind) for one in found):
        raise TypeError(f"{name} is no list of {kind.__name__}")
    return found
