"""`manage.py demo`: make the demo case, once. Sealing its dossier waits for the worker, which does the real work."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from casework.cases.models import Case
from reports.desk.demo import build
from reports.desk.demo.story import PEOPLE


class Command(BaseCommand):
    help = "Makes the demo case through the same services that people use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wait", type=int, default=180, help="seconds to wait for the worker")

    def handle(self, *args: Any, wait: int, **options: Any) -> None:
        if Case.objects.exists():
            self._say("there are cases already, so none was made")
            self._sign_ins()
            return
        case = build.make(self._say)
        deadline = time.monotonic() + wait
        dossier = build.make_dossiers(case, until=deadline)
        self._say(f"dossier {dossier.label}: {dossier.get_state_display()}")
        self._sign_ins()

    def _sign_ins(self) -> None:
        """One line per person. script/server keeps the lines that hold an address and shows them at every start."""
        for name, shown, role in PEOPLE:
            self.stdout.write(f"{name}@demo.example".ljust(29) + f"{role or 'administrator'}, {shown}")

    def _say(self, text: str) -> None:
        self.stdout.write(f"  demo: {text}")
        self.stdout.flush()
