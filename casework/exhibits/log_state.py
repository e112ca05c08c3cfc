"""How the custody log stands, for its page, for the custody pages and for programs: rows and words, nothing decided."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.exhibits import log_words as words
from evidence.archive import locktest
from evidence.custody import holders, policies, published, recovery, signer, standing, timestamps, witnesses
from evidence.custody.outside import Timestamp
from evidence.custody.published import Published
from evidence.custody.rewound import Rewind
from evidence.custody.standing import Exposure, Standing
from evidence.fixity import routine
from evidence.tlog.ring import Ring


@dataclass(frozen=True)
class Outside:
    """The window of the promise in plain view. `shape` is a state of the style sheet."""

    standing: Standing

    @property
    def exposure(self) -> Exposure:
        return self.standing.exposure

    @property
    def words(self) -> Any:
        return words.EXPOSURES[self.exposure]

    @property
    def shape(self) -> str:
        return words.EXPOSURE_SHAPES[self.exposure]

    @property
    def tone(self) -> str:
        """How loud the box around it is."""
        return words.EXPOSURE_TONES[self.exposure]

    @property
    def window(self) -> str:
        return words.duration(self.standing.exposed)

    @property
    def holder(self) -> Any:
        """The one who holds the largest checkpoint: what kind of party, and its name where it is no person's."""
        held = self.standing.held
        return held and words.HOLDERS[held.kind]

    @property
    def who(self) -> str:
        held = self.standing.held
        return held.who if held and held.kind in {"witness", "authority"} else ""


@dataclass(frozen=True)
class Row:
    """One party outside: a witness or an authority. `state` is one of words.PARTY_STATES."""

    name: str
    state: str
    problem: Any = ""
    size: int | None = None
    at: datetime | None = None
    since: datetime | None = None
    skew: str = ""
    token: Timestamp | None = None

    @property
    def words(self) -> Any:
        return words.PARTY_STATES[self.state]

    @property
    def shape(self) -> str:
        return words.PARTY_SHAPES[self.state]


@dataclass(frozen=True)
class Held:
    """One row of the holders. `who` is empty for mailboxes and people: those are counted."""

    kind: str
    who: str
    count: int
    what: str
    size: int
    at: datetime

    @property
    def words(self) -> Any:
        return words.HOLDERS[self.kind]

    @property
    def how(self) -> Any:
        return words.HELD[self.what]


@dataclass(frozen=True)
class Archive:
    """What the last test of the archive's lock found, and when; `state` is one of words.LOCKS."""

    state: str
    at: datetime | None

    @property
    def words(self) -> Any:
        return words.LOCKS[self.state][0]

    @property
    def shape(self) -> str:
        return words.LOCKS[self.state][1]


@dataclass(frozen=True)
class LogState:
    """Everything that the page of the log shows. `vkey` is empty without a public key."""

    outside: Outside
    published: Published | None
    terms: Ring
    holders: list[Held]
    witnesses: list[Row]
    authorities: list[Row]
    quorum: str
    archive: Archive
    fixity: routine.State
    rewind: Rewind | None

    @property
    def vkey(self) -> str:
        return str(self.terms[0].key) if self.terms else ""

    @property
    def earlier_keys(self) -> Ring:
        """The keys before it, each with the sizes that it counts for."""
        return self.terms[1:]

    @property
    def standing(self) -> Standing:
        return self.outside.standing

    @property
    def root(self) -> str:
        latest = self.standing.latest
        return bytes(latest.root).hex() if latest else ""

    @property
    def origin(self) -> str:
        return self.vkey.partition("+")[0]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the verifier key as text, as the verifiers print it."""
        return hashlib.sha256(self.vkey.encode()).hexdigest() if self.vkey else ""


def outside() -> Outside:
    return Outside(standing.standing())


def read() -> LogState:
    try:
        terms: Ring = signer.public_keys()
    except signer.SignerMissing:
        terms = ()
    held = [Held(one.kind, one.who, one.count, one.what, one.size, one.at) for one in holders.each()]
    return LogState(outside(), published.latest(), terms, held, [_witness(one) for one in witnesses.states()],
                    [_authority(one) for one in timestamps.states()], policies.current().quorum, archive(),
                    routine.state(), recovery.current())


def archive() -> Archive:
    last = locktest.latest()
    return Archive(last.result, last.at) if last else Archive("unproven", None)


def _witness(one: witnesses.State) -> Row:
    if one.alarm:
        state = "alarm"
    elif not one.witness.url:
        state = "not_asked"
    elif one.party.failures:
        state = "failing"
    elif one.skewed:
        state = "skewed"
    else:
        state = "well" if one.latest else "waiting"
    latest = one.latest
    return Row(one.witness.key.name, state, words.PROBLEMS.get(one.party.problem, ""),
               latest.checkpoint_id if latest else None, latest.cosigned_at if latest else None,
               one.party.failing_since)


def _authority(one: timestamps.State) -> Row:
    if one.unusable:
        state = "not_asked"
    elif one.late:
        state = "alarm"
    elif one.skewed:
        state = "skewed"
    elif one.party.failures:
        state = "failing"
    else:
        state = "waiting" if one.pending_since else "well"
    latest = one.latest
    return Row(one.host, state, words.PROBLEMS.get(one.party.problem, ""), latest.checkpoint_id if latest else None,
               latest.gen_time if latest else None, one.pending_since, _seconds(one.skew), latest)


def _seconds(skew: timedelta | None) -> str:
    return "" if skew is None else f"{skew.total_seconds():+.1f} s"
