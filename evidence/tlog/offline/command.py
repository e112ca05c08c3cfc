"""The command: reads what it is given, prints the verdict and both lists, and ends with the verdict's number."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from evidence.tlog.offline.findings import shown
from evidence.tlog.offline.judging import Given, judge
from evidence.tlog.offline.notes import VerifierKey
from evidence.tlog.offline.rings import read_key_line
from evidence.tlog.offline.texts import LANGUAGES, isolate, say

WRONG_CALL = 2
_MOST_GIVEN = 2_000_000
_SECONDS_BETWEEN = 0.2


def main(arguments: list[str]) -> int:
    """0 VERIFIED, 1 FAILED, 2 a wrong call, 3 CONSISTENT, 4 KEY NOT ESTABLISHED."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    asked = _parser().parse_args(arguments)
    try:
        given = _given(asked)
        result = judge(given)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"verify.py: {shown(str(error))}\n")
        return WRONG_CALL
    if asked.json:
        sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write(printed(result, asked.lang))
    return int(result["exit"])


def printed(result: dict[str, Any], language: str) -> str:
    """The result for people: verdict, faults, what was checked, what was not, keys, commands."""
    verdict = result["verdict"]
    lines = [say(f"verdict {verdict}", language), say(verdict, language), say("truth", language)]
    bag = result["bag"]
    if bag:
        facts = {name: shown(str(bag[name])) for name in ("identifier", "case", "origin")}
        lines += ["", say("bag", language, **facts)]
        if bag["size"] is not None:
            lines.append(say("head", language, size=bag["size"], root=bag["root"]))
    if result["faults"]:
        lines += ["", say("faults", language)]
        for fault in result["faults"]:
            where = " ".join(part for part in (fault["code"], fault["place"], fault["detail"]) if part)
            lines += [f"  x {say(fault['code'], language)}", f"      {isolate(where) if language == 'ur' else where}"]
    else:
        lines += ["", say("checked", language), *(f"  + {line}" for line in _checked(result, language))]
    lines += ["", say("unchecked", language)]
    lines += [f"  - {_said('unchecked', one, language)}" for one in result["unchecked"]]
    lines += ["", say("keys", language)]
    for key in result["keys"]:
        whose = say("given" if key["given"] else "brought", language)
        lines += [f"  {isolate(shown(key['key'])) if language == 'ur' else shown(key['key'])}",
                  f"      {whose}: {say('fingerprint', language, fingerprint=key['fingerprint'])}"]
    if result["timestamps"]:
        lines += ["", say("commands", language), *(f"  {stamp['command']}" for stamp in result["timestamps"])]
    return "\n".join(lines) + "\n"


def _checked(result: dict[str, Any], language: str) -> list[str]:
    return [*(_said("checked", one, language) for one in result["checked"]),
            *(say("stamped", language, **{name: stamp[name] for name in ("number", "size", "time")})
              for stamp in result["timestamps"])]


def _said(which: str, one: dict[str, Any], language: str) -> str:
    facts = {name: shown(str(value)) for name, value in one.items() if name != "code"}
    if one["code"] == "cosignature":
        facts["time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(min(one["time"], 2**35)))
    return say(f"{which} {one['code']}", language, **facts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Check a Casework bag or receipt, offline, with nothing but Python.",
        epilog="Exit: 0 VERIFIED, 1 FAILED, 2 wrong call, 3 CONSISTENT, 4 KEY NOT ESTABLISHED.")
    parser.add_argument("bag", nargs="?", type=Path, help="the bag: a folder or a Zip file")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY",
                        help="a key that you have from elsewhere, not from the package, as it is or as its line "
                             "in the log's list of keys; may be repeated")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path, metavar="FILE",
                        help="a checkpoint that you kept")
    parser.add_argument("--receipt", action="append", default=[], type=Path, metavar="FILE",
                        help="a receipt that you kept; can be checked without a bag")
    parser.add_argument("--authority", action="append", default=[], type=Path, metavar="PEM",
                        help="the root certificate of a time authority; runs openssl")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of the answer")
    parser.add_argument("--json", action="store_true", help="answer as one JSON object")
    return parser


def _given(asked: argparse.Namespace) -> Given:
    """What was asked for, read. ValueError or OSError for a wrong call."""
    if asked.bag is None and not asked.checkpoint and not asked.receipt:
        raise ValueError("give a bag, a checkpoint or a receipt; --help says how")
    if asked.bag is not None and not (asked.bag.is_dir() or asked.bag.is_file()):
        raise ValueError(f"{asked.bag}: no such folder or file")
    for path in asked.authority:
        if not path.is_file():
            raise ValueError(f"{path}: no such file")
    keys = {key.text: key for key in map(_key, asked.key)}
    return Given(asked.bag, list(keys.values()), [_small(path) for path in asked.checkpoint],
                 [_small(path) for path in asked.receipt], asked.authority, _Progress(sys.stderr).add)


def _key(text: str) -> VerifierKey:
    try:
        key = read_key_line(text.strip())
    except ValueError as error:
        raise ValueError(f"--key {text}: {error}") from None
    if not key.usable:
        raise ValueError(f"--key {text}: not a key of a log or a witness")
    return key


def _small(path: Path) -> bytes:
    if path.stat().st_size > _MOST_GIVEN:
        raise ValueError(f"{path}: too large for a checkpoint or a receipt")
    return path.read_bytes()


class _Progress:
    """Bytes read so far, where somebody watches."""

    def __init__(self, stream: TextIO):
        self._stream, self._read, self._told = stream, 0, time.monotonic()
        self._watched = stream.isatty()

    def add(self, count: int) -> None:
        self._read += count
        if self._watched and time.monotonic() - self._told > _SECONDS_BETWEEN:
            self._told = time.monotonic()
            self._stream.write(f"\r{self._read / 1e6:,.0f} MB \r")
            self._stream.flush()
