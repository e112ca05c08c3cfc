"""The log is behind what was witnessed of it: that is noticed, told, and ended by a restore that two people declare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from evidence.custody import behind, checkpoints, given_up, locks, memory, rotation, services, standing, tree
from evidence.custody.kinds import Kind
from evidence.custody.models import Checkpoint, Event
from evidence.custody.rewound import Declaration, Rewind
from evidence.custody.services import Receipt

ACT = "log_restored"
CONTEXT = "log"
PREFIX = "rewind/"


@dataclass(frozen=True)
class Witnessed:
    """What somebody knows of the log: `by` is one of Rewind.Witness. `root` and `note` are empty where only a size is
    known; `at` is when it was so, as far as that is known."""

    by: str
    name: str
    size: int
    root: bytes = b""
    note: str = ""
    at: datetime | None = None

    def told(self) -> dict[str, Any]:
        return {"by": self.by, "name": self.name, "size": self.size, "root": self.root.hex(),
                "at": self.at and self.at.isoformat()}


def current() -> Rewind | None:
    """The rewind that waits for a declaration; None while all is well. The database is asked for no more than that."""
    return Rewind.objects.filter(declaration=None).order_by("noticed_at").first()


def word(rewind: Rewind) -> str:
    return f"{PREFIX}{rewind.pk}"


def contradicted(witnessed: Witnessed) -> bool:
    """Whether the log has less than this, or another history of it. Raises LogDamaged where tiles are missing."""
    size = tree.log_size()
    return witnessed.size > size or bool(witnessed.root) and tree.root_at(witnessed.size) != witnessed.root


def remembered() -> list[Witnessed]:
    """What the signer remembers beside its key, where it is here."""
    head = memory.head()
    if head is None:
        return []
    at = datetime.fromtimestamp(memory.path_of().stat().st_mtime, UTC)
    return [Witnessed(Rewind.Witness.SIGNER, "", head.size, head.root, memory.text(), at)]


@transaction.atomic
def notice(how: str, witnessed: Sequence[Witnessed]) -> Rewind | None:
    """Close the log if any of `witnessed` contradicts it; the rewind that is open then, None where none is.

    A database in which nothing was ever recorded is not behind: it waits for a backup, or for another home."""
    locks.take(locks.RECOVERY)
    if not Event.objects.exists():
        return None
    beyond = sorted(filter(contradicted, witnessed), key=lambda one: (one.size, bool(one.root)), reverse=True)
    if (already := current()) is not None or not beyond:
        return already
    size, head = tree.log_size(), beyond[0]
    return Rewind.objects.create(
        noticed_at=timezone.now(), how=how, size=size, root=tree.root_at(size), last_at=standing.time_of(size - 1),
        head_size=head.size, head_root=head.root or None, head_note=head.note, known=[one.told() for one in beyond])


def awaited() -> int:
    """How many entries the signer remembers of a log in which nothing is recorded; 0 where that is not so."""
    return 0 if Event.objects.exists() else max((one.size for one in remembered()), default=0)


@transaction.atomic
def declare(rewind: Rewind, *, reason: str, agent: dict[str, Any], approver: dict[str, Any]) -> Receipt:
    """The log goes on from where it stands: `agent` proposed it, `approver` agreed. Recorded, and after it whatever the
    recovery log holds. Raises LogUnwritable; ValueError unless they are two."""
    if agent == approver or agent.get("id") == approver.get("id") is not None:
        raise ValueError("a declared restore needs two people")
    locks.take(locks.RECOVERY)
    Declaration.objects.create(rewind=rewind, declared_at=timezone.now())
    receipt = services.record(Kind.DECISION, subject=word(rewind), context=CONTEXT, agent=agent, detail={
        "act": ACT, "reason": reason, "approver": approver, "how": str(rewind.how),
        "noticed_at": _text(rewind.noticed_at),
        "restored": {"size": rewind.size, "root": bytes(rewind.root).hex()},
        "given_up": {"size": rewind.head_size, "root": bytes(rewind.head_root or b"").hex()},
        "heads": [{"size": one["size"], "root": one["root"]} for one in rewind.known if one["root"]]})
    with connection.cursor() as cursor:
        for statement in _FOLD:
            cursor.execute(statement)
    return receipt


def sign() -> Checkpoint | None:
    """What the worker does every half minute: sign, unless the log is behind, or what ended that waits for its place. A
    rewind that the signer sees is noticed, and raised; one that was declared is gone on from."""
    if behind.is_behind() or not _gone_on():
        return None
    try:
        return checkpoints.sign_checkpoint()
    except checkpoints.Rewound:
        notice(Rewind.How.SIGNER, remembered())
        raise


def _gone_on() -> bool:
    """After a declared restore, before the first checkpoint: the log says again which keys it has, then the signer
    gives up the head that people gave up, and no other. May be cut off anywhere, and is then done again.

    Rows alone make no signer forget: an entry of the log must say it, so that what is signed next has that entry in it.
    Where the event waits for its place, this waits too (False); where there is none, nothing is given up."""
    declared = Declaration.objects.select_related("rewind").order_by("-declared_at").first()
    latest = checkpoints.latest()
    last = latest.size if latest else 0
    if declared is None or last > declared.rewind.size:
        return True
    mine = remembered()
    known = [(one["size"], one["root"]) for one in declared.rewind.known]
    if any((one.size, one.root.hex()) in known for one in mine):
        places = given_up.places(declared.rewind, {(one.size, one.root.hex()) for one in mine})
        if not any(place is not None for place in places):
            return not places
        rotation.restate(last)
        memory.declare_restored(latest.note if latest else "")
    elif not any(map(contradicted, mine)):
        rotation.restate(last)
    return True


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


_FOLD = (
    "INSERT INTO evidence_event (id, commitment) SELECT event_id, commitment FROM evidence_recovered",
    "INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at) "
    "SELECT event_id, salt, content, kind, subject, context, at FROM evidence_recovered",
    "INSERT INTO evidence_pending (event_id) SELECT event_id FROM evidence_recovered",
    "DELETE FROM evidence_recovered",
)
