"""A small vault to be attacked, with the judge that anybody has: `manage.py verify --all`."""

import io
import json
import random
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from stack import postgres

from evidence.archive import services as archive
from evidence.custody import checkpoints, memory, sequencer, services, signer
from evidence.custody.kinds import Kind
from evidence.derivatives import services as derivatives
from evidence.fixity import services as fixity
from tests.casework.exporting import COLUMNS, TABLE, imported
from tests.factories import lodge_png, make_case, make_cast


@dataclass
class Tally:
    """What was done of one kind: found from inside, found only by who holds a checkpoint, refused by the database."""

    name: str
    inside: int = 0
    outside: int = 0
    refused: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.inside + self.outside + self.refused + len(self.missed)

    def __str__(self) -> str:
        words = [f"{self.done} done", f"{self.inside} found from inside",
                 f"{self.outside} found only with an outside checkpoint"]
        words += [f"{self.refused} refused by the database"] if self.refused else []
        return f"tamper {self.name}: {', '.join(words)}, {len(self.missed)} missed"


class Battery:
    """A small vault under attack. `held` is the file with the checkpoint that somebody outside keeps."""

    def __init__(self, server: postgres.Server, seed: int, folder: Path):
        self.server, self.chosen, self.folder = server, random.Random(seed), folder
        signer.make_key(Path(settings.SIGNING_KEY), "drill.example/log")
        self.case = make_case(make_cast())
        self.lead = self.case.opened_by
        for shade in range(6):
            self.lodge(shade)
        # One text more, which is long enough to have a key that texts are matched by.
        told = TABLE + "2026-03-14T13:05:05Z,@delta_five,The harbour in the delta will feed all of our children,6\n"
        self.export = imported(self.case, told, self.lead, "table", columns=COLUMNS)
        archive.archive(self.export.exhibit.item)
        self.grow(60)
        self.held = self.hand_out()
        self.covered = checkpoints.log_size()
        self.grow(40)
        self.hand_out()
        self.grow(5)

    def lodge(self, shade: int) -> None:
        item = lodge_png(self.case, self.lead, shade, platform="x").item
        fixity.rehash(item)
        archive.archive(item)
        if shade % 5 < 2:
            derivatives.derive(item)

    def grow(self, count: int, mark: str = "") -> None:
        for number in range(count):
            services.record(Kind.ACCESS, subject=f"exhibit/{self.case.ref}/E-{number % 6 + 1:03d}",
                            context=f"case/{self.case.ref}", agent=services.SYSTEM,
                            detail={"act": "exhibit_viewed", "number": number, "mark": mark})
        while sequencer.sequence():
            pass

    def hand_out(self, name: str = "held") -> Path:
        """Sign, and write the checkpoint to a file as somebody outside would keep it."""
        # Whoever has the key has the file beside it, too: the databases that change places here are his work.
        memory.path_of().unlink(missing_ok=True)
        signed = checkpoints.sign_checkpoint() or checkpoints.latest()
        assert signed is not None
        file = self.folder / f"{name}-{signed.size}"
        file.write_text(signed.note)
        return file

    def verify(self, *held: Path) -> list[str]:
        """The objects that `manage.py verify --all` names."""
        out = io.StringIO()
        words = [word for file in held for word in ("--checkpoint", str(file))]
        try:
            call_command("verify", "--all", "--json", *words, stdout=out)
        except SystemExit as ended:
            assert ended.code == 1
        answer = json.loads(out.getvalue())
        return [f"{found['object']}: {found['problem']}" for found in answer["problems"]]

    def judge(self, tally: Tally, what: str, *held: Path) -> None:
        if self.verify():
            tally.inside += 1
        elif self.verify(*(held or (self.held,))):
            tally.outside += 1
        else:
            tally.missed.append(what)
