"""`manage.py log_key --name ORIGIN`: make the log's signing key if there is none, print its public key."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.custody import signer
from evidence.tlog import note


class Command(BaseCommand):
    help = "Make the log's Ed25519 key in the file SIGNING_KEY (mode 0600) if there is none; print the public key."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help="the log's origin, such as casework.example.org/log")

    def handle(self, *args: Any, **options: Any) -> None:
        path, name = Path(settings.SIGNING_KEY), options["name"]
        try:
            key = signer.signer()[0] if path.exists() else self._make(path, name)
        except (signer.SignerMissing, note.NoteError, OSError) as error:
            raise CommandError(str(error)) from None
        if name and key.name != name:
            raise CommandError(f"{path} already signs as {key.name}. A log keeps its origin: nothing was changed.")
        self.stdout.write(str(key))

    def _make(self, path: Path, name: str) -> note.Key:
        if not name:
            raise CommandError(f"there is no key in {path}: give the log's origin with --name to make one")
        return signer.make_key(path, name)
