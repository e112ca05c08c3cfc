"""The list of a log's keys and the sizes that each signs (docs/custody-log.md, Keys). ValueError says what is wrong."""

from __future__ import annotations

import re
from dataclasses import replace

from evidence.tlog.offline.notes import LOG_KEY, Term, VerifierKey, read_key
from evidence.tlog.offline.plain import number, utf8

_KEY_LINE = re.compile("([^ ]+)(?: from ([1-9][0-9]*))?(?: until ([0-9]+))?(?: revoked ([0-9]+))?")


def read_key_line(line: str) -> VerifierKey:
    """A verifier key, with its sizes where the line says some: those of a log's key."""
    found = _KEY_LINE.fullmatch(line)
    if not found:
        raise ValueError("not a verifier key, nor a line of a list of keys")
    key = read_key(found[1])
    since, until, revoked = (None if said is None else number(said) for said in found.groups()[1:])
    if key.kind != LOG_KEY and line != found[1]:
        raise ValueError("only a log's key has sizes")
    return replace(key, term=Term(since or 0, until, revoked))


def read_ring(data: bytes) -> list[VerifierKey]:
    """Every key of the log, the one that signs now first."""
    text = utf8(data)
    if not text.endswith("\n"):
        raise ValueError("the last line is not ended by LF")
    ring = [read_key_line(line) for line in text[:-1].split("\n") if not line.startswith("#")]
    if any(key.kind != LOG_KEY or not key.usable for key in ring):
        raise ValueError("not an Ed25519 key")
    if not ring or ring[0].term.until is not None or ring[0].term.revoked is not None:
        raise ValueError("the first key is not one that signs")
    if len({key.name for key in ring}) > 1 or len({key.id for key in ring}) < len(ring):
        raise ValueError("keys of two names, or two of one id")
    return ring
