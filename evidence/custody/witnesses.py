"""Witnesses (C2SP tlog-witness): each new checkpoint is shown to them with the proof that the log only grew.

What a witness answers is believed only as far as its cosignature verifies; what contradicts us is an alarm."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from django.db import transaction
from django.utils import timezone

from evidence.custody import checkpoints, egress, holders, parties, policies, proofs
from evidence.custody.models import Checkpoint
from evidence.custody.outside import Cosignature, Holding, Party
from evidence.custody.parties import Failed
from evidence.tlog import cosignature, note
from evidence.tlog.policy import Witness

LARGEST_ANSWER = 64 * 1024
# A witness that says where it stands is asked again from there; one that goes on saying so is not.
MOST_TRIES = 3
LARGEST_SKEW = timedelta(seconds=60)
_DIGITS = 19
_YEAR_9999 = 253_402_300_799


@dataclass(frozen=True)
class State:
    """How it stands with one witness of the policy."""

    witness: Witness
    latest: Cosignature | None
    party: Party

    @property
    def alarm(self) -> bool:
        return self.party.problem in parties.ALARMS

    @property
    def skewed(self) -> bool:
        return self.latest is not None and abs(self.latest.cosigned_at - self.latest.received_at) > LARGEST_SKEW


def states() -> list[State]:
    """One for each witness of the policy, asked or not."""
    return [State(witness, _latest(witness), parties.seen(Party.Kind.WITNESS, witness.key.name))
            for witness in policies.current().witnesses]


def verifies(key: note.Key, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` is that of a witness's `key`."""
    try:
        if key.kind == note.COSIGNATURE:
            Ed25519PublicKey.from_public_bytes(key.material).verify(signature, message)
        elif key.kind == note.ML_DSA_44:
            MLDSA44PublicKey.from_public_bytes(key.material).verify(signature, message)
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def submit_due() -> int:
    """Show the newest checkpoint to every witness that has not cosigned it; how many cosignatures came."""
    checkpoint = checkpoints.latest()
    if checkpoint is None:
        return 0
    signed = set(Cosignature.objects.filter(checkpoint=checkpoint).values_list("key", flat=True))
    return sum(submit(witness, checkpoint) for witness in policies.asked() if str(witness.key) not in signed
               and parties.may_be_asked(parties.known(Party.Kind.WITNESS, witness.key.name)))


def submit(witness: Witness, checkpoint: Checkpoint) -> bool:
    """Show `checkpoint` to one witness now. What goes wrong is noted, never raised."""
    party = parties.known(Party.Kind.WITNESS, witness.key.name)
    try:
        keep(witness, checkpoint, _ask(witness, checkpoint))
    except Failed as failure:
        parties.failed(party, failure, size=checkpoint.size)
        return False
    parties.succeeded(party, size=checkpoint.size)
    return True


@transaction.atomic
def keep(witness: Witness, checkpoint: Checkpoint, made: cosignature.Cosignature) -> Cosignature:
    """Keep a verified cosignature; its witness is a holder from now on."""
    row = Cosignature.objects.create(
        checkpoint=checkpoint, witness=witness.key.name, key=str(witness.key), line=made.line,
        cosigned_at=datetime.fromtimestamp(made.time, UTC), received_at=timezone.now())
    holders.hold(Holding.Kind.WITNESS, witness.key.name, Holding.What.COSIGNATURE, checkpoint.size)
    return row


def beyond(checkpoint: Checkpoint) -> list[tuple[str, int]]:
    """Ask every witness now, as after a restore: name and size of each that has cosigned more entries than this."""
    found = []
    for witness in policies.asked():
        try:
            _ask(witness, checkpoint)
        except Failed as failure:
            if failure.problem == Party.Problem.AHEAD:
                found.append((witness.key.name, int(failure.reply)))
    return found


def _ask(witness: Witness, checkpoint: Checkpoint) -> cosignature.Cosignature:
    """Ask from the size that it cosigned last, as far as we know; a witness that knows better says so, once."""
    last = _latest(witness)
    proven = old = last.checkpoint_id if last else 0
    for _try in range(MOST_TRIES):
        answer = _post(witness, old, checkpoint)
        if answer.status == 200:
            return _cosignature(witness, checkpoint, answer)
        if answer.status != 409:
            break
        old = _its_size(answer, old, proven, checkpoint)
    raise _refused(answer)


def _post(witness: Witness, old: int, checkpoint: Checkpoint) -> egress.Answer:
    proof = proofs.consistency(old, checkpoint.size) if old else []
    lines = "".join(f"{line}\n" for line in [f"old {old}", *map(note.encode64, proof), ""])
    try:
        return egress.post(f"{witness.url.rstrip('/')}/add-checkpoint", lines.encode() + checkpoint.note.encode(),
                           content_type="text/plain; charset=utf-8", most=LARGEST_ANSWER)
    except egress.Unreachable as error:
        raise Failed(Party.Problem.UNREACHABLE, str(error)) from error
    except egress.TooLarge as error:
        raise Failed(Party.Problem.TOO_LARGE, str(error)) from error


def _its_size(answer: egress.Answer, asked: int, proven: int, checkpoint: Checkpoint) -> int:
    """The size at which the witness says it stands, where that can be true of an honest one."""
    text = answer.body.removesuffix(b"\n").decode("ascii", "replace")
    if not text.isascii() or not text.isdigit() or str(int(text[:_DIGITS])) != text:
        raise Failed(Party.Problem.STATUS, "HTTP 409 without a size", answer.body)
    size = int(text)
    if size > checkpoint.size:
        raise Failed(Party.Problem.AHEAD, f"it cosigned {size} entries, this log has {checkpoint.size}", answer.body)
    if size < proven:
        raise Failed(Party.Problem.BEHIND, f"it stands at {size} and cosigned {proven} for us", answer.body)
    if size == asked == 0:
        raise Failed(Party.Problem.STATUS, "HTTP 409 from a witness that knows nothing of this log", answer.body)
    if size == asked:
        # It stands where we began: then it is the root, or the proof, that it does not accept.
        raise Failed(Party.Problem.FORK, f"it holds another root at {size} entries", answer.body)
    return size


def _cosignature(witness: Witness, checkpoint: Checkpoint, answer: egress.Answer) -> cosignature.Cosignature:
    text = note.parse(checkpoint.note.encode()).text
    try:
        made = cosignature.find(answer.body, text, witness.key, verifies)
    except ValueError as error:
        raise Failed(Party.Problem.REFUSED, str(error), answer.body) from error
    if made.time > _YEAR_9999:
        raise Failed(Party.Problem.REFUSED, "its time is beyond every calendar", answer.body)
    return made


def _refused(answer: egress.Answer) -> Failed:
    problem = {404: Party.Problem.UNKNOWN_LOG, 403: Party.Problem.UNTRUSTED_KEY, 422: Party.Problem.FORK}.get(
        answer.status, Party.Problem.STATUS)
    return Failed(problem, f"HTTP {answer.status}", answer.body)


def _latest(witness: Witness) -> Cosignature | None:
    return Cosignature.objects.filter(key=str(witness.key)).order_by("-checkpoint").first()
