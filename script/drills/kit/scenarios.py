"""What `script/drill syscalls` breaks: taking an upload in, sequencing and signing, sealing a dossier."""

import hashlib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from casework.cases.models import Case
from casework.exhibits import once, services
from casework.exhibits.models import Exhibit, Sighting
from drills.kit import ledger
from evidence.custody import checkpoints, sequencer
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.custody.models import Checkpoint, Leaf, Payload, Pending
from evidence.fixity import audit
from evidence.intake.services import Arrival
from evidence.store import services as store
from reports.dossiers import services as dossiers
from reports.dossiers.models import Dossier
from tests.factories import make_case, make_cast
from tests.reports.story import make_keys, make_story

KEY = "drill-1"
CHUNK = 2**20


def clean(held: tuple[str, ...] = ()) -> list[str]:
    """What `manage.py verify --all` would say, and what lies in the store under a name that is not its hash."""
    found = [f"{problem.object}: {problem.problem}" for problem in audit.audit_all(held=held, checked=Counter())]
    for path in Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]).glob("??/*"):
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            found.append(f"bytes {path.name} are visible and are something else")
    return found


def settle() -> None:
    """What the worker does next, without a fault."""
    while sequencer.sequence():
        pass
    checkpoints.sign_checkpoint()


class Upload:
    """A file of three writes comes in under a key and is lodged; the case has an exhibit already."""

    name, children, usual = "upload", False, 0
    data = bytes(range(256)) * 10_000

    def prepare(self) -> None:
        make_keys()
        case = make_case(make_cast())
        services.lodge_bytes(case, data=b"before", name="before.txt", provenance={}, by=case.opened_by)
        settle()

    def act(self) -> Any:
        case = Case.objects.select_related("opened_by").get()
        with store.begin() as incoming:
            for at in range(0, len(self.data), CHUNK):
                incoming.write(self.data[at:at + CHUNK])
            lodged, before = once.lodge(case, Arrival(incoming, "a.bin", {}), key=KEY, by=case.opened_by)
        return ledger.entry(lodged.exhibit, lodged.item, lodged.receipt, key=KEY) | {"before": before}

    def judge(self, answer: Any, doubt: bool) -> tuple[str, list[str]]:
        lodged = Exhibit.objects.count() - 1
        problems = clean()
        if answer is None and lodged and not doubt:
            problems.append("was refused, and is to be seen all the same")
        verdict = "acknowledged" if answer else "in doubt, and whole" if lodged else "not acknowledged, nothing visible"
        if answer:
            problems += ledger.faults([answer])
        again = self.act()
        settle()
        problems += ledger.faults([again]) + clean()
        if answer and (again | {"before": False}) != (answer | {"before": False}):
            problems.append("the second answer is not the first receipt")
        if again["before"] != bool(lodged):
            problems.append("sent again it was not what it had been")
        if (Exhibit.objects.count(), Sighting.objects.count()) != (2, 0):
            problems.append("sent again it had another effect")
        return verdict, problems


class Sequence:
    """Two hundred events wait; they get their places in several batches, and each is followed by a checkpoint."""

    name, children, usual = "sequence", False, 0
    waiting, batch = 200, 60

    def prepare(self) -> None:
        make_keys()
        self._wait(40)
        settle()
        self._wait(self.waiting)

    def _wait(self, count: int) -> None:
        for number in range(count):
            custody.record(Kind.ACCESS, subject="exhibit/CW-2026-0001/E-001", context="case/CW-2026-0001",
                           agent=custody.SYSTEM, detail={"number": number})

    def act(self) -> Any:
        note = ""
        while sequencer.sequence(self.batch):
            signed = checkpoints.sign_checkpoint()
            note = signed.note if signed else note
        return {"size": checkpoints.log_size(), "note": note}

    def judge(self, answer: Any, doubt: bool) -> tuple[str, list[str]]:
        notes = tuple(Checkpoint.objects.values_list("note", flat=True))
        problems = clean(notes)
        told, placed = Payload.objects.count(), Leaf.objects.count()
        if placed + Pending.objects.count() != told:
            problems.append(f"{told} events, {placed} leaves, {Pending.objects.count()} waiting")
        if answer and (answer["size"], answer["note"] in notes) != (told, True):
            problems.append("it said that it was done, and is not")
        settle()
        problems += clean(notes)
        if Leaf.objects.count() != told:
            problems.append("afterwards an event has no place, or two")
        verdict = "acknowledged" if answer else f"stopped at {placed} of {told}"
        return ("acknowledged" if answer else "stopped, and taken up again" if placed < told else verdict), problems


class Seal:
    """The worker makes and signs the document of an approved dossier, and takes it in."""

    name, children, usual = "seal", False, 72

    def prepare(self) -> None:
        make_story(1).queued()

    def act(self) -> Any:
        dossier = Dossier.objects.get()
        if not dossiers.render_and_seal(dossier.pk):
            raise RuntimeError("not waiting")
        dossier.refresh_from_db()
        if dossier.state != Dossier.State.SEALED:
            raise RuntimeError(dossier.problem)
        assert dossier.item is not None
        return {"sha256": dossier.item.blob_id, "item": str(dossier.item_id)}

    def judge(self, answer: Any, doubt: bool) -> tuple[str, list[str]]:
        dossier = Dossier.objects.get()
        sealed, problems = dossier.state == Dossier.State.SEALED, clean()
        if sealed != (dossier.item_id is not None):
            problems.append(f"is {dossier.state} and has the document {dossier.item_id}")
        if answer and not sealed:
            problems.append("was said to be sealed, and is not")
        if sealed and not answer and not doubt:
            problems.append("the work failed, and it is sealed all the same")
        if sealed:
            assert dossier.item is not None
            if not store.verify(dossier.item.blob_id):
                problems.append("the sealed bytes are not what their name says")
            return "acknowledged" if answer else "in doubt, and whole", problems
        was, problem = dossier.state, dossier.problem
        self._take_up(dossier)
        settle()
        problems += clean()
        failed = was == Dossier.State.FAILED
        return f"failed openly ({problem[:60]})" if failed else "not sealed, taken up again and sealed", problems

    def _take_up(self, dossier: Dossier) -> None:
        """What follows when the claim has run out, or when a person tries again."""
        if dossier.state == Dossier.State.FAILED:
            dossiers.retry(dossier, by=dossier.sealed_by)
        Dossier.objects.filter(pk=dossier.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
        self.act()


SCENARIOS: dict[str, Any] = {kind.name: kind for kind in (Upload, Sequence, Seal)}
