"""C2SP tlog-policy: the log's keys, the witnesses, and how many of them the sender asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evidence.tlog.offline.notes import LOG_KEY, WITNESS_KEY, VerifierKey, read_key
from evidence.tlog.offline.plain import number, utf8

_FIELDS = re.compile("[ \t]+")
_MOST_LINES = 1000
# A group of witnesses is 1 deep, a group of such groups 2.
_DEEPEST = 16


@dataclass
class Policy:
    """`quorum` names a member of `groups` or of `witnesses`, or is "none"; `depths` are those of the groups."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""
    depths: dict[str, int] = field(default_factory=dict)

    def reached(self, cosigned: set[str]) -> bool:
        """Whether the witnesses whose keys (as text) are in `cosigned` are enough."""
        return self.quorum == "none" or self._counts(self.quorum, cosigned)

    def _counts(self, name: str, cosigned: set[str]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].text in cosigned
        needed, members = self.groups[name]
        return sum(self._counts(member, cosigned) for member in members) >= needed


def read_policy(data: bytes) -> Policy:
    """ValueError with the number of the line that is wrong."""
    text = utf8(data)
    if not text.endswith("\n") or any(char < " " and char not in "\t\n" or char == "\x7f" for char in text):
        raise ValueError("a control character, or the last line is not ended by LF")
    lines, policy = text[:-1].split("\n"), Policy()
    if len(lines) > _MOST_LINES:
        raise ValueError("more lines than any policy")
    for count, line in enumerate(lines, 1):
        words = [word for word in _FIELDS.split(line) if word]
        if words and not words[0].startswith("#"):
            try:
                _say(policy, words)
            except ValueError as error:
                raise ValueError(f"line {count}: {error}") from None
    if not policy.quorum or not policy.logs:
        raise ValueError("no quorum or no log")
    return policy


def _say(policy: Policy, words: list[str]) -> None:
    verb, rest = words[0], words[1:]
    if verb == "log" and len(rest) in (1, 2):
        key = read_key(rest[0])
        if key.kind != LOG_KEY or not key.usable:
            raise ValueError("not an Ed25519 key")
        _once(key, policy.logs)
        policy.logs.append(key)
    elif verb == "witness" and len(rest) in (2, 3):
        key = read_key(rest[1])
        # A witness may have a kind of key that is not known here; it is then said that it was not checked.
        if key.kind == LOG_KEY or (key.kind == WITNESS_KEY and not key.usable):
            raise ValueError("not a witness's key")
        _new(policy, rest[0])
        _once(key, list(policy.witnesses.values()))
        policy.witnesses[rest[0]] = key
    elif verb == "group" and len(rest) >= 3:
        _group(policy, rest[0], rest[1], rest[2:])
    elif verb == "quorum" and len(rest) == 1 and not policy.quorum:
        if rest[0] != "none":
            _defined(policy, rest)
        policy.quorum = rest[0]
    else:
        raise ValueError("not a line of a policy")


def _group(policy: Policy, name: str, threshold: str, members: list[str]) -> None:
    _new(policy, name)
    _defined(policy, members)
    # A witness may count in one way only, so each name is a member of one group at most.
    taken = [member for _, others in policy.groups.values() for member in others]
    if len(set(members)) != len(members) or set(members) & set(taken):
        raise ValueError("a member is there twice")
    needed = {"all": len(members), "any": 1}.get(threshold) or number(threshold)
    if not 1 <= needed <= len(members):
        raise ValueError("more than there are members, or none")
    depth = 1 + max(policy.depths.get(member, 0) for member in members)
    if depth > _DEEPEST:
        raise ValueError("groups within groups, deeper than any policy")
    policy.depths[name] = depth
    policy.groups[name] = needed, members


def _new(policy: Policy, name: str) -> None:
    if name == "none" or name in policy.witnesses or name in policy.groups:
        raise ValueError("a name is given twice")


def _defined(policy: Policy, names: list[str]) -> None:
    if any(name not in policy.witnesses and name not in policy.groups for name in names):
        raise ValueError("a name that is not defined")


def _once(key: VerifierKey, others: list[VerifierKey]) -> None:
    if any(other.material == key.material for other in others):
        raise ValueError("a key is there twice")
