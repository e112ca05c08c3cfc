"""The log changes keys: a new one signs beside the old, the old is retired, a stolen one is revoked.

Each is an event of the log, recorded before the list of keys beside the private key is changed. Cut off between the
two, the same call again finishes what was begun. A log keeps its origin: its keys share one name."""

import os
import pwd
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from evidence.custody import checkpoints, locks, memory, services, signer
from evidence.custody.kinds import Kind
from evidence.custody.models import Payload
from evidence.custody.problem import Problem
from evidence.tlog import canonical
from evidence.tlog.note import Key
from evidence.tlog.ring import Ring, Term

CONTEXT = "log"
ROTATED, RETIRED, REVOKED = "log_key_rotated", "log_key_retired", "log_key_revoked"
_MEMBERS: dict[str, dict[str, type]] = {
    ROTATED: {"old": str, "new": str, "size": int}, RETIRED: {"key": str, "size": int},
    REVOKED: {"key": str, "size": int, "until": int}}


class NotNow(Exception):
    """The keys are not such that this can be done; the message says what comes first."""


def rotate() -> Ring:
    """A new key signs every later checkpoint, beside the one that signs now. Raises NotNow, SignerMissing."""
    path = Path(settings.SIGNING_KEY)
    with locks.held(locks.SIGNER):
        ring = signer.public_keys()
        begun = signer.next_path(path).exists()
        if begun and signer.next_key(path) == ring[0].key:
            signer.settle(path)
            return ring
        if both := [term for term in ring[1:] if term.signs]:
            raise NotNow(f"{both[0].key} still signs beside the newer key: retire it first")
        new = signer.next_key(path)
        size = _recorded(new, ROTATED, "new")
        if size is None:
            size = _last_size() + 1
            _record(new, ROTATED, size, old=str(ring[0].key), new=str(new))
        return _replace(path, (Term(new, since=size), *ring))


def retire() -> Ring:
    """The older of two keys signs no more; what it has signed keeps counting. Raises NotNow, SignerMissing."""
    path = Path(settings.SIGNING_KEY)
    with locks.held(locks.SIGNER):
        ring = signer.public_keys()
        signer.settle(path)
        older = [term for term in ring[1:] if term.signs]
        if not older:
            raise NotNow("one key signs alone: there is none to retire. Rotate first")
        term, size = older[0], _last_size()
        _record(term.key, RETIRED, size, key=str(term.key))
        return _replace(path, _with(ring, Term(term.key, term.since, until=size)))


def revoke(key_id: str, size: int) -> Ring:
    """The key with this id (8 hex digits) may be in strange hands: nothing that it signed for `size` entries or more
    counts from now on, and it signs no more. Raises NotNow, SignerMissing."""
    path = Path(settings.SIGNING_KEY)
    with locks.held(locks.SIGNER):
        ring = signer.public_keys()
        signer.settle(path)
        found = [term for term in ring if term.key.id.hex() == key_id]
        if not found:
            raise NotNow(f"the log has no key {key_id}")
        term = found[0]
        if term is ring[0]:
            raise NotNow("this key signs now, and a log must have one: rotate first, then revoke it")
        if size < 0 or term.revoked is not None and size > term.revoked:
            raise NotNow(f"this key is revoked from size {term.revoked} on; that cannot be taken back")
        until = _last_size() if term.until is None else term.until
        _record(term.key, REVOKED, size, key=str(term.key), until=until)
        return _replace(path, _with(ring, Term(term.key, term.since, until, size)))


def restate(last: int) -> int:
    """Say again in the log what the list of keys says and the log does not, after a restore that people declared
    put the log back to before it was said, with `last` as the size of its last checkpoint; how many events that took.

    Where the log is now shorter than the first size of a key that signs, the key signs from its next size on. Comes
    before memory.declare_restored, so that after a cut in between both are done again."""
    with locks.held(locks.SIGNER):
        ring, next_size = signer.public_keys(), last + 1
        earlier = tuple(replace(term, since=min(term.since, next_size)) if term.signs else term for term in ring)
        lacking = list(_unsaid(earlier, list(_history())))
        for term, act, more, _ in lacking:
            _record(term.key, act, **more, restated=True)
        _replace(Path(settings.SIGNING_KEY), earlier)
    return len(lacking)


def disagreements() -> Iterator[Problem]:
    """Where the list of keys and the log's own history of its keys say different things."""
    with locks.held(locks.SIGNER):
        told = list(_history())
        try:
            ring = signer.public_keys()
        except signer.SignerMissing:
            return
    for unsaid, _, _, lack in _unsaid(ring, told):
        yield Problem(f"key {unsaid.key}", lack)
    terms = {str(term.key): term for term in ring}
    for act, said in told:
        vkey = str(said.get("new" if act == ROTATED else "key"))
        term = terms.get(vkey)
        if term is None:
            yield Problem(f"key {vkey}", "is named in the log's history of its keys, and is not listed")
        elif act != ROTATED and term.until is None:
            yield Problem(f"key {vkey}", "was ended, as the log says, and is listed as if it signed")
        elif act == REVOKED and (term.revoked is None or term.revoked > said.get("size", 0)):
            yield Problem(f"key {vkey}", f"was revoked from size {said.get('size')} on, and is listed otherwise")


def _unsaid(ring: Ring, told: list[tuple[str, dict[str, Any]]]) -> Iterator[tuple[Term, str, dict[str, Any], str]]:
    """What the list says and no event says: the term, the act that is lacking, its detail, and the lack in words."""
    made = {(said.get("new"), said.get("size")) for act, said in told if act == ROTATED}
    ended = {(said.get("key"), said.get("size" if act == RETIRED else "until")) for act, said in told if act != ROTATED}
    revoked = {(said.get("key"), said.get("size")) for act, said in told if act == REVOKED}
    # The first key of a log is made before there is a log to say so in.
    for newer, older in pairwise(ring):
        if (vkey := str(newer.key), newer.since) not in made:
            yield (newer, ROTATED, {"size": newer.since, "old": str(older.key), "new": vkey},
                   "is listed, and the log does not say that it was made")
    for term in ring:
        vkey = str(term.key)
        if term.revoked is not None and (vkey, term.revoked) not in revoked:
            yield (term, REVOKED, {"size": term.revoked, "key": vkey, "until": term.until},
                   "is listed as revoked, and the log does not say so")
        elif term.until is not None and (vkey, term.until) not in ended:
            yield (term, RETIRED, {"size": term.until, "key": vkey},
                   "is listed as ended, and the log does not say so")


def _replace(path: Path, ring: Ring) -> Ring:
    signer.replace_keys(path, ring)
    signer.settle(path)
    return ring


def _with(ring: Ring, changed: Term) -> Ring:
    return tuple(changed if term.key == changed.key else term for term in ring)


def _last_size() -> int:
    """The largest size that was ever signed."""
    latest, remembered = checkpoints.latest(), memory.head()
    return max(latest.size if latest else 0, remembered.size if remembered else 0)


@transaction.atomic(durable=True)
def _record(about: Key, act: str, size: int, **more: Any) -> None:
    operator = pwd.getpwuid(os.geteuid()).pw_name
    services.record(Kind.DECISION, subject=f"key/{about.id.hex()}", context=CONTEXT, agent=services.SYSTEM,
                    detail={"act": act, "size": size, "operator": operator, **more})


def _recorded(key: Key, act: str, member: str) -> int | None:
    """The size with which an event says this of the key already."""
    return next((int(said["size"]) for told, said in _history() if told == act and said.get(member) == str(key)), None)


def _history() -> Iterator[tuple[str, dict[str, Any]]]:
    """(act, detail) of every event about a key. What does not parse is another check's problem; what is not made like
    the events of this module says nothing about keys."""
    rows = Payload.objects.filter(subject__startswith="key/", context=CONTEXT).order_by("at")
    for content in rows.values_list("content", flat=True):
        try:
            said = canonical.decode(bytes(content))["detail"]
        except (ValueError, LookupError, TypeError):
            continue
        if isinstance(said, dict) and all(isinstance(said.get(name), kind)
                                          for name, kind in _MEMBERS.get(str(said.get("act")), {"": str}).items()):
            yield said["act"], said
