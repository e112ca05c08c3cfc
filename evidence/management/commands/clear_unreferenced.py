"""`manage.py clear_unreferenced`: name the bytes in the store that no row names; with --yes remove them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.fixity import clearing, reconciled


class Command(BaseCommand):
    help = "Uploads that were cut off leave bytes behind. What is younger than a day, or has a row, is never touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=int, default=24, help="only what is older; 24 at least")
        parser.add_argument("--yes", action="store_true", help="remove them; it is recorded")

    def handle(self, *args: Any, **options: Any) -> None:
        seconds = options["hours"] * 3600
        if seconds < reconciled.ORPHAN_SECONDS:
            raise CommandError("Bytes that are younger than a day may be on their way: --hours 24 at least.")
        found = 0
        for name in clearing.clear(seconds) if options["yes"] else reconciled.unreferenced(seconds):
            self.stdout.write(name)
            found += 1
        self.stdout.write(f"{found} removed." if options["yes"] else f"{found} found; nothing was removed.")
