"""Outside time over checkpoints: who is asked when, what is kept, and what is late or off.

Never in anybody's way: intake and signing go on while an authority is down, slow, or lies."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evidence.custody import authorities, checkpoints, egress, holders, parties, tokens
from evidence.custody.authorities import Authority
from evidence.custody.models import Checkpoint
from evidence.custody.outside import Holding, Party, Timestamp
from evidence.custody.parties import Failed

LARGEST_ANSWER = 64 * 1024
LONGEST_PENDING = timedelta(minutes=60)
LARGEST_SKEW = timedelta(seconds=5)
_TYPE = "application/timestamp-query"


@dataclass(frozen=True)
class State:
    """How it stands with one authority. `unusable` says why it is not asked; `pending_since` is when the oldest
    checkpoint was signed that is younger than its last token."""

    host: str
    unusable: str
    latest: Timestamp | None
    pending_since: datetime | None
    party: Party

    @property
    def skew(self) -> timedelta | None:
        """How far the authority's clock was before ours when its last token came (negative: behind)."""
        return self.latest.gen_time - self.latest.received_at if self.latest else None

    @property
    def skewed(self) -> bool:
        return self.skew is not None and abs(self.skew) > LARGEST_SKEW

    @property
    def late(self) -> bool:
        # Who is asked once a day is not late after an hour.
        longest = max(LONGEST_PENDING, timedelta(seconds=2 * settings.TSA_INTERVAL_SECONDS))
        return self.pending_since is not None and timezone.now() - self.pending_since > longest


def states() -> list[State]:
    """One for each configured authority."""
    return [_state(host) for host in authorities.hosts()]


def stamp_due() -> int:
    """Ask every authority whose turn it is for a token over the newest checkpoint; how many tokens came."""
    checkpoint = checkpoints.latest()
    if checkpoint is None:
        return 0
    return sum(stamp(host, checkpoint) for host in authorities.hosts() if _due(host, checkpoint))


def stamp(host: str, checkpoint: Checkpoint) -> bool:
    """Ask one authority now. What goes wrong is noted, never raised."""
    party = parties.known(Party.Kind.AUTHORITY, host)
    try:
        authority = authorities.load(host)
    except authorities.Unusable:
        return False
    try:
        keep(authority, checkpoint, _ask(authority, checkpoint.note.encode()))
    except Failed as failure:
        parties.failed(party, failure, size=checkpoint.size)
        return False
    parties.succeeded(party, size=checkpoint.size)
    return True


@transaction.atomic
def keep(authority: Authority, checkpoint: Checkpoint, token: tokens.Token) -> Timestamp:
    """Keep a verified token with the certificates that it was verified by; its authority is a holder from now on."""
    row = Timestamp.objects.create(
        checkpoint=checkpoint, authority=authority.host, response=token.response,
        chain=tokens.write_chain(authority.chain), gen_time=token.gen_time, serial=str(token.serial),
        policy=token.policy, accuracy_us=token.accuracy_us, received_at=timezone.now())
    holders.hold(Holding.Kind.AUTHORITY, authority.host, Holding.What.TIMESTAMP, checkpoint.size)
    return row


def _ask(authority: Authority, data: bytes) -> tokens.Token:
    request = tokens.request(data)
    try:
        answer = egress.post(authority.url, request.as_bytes(), content_type=_TYPE, most=LARGEST_ANSWER)
    except egress.Unreachable as error:
        raise Failed(Party.Problem.UNREACHABLE, str(error)) from error
    except egress.TooLarge as error:
        raise Failed(Party.Problem.TOO_LARGE, str(error)) from error
    if answer.status != 200:
        raise Failed(Party.Problem.STATUS, f"HTTP {answer.status}", answer.body)
    try:
        return tokens.read(answer.body, data=data, chain=authority.chain, policy=authority.policy,
                           nonce=request.nonce)
    except tokens.Refused as error:
        raise Failed(Party.Problem.REFUSED, str(error), answer.body) from error


def _due(host: str, checkpoint: Checkpoint) -> bool:
    """At once for the first token, then when there is something new and the interval is over."""
    if not parties.may_be_asked(parties.known(Party.Kind.AUTHORITY, host)):
        return False
    last = _latest(host)
    if last is None:
        return True
    rested = timezone.now() - last.received_at
    # Less than nothing has passed when the clock was set back since.
    return last.checkpoint_id < checkpoint.size and not (
        timedelta() <= rested < timedelta(seconds=settings.TSA_INTERVAL_SECONDS))


def _latest(host: str) -> Timestamp | None:
    return Timestamp.objects.filter(authority=host).order_by("-checkpoint").first()


def _state(host: str) -> State:
    try:
        authorities.load(host)
    except authorities.Unusable as error:
        unusable = str(error)
    else:
        unusable = ""
    last = _latest(host)
    waiting = Checkpoint.objects.filter(size__gt=last.checkpoint_id if last else -1).order_by("size").first()
    return State(host, unusable, last, waiting.signed_at if waiting else None,
                 parties.seen(Party.Kind.AUTHORITY, host))
