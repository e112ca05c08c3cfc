"""`manage.py verify --all`: prove everything again, name each object that fails, exit 1 if one does.

`verify --receipt FILE` holds a receipt that was kept outside against this system."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.custody.problem import Problem, attempted
from evidence.fixity import audit, receipt
from evidence.tlog.offline.findings import shown


class Command(BaseCommand):
    help = "Verify the custody log, every item, every byte and every second copy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true",
                            help="re-hash and re-prove the whole log and everything in the store")
        parser.add_argument("--case", metavar="REF", help="only the events, items and bytes of one case")
        parser.add_argument("--checkpoint", metavar="FILE", action="append", default=[],
                            help="a checkpoint kept outside, which the log must have grown out of (not with --case)")
        parser.add_argument("--receipt", metavar="FILE", action="append", default=[],
                            help="a receipt kept outside: its entry, its place, its root and its bytes must be here")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        checked: Counter[str] = Counter()
        problems = self._problems(options, checked)
        found = self._print_json(problems, checked) if options["json"] else self._print(problems, checked)
        if options["case"] and not checked["events"]:
            raise CommandError(f"the log knows no case {options['case']}")
        if found:
            raise SystemExit(1)

    def _problems(self, options: dict[str, Any], checked: Counter[str]) -> Iterator[Problem]:
        if not options["all"] and not options["receipt"]:
            raise CommandError("say what to verify: --all, or --receipt FILE")
        receipts = [(name, _read(name)) for name in options["receipt"]]
        found = [attempted(name, receipt.problems, data, name, checked) for name, data in receipts]
        return chain(*found, self._of_all(options, checked) if options["all"] else ())

    def _of_all(self, options: dict[str, Any], checked: Counter[str]) -> Iterator[Problem]:
        if options["case"]:
            if options["checkpoint"]:
                raise CommandError("--checkpoint is for the whole log: a case alone does not make the root")
            return audit.audit_case(options["case"], checked=checked)
        try:
            held = [_read(name).decode() for name in options["checkpoint"]]
        except UnicodeDecodeError as error:
            raise CommandError(f"cannot read the checkpoint: {error}") from None
        return audit.audit_all(held=held, checked=checked)

    def _print(self, problems: Iterator[Problem], checked: Counter[str]) -> int:
        found = 0
        for problem in problems:
            # Both may be words that somebody else put in: they make no line of their own.
            self.stdout.write(shown(f"FAILED {problem.object}: {problem.problem}"))
            found += 1
        counted = ", ".join(f"{count} {name}" for name, count in sorted(checked.items()))
        self.stdout.write(f"{'FAILED' if found else 'VERIFIED'}: {found} problems; checked {counted or 'nothing'}")
        return found

    def _print_json(self, problems: Iterator[Problem], checked: Counter[str]) -> int:
        found = [{"object": problem.object, "problem": problem.problem} for problem in problems]
        self.stdout.write(json.dumps({"verified": not found, "problems": found, "checked": dict(checked)}, indent=1))
        return len(found)


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}") from None
