"""`manage.py restore DIRECTORY`: put the newest backup back. With --check prove that it could be, and touch nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.backup import restoring
from evidence.backup.restoring import Restored
from evidence.custody.services import LogUnwritable
from evidence.management.commands.backup import ERRORS
from evidence.store.errors import Damaged
from evidence.tlog.offline.findings import shown


class Command(BaseCommand):
    help = ("Put a backup back into an empty database and an empty store, and prove it. Where somebody is known to "
            "hold more of the log than it has, the system starts read-only, and two people declare the restore.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="a backup, or the folder of backups: then the newest in it")
        parser.add_argument("--check", action="store_true",
                            help="only into a database beside the real one, which is dropped again; for every week")
        parser.add_argument("--held", metavar="FILE", type=Path, action="append", default=[],
                            help="a checkpoint or a receipt that was kept outside: the log should hold as much")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"] and options["held"]:
            raise CommandError("--held says what the restored log lacks; --check restores nothing")
        try:
            done = (restoring.check(options["directory"]) if options["check"]
                    else restoring.restore(options["directory"], options["held"]))
        except (*ERRORS, Damaged, LogUnwritable) as error:
            raise CommandError(f"{error}") from None
        self._say(done, "can be restored" if options["check"] else "is restored")
        if done.problems:
            raise SystemExit(1)

    def _say(self, done: Restored, well: str) -> None:
        for problem in done.problems:
            self.stdout.write(shown(f"FAILED {problem.object}: {problem.problem}"))
        counted = ", ".join(f"{count} {name}" for name, count in sorted(done.checked.items()))
        verdict = f"FAILED: {len(done.problems)} problems" if done.problems else f"VERIFIED: {well}"
        self.stdout.write(f"{verdict}: {done.path}, taken {done.manifest.taken_at}, {done.manifest.log_size} entries "
                          f"of the log; checked {counted}")
        if rewind := done.rewind:
            self.stdout.write(
                f"READ-ONLY: the log has {rewind.size} entries, and {rewind.head_size} were witnessed. "
                f"Lost are entries {rewind.size} to {rewind.head_size - 1}. Tell whoever holds a checkpoint first; "
                "then two administrators declare the restore on the page /recovery/.")
