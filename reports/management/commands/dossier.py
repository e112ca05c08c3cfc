"""Take the newest sealed dossier of a case out to a file, or compose one: the same services, from a terminal."""

import getpass
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.cases.models import Case
from casework.lifecycle import NotAllowed
from casework.people.models import User
from evidence.store.errors import Damaged
from reports.dossiers import services as dossiers
from reports.dossiers.models import Dossier
from reports.releases import services as releases

NOTE = ("necessity", "against", "less_intrusive")


class Command(BaseCommand):
    help = "Write the newest sealed dossier of a case to a file. With a necessity note, compose a draft where none is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ref", help="CW-2026-0001")
        parser.add_argument("--kind", required=True, choices=Dossier.Kind.values)
        parser.add_argument("--out", required=True, type=Path, help="the file to write; it must not exist")
        parser.add_argument("--by", help="e-mail address of who takes it; whoever sealed it where not given")
        parser.add_argument("--purpose", default="taken from a terminal", help="recorded in the custody log")
        parser.add_argument("--language", default="en", choices=dossiers.LANGUAGES)
        for name in NOTE:
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help="for a new draft")

    def handle(self, *args: Any, ref: str, kind: str, out: Path, by: str | None, purpose: str, **options: Any) -> None:
        case = Case.objects.filter(ref=ref).first()
        if case is None:
            raise CommandError(f"There is no case {ref}.")
        person = _person(by) if by else None
        sealed = (case.dossiers.filter(kind=kind, state=Dossier.State.SEALED)
                  .select_related("case", "item__blob", "sealed_by").order_by("-sealed_at").first())
        try:
            if sealed is None:
                raise CommandError(_composed(case, kind, person, options))
            # Whoever has a shell may take it in anybody's name; the record says that a shell it was, and whose.
            chunks = releases.download(sealed, purpose=f"{purpose} (at a terminal, as {getpass.getuser()})",
                                       by=person or sealed.sealed_by)
            with out.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
        except (ValidationError, NotAllowed) as error:
            raise CommandError(str(error)) from error
        except PermissionDenied as error:
            raise CommandError(f"Not permitted: {error}") from error
        except FileExistsError as error:
            raise CommandError(f"{out} exists; it is not overwritten.") from error
        except Damaged as error:
            out.unlink(missing_ok=True)
            raise CommandError("The stored document is damaged; nothing was written.") from error
        assert sealed.item is not None
        self.stdout.write(f"{sealed.case.ref}/{sealed.label} {sealed.item.blob_id} {out}")


def _person(email: str) -> User:
    person: User | None = User.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active person {email}.")
    return person


def _composed(case: Case, kind: str, person: User | None, options: dict[str, Any]) -> str:
    """Compose a draft where there is a note and somebody to answer for it; say what comes next."""
    note = {name: options[name] for name in NOTE}
    if not (person and all(note.values())):
        return (f"{case.ref} has no sealed {kind}. Compose one with --by, --necessity, --against and "
                "--less-intrusive; then a second person reviews it.")
    draft = dossiers.compose(case, kind=kind, language=options["language"], by=person, **note)
    return f"Composed {case.ref}/{draft.label}. A second person must review it before it can be sealed and written."
