"""Write the package of a sealed dossier into a folder: the same services as the pages, from a terminal."""

import getpass
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.lifecycle import NotAllowed
from casework.people.models import User
from evidence.custody import checkpoints, sequencer
from evidence.store.errors import Damaged
from reports.bags import services as bags
from reports.bags.models import Bag
from reports.dossiers.models import Dossier
from reports.releases import services as releases


class Command(BaseCommand):
    help = "Write the package of a sealed dossier as a Zip file into a folder; pack it first where there is none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ref", help="CW-2026-0001")
        parser.add_argument("--out", required=True, type=Path, help="the folder to write it into")
        parser.add_argument("--dossier", default="", help="D-001; the newest sealed one where not given")
        parser.add_argument("--by", help="e-mail address of who takes it; whoever sealed it where not given")
        parser.add_argument("--purpose", default="taken from a terminal", help="recorded in the custody log")

    def handle(self, *args: Any, ref: str, out: Path, dossier: str, by: str | None, purpose: str,
               **options: Any) -> None:
        sealed = _sealed(ref, dossier)
        person = _person(by) if by else sealed.sealed_by
        try:
            bag = self._packed(sealed, person)
            # Whoever has a shell may take it in anybody's name; the record says that a shell it was, and whose.
            chunks = releases.download_bag(bag, purpose=f"{purpose} (at a terminal, as {getpass.getuser()})", by=person)
            path = out / bags.filename(bag)
            with path.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
        except (ValidationError, NotAllowed) as error:
            raise CommandError(str(error)) from error
        except PermissionDenied as error:
            raise CommandError(f"Not permitted: {error}") from error
        except FileExistsError as error:
            raise CommandError(f"{error.filename} exists; it is not overwritten.") from error
        except FileNotFoundError as error:
            raise CommandError(f"There is no folder {out}.") from error
        except Damaged as error:
            path.unlink(missing_ok=True)
            raise CommandError("The stored package is damaged; nothing was written.") from error
        assert bag.item is not None
        self.stdout.write(f"{sealed.case.ref}/{sealed.label} {bag.item.blob_id} {path}")

    def _packed(self, sealed: Dossier, person: Any) -> Bag:
        """The newest bag, or a new one: sequenced, signed and packed here, without waiting for a worker."""
        rows = sealed.bags.select_related("dossier__case", "item__blob")
        made: Bag | None = rows.filter(state=Bag.State.MADE).first()
        if made is not None:
            return made
        asked = bags.ask(sealed, by=person)
        while sequencer.sequence():
            pass
        checkpoints.sign_checkpoint()
        bags.make(str(asked.pk))
        bag: Bag = rows.get(pk=asked.pk)
        if bag.state == Bag.State.FAILED:
            raise CommandError(f"It was not packed: {bag.problem}")
        return bag


def _sealed(ref: str, label: str) -> Dossier:
    rows = Dossier.objects.filter(case__ref=ref, state=Dossier.State.SEALED).select_related("case", "sealed_by")
    found: Dossier | None = rows.filter(number=int(label.removeprefix("D-"))).first() if label else \
        rows.order_by("-sealed_at").first()
    if found is None:
        raise CommandError(f"{ref} has no sealed dossier{f' {label}' if label else ''}.")
    return found


def _person(email: str) -> User:
    person: User | None = User.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active person {email}.")
    return person
