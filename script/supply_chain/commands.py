"""The commands of script/supply: each returns its exit status and prints to people."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from supply_chain import advisories, carried, licences, lock, sbom


def main(arguments: list[str], usage: str) -> int:
    parser = argparse.ArgumentParser(prog="script/supply", description=usage,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sbom")
    commands.add_parser("licences")
    asked = commands.add_parser("advisories")
    asked.add_argument("snapshot", type=Path)
    asked.add_argument("--max-age", type=int, default=7, metavar="DAYS")
    asked.add_argument("--lock", type=Path, default=lock.LOCK, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        if options.command == "sbom":
            print(sbom.text(), end="")
            return 0
        if options.command == "licences":
            return list_licences()
        return hold_against(options.snapshot, options.lock, options.max_age, datetime.now(UTC))
    except lock.Unreadable as error:
        print(error, file=sys.stderr)
        return 2


def list_licences() -> int:
    """Every part with its licence, and 1 where one may not be used."""
    refused = 0
    for name, licence in used():
        refused += bool(licence.objection)
        said = f"REFUSED: {licence.objection}" if licence.objection else licence.why and f"({licence.why})"
        print(f"{name:48} {licence.text} {said}".rstrip())
    if refused:
        print(f"{refused} licences are refused: script/supply_chain/licences.py holds the decisions.", file=sys.stderr)
    return 1 if refused else 0


def used() -> Iterator[tuple[str, licences.Licence]]:
    """Everything that runs, or is given to browsers, with its licence."""
    for pin in lock.read():
        yield f"{pin.name} {pin.version}", licences.of_package(pin.name)
        for part in carried.inside(pin.name):
            yield f"    {part.name} {part.version}".rstrip(), part.licence
    for row in sbom.vendored():
        yield f"{row['name']} {row['version']}", licences.judge(row["name"], [row["licence"]])


def hold_against(snapshot: Path, locked: Path, max_age: int, now: datetime) -> int:
    """Name what in the lock an advisory concerns, and say how old the newest advisory is."""
    pins = lock.read(locked)
    known = advisories.read(snapshot)
    found = advisories.concerning(pins, known)
    for hit in found:
        print(f"{hit.pin.name} {hit.pin.version}: {', '.join(hit.names)}: {hit.summary}\n    {hit.mend}")
    age = now - max(one.modified for one in known)
    if age.days < -1:
        raise lock.Unreadable(f"{snapshot}: the newest advisory is of {(now - age):%Y-%m-%d}, which is still to come")
    print(f"{len(pins)} packages held against {len(known)} advisories for PyPI, the newest of {(now - age):%Y-%m-%d}, "
          f"{max(age.days, 0)} days old: {len(found) or 'none'} to mend.")
    if age.days > max_age or age.days == max_age and age.seconds:
        print(f"The snapshot is older than {max_age} days: fetch a newer one.", file=sys.stderr)
        return 1
    return 1 if found else 0
