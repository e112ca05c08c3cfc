"""C2SP tlog-policy: which logs and witnesses are known, and whose cosignatures make a checkpoint valid.

Octets above 127 are opaque: they come as surrogates and go as they came. Errors: PolicyError."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from evidence.tlog import note

NONE = "none"
# Bytes of public key by the type of signature: what can sign a checkpoint, and what can cosign one.
LOG_KEYS = {note.ED25519: 32, note.ML_DSA_44: 1312}
WITNESS_KEYS = {note.COSIGNATURE: 32, note.ML_DSA_44: 1312}
_MOST_LINES = 1000
# A group of witnesses is 1 deep, a group of such groups 2; docs/bag.md has the bound for whoever reads the bag.
_DEEPEST = 16
_SPACE = re.compile("[ \t]+")
_COUNT = re.compile(r"[1-9][0-9]{0,4}")


class PolicyError(ValueError):
    """Not a policy; the message names the line."""


@dataclass(frozen=True)
class Log:
    key: note.Key
    url: str = ""


@dataclass(frozen=True)
class Witness:
    """`name` is the policy's own word for it; the name in its signatures is that of its key."""

    name: str
    key: note.Key
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Witnesses a checkpoint when at least `count` of `members` do."""

    name: str
    count: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """`quorum` names a witness or a group, or is NONE."""

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    def met(self, cosigned: Collection[str]) -> bool:
        """Whether cosignatures of the witnesses named in `cosigned` make a checkpoint valid."""
        reached = {NONE, *(witness.name for witness in self.witnesses if witness.name in cosigned)}
        # A group names only what stands before it, so that one pass is enough.
        for group in self.groups:
            if sum(member in reached for member in group.members) >= group.count:
                reached.add(group.name)
        return self.quorum in reached


def parse(data: bytes) -> Policy:
    """The policy in `data`."""
    reader = _Reader()
    for number, words in _lines(data):
        try:
            reader.take(words)
        except ValueError as error:
            raise PolicyError(f"line {number}: {error}") from None
    if reader.quorum is None:
        raise PolicyError("there is no quorum line")
    return Policy(tuple(reader.logs), tuple(reader.witnesses), tuple(reader.groups), reader.quorum)


def write(policy: Policy) -> bytes:
    """The policy as text; `parse` gives it back."""
    lines = [f"log {log.key} {log.url}" for log in policy.logs]
    lines += [f"witness {witness.name} {witness.key} {witness.url}" for witness in policy.witnesses]
    lines += [f"group {group.name} {group.count} {' '.join(group.members)}" for group in policy.groups]
    lines.append(f"quorum {policy.quorum}")
    data = "".join(f"{line.rstrip(' ')}\n" for line in lines).encode("utf-8", "surrogateescape")
    if parse(data) != policy:
        raise PolicyError("this policy has no spelling")
    return data


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    if any(octet < 0x20 and octet not in (0x09, 0x0A) or octet == 0x7F for octet in data):
        raise PolicyError("a control character")
    if data and not data.endswith(b"\n"):
        raise PolicyError("the last line does not end")
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) > _MOST_LINES:
        raise PolicyError(f"more than {_MOST_LINES} lines")
    for number, line in enumerate(lines, start=1):
        words = [word for word in _SPACE.split(line) if word]
        if words and not words[0].startswith("#"):
            yield number, words


class _Reader:
    """What was read so far; each line may name only what stands before it."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self._named: set[str] = set()
        self._members: set[str] = set()
        self._depths: dict[str, int] = {}

    def take(self, words: list[str]) -> None:
        keyword, *rest = words
        if keyword == "log" and len(rest) in (1, 2):
            key = _key(rest[0], LOG_KEYS, [log.key for log in self.logs])
            self.logs.append(Log(key, *rest[1:]))
        elif keyword == "witness" and len(rest) in (2, 3):
            key = _key(rest[1], WITNESS_KEYS, [witness.key for witness in self.witnesses])
            self.witnesses.append(Witness(self._new(rest[0]), key, *rest[2:]))
        elif keyword == "group" and len(rest) >= 3:
            self._group(*rest)
        elif keyword == "quorum" and len(rest) == 1:
            self._quorum(rest[0])
        else:
            raise PolicyError(f"no {keyword} line is like this" if keyword in {"log", "witness", "group", "quorum"}
                              else f"unknown word {keyword!a}")

    def _group(self, name: str, count: str, *members: str) -> None:
        for member in members:
            if member not in self._named:
                raise PolicyError(f"{member!a} is not defined above")
            if member in self._members:
                raise PolicyError(f"{member!a} is a member twice")
            self._members.add(member)
        known = {"all": len(members), "any": 1}
        needed = known.get(count) or (int(count) if _COUNT.fullmatch(count) else 0)
        if not 1 <= needed <= len(members):
            raise PolicyError(f"{count!a} of {len(members)} members cannot be counted")
        self._depths[name] = 1 + max(self._depths.get(member, 0) for member in members)
        if self._depths[name] > _DEEPEST:
            raise PolicyError(f"groups within groups, more than {_DEEPEST} deep")
        self.groups.append(Group(self._new(name), needed, members))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise PolicyError("a second quorum")
        if name != NONE and name not in self._named:
            raise PolicyError(f"{name!a} is not defined above")
        self.quorum = name

    def _new(self, name: str) -> str:
        if name == NONE or name in self._named:
            raise PolicyError(f"{name!a} is defined already")
        self._named.add(name)
        return name


def _key(text: str, lengths: dict[int, int], known: list[note.Key]) -> note.Key:
    key = note.parse_key(text)
    if len(key.material) != lengths.get(key.kind):
        raise PolicyError(f"a key of type {key.kind} and {len(key.material)} bytes cannot sign here")
    if any(key.material == other.material for other in known):
        raise PolicyError("the same public key twice")
    return key
