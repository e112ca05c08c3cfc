"""`manage.py verifier --out DIR`: write the offline verifiers, verify.py and verify.html, and print their SHA-256."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.tlog.offline import assemble


class Command(BaseCommand):
    help = "Write verify.py and verify.html, the offline verifiers, into a folder, and print their SHA-256."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, type=Path, help="the folder; it must exist")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, content in (("verify.py", assemble.verify_py()), ("verify.html", assemble.verify_html())):
            try:
                (options["out"] / name).write_bytes(content)
            except OSError as error:
                raise CommandError(str(error)) from None
            self.stdout.write(f"{assemble.digest(content)}  {name}")
