"""`manage.py backup DIRECTORY`: everything but the keys, proven, in a new folder of DIRECTORY."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from evidence.backup import making, postgres
from evidence.backup.manifest import Unusable
from evidence.custody.signer import SignerMissing
from evidence.custody.tree import LogDamaged
from evidence.store.errors import StoreFull, StoreUnavailable

ERRORS = (Unusable, postgres.Failed, SignerMissing, LogDamaged, StoreFull, StoreUnavailable, DatabaseError, OSError)


class Command(BaseCommand):
    help = ("Back up database and bytes into a new folder of DIRECTORY, read every byte back and hash it. What an "
            "earlier backup put there is not copied again. No key is in it: keep those elsewhere.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="where the backups lie, on another disk; made if need be")
        parser.add_argument("--incomplete", action="store_true",
                            help="make it also where some bytes are in neither store nor archive, and name them in it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = making.make(options["directory"], incomplete=options["incomplete"])
        except (making.Incomplete, *ERRORS) as error:
            raise CommandError(f"{error}. No backup was made.") from None
        told = made.manifest
        self.stdout.write(
            f"{made.path}: {told.log_size} entries of the log, {told.blobs} files with {told.bytes} bytes, each read "
            f"back and hashed; {made.copied} were new, {made.mended} lay damaged and were copied again.")
        for name in told.missing:
            self.stdout.write(f"MISSING {name}")
        if made.unrecorded:
            self.stdout.write(f"The log could not be told of it: {made.unrecorded}. The next backup does that.")
