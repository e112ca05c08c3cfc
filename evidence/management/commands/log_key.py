"""`manage.py log_key`: make the log's signing key, change it for another, and print the public ones."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from evidence.custody import rotation, signer
from evidence.custody.services import LogUnwritable
from evidence.custody.tree import LogDamaged
from evidence.tlog import note
from evidence.tlog.ring import Ring


class Command(BaseCommand):
    help = ("Make the log's Ed25519 key in the file SIGNING_KEY (mode 0600) if there is none; print the public keys, "
            "the one that signs now first. --rotate, --retire and --revoke change which keys sign; the log records it.")
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help="the log's origin, such as casework.example.org/log")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--rotate", action="store_true", help="make a new key that signs beside the present one")
        what.add_argument("--retire", action="store_true", help="let the older of two keys sign no more")
        what.add_argument("--revoke", metavar="ID",
                          help="the id (8 hex digits) of a key that strangers may have; needs --from")
        parser.add_argument("--from", dest="since", metavar="SIZE", type=int,
                            help="the first size from which the revoked key's signature counts for nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["revoke"] is None) != (options["since"] is None):
            raise CommandError("--revoke and --from belong together: from which size on is the key not trusted?")
        try:
            for term in self._changed(options) or self._ring(options["name"]):
                self.stdout.write(str(term))
        except (signer.SignerMissing, note.NoteError, rotation.NotNow, LogUnwritable, LogDamaged, DatabaseError,
                OSError) as error:
            raise CommandError(str(error)) from None

    def _changed(self, options: dict[str, Any]) -> Ring | None:
        if options["rotate"]:
            return rotation.rotate()
        if options["retire"]:
            return rotation.retire()
        return rotation.revoke(options["revoke"], options["since"]) if options["revoke"] is not None else None

    def _ring(self, name: str) -> Ring:
        path = Path(settings.SIGNING_KEY)
        if not path.exists():
            if not name:
                raise CommandError(f"there is no key in {path}: give the log's origin with --name to make one")
            signer.make_key(path, name)
        signer.signers()
        ring = signer.public_keys()
        if name and ring[0].key.name != name:
            raise CommandError(f"{path} already signs as {ring[0].key.name}. A log keeps its origin: "
                               "nothing was changed.")
        return ring
