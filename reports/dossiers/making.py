"""An approved dossier → the signed bytes of its document. Writes nothing but a folder that it removes."""

import base64
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from evidence.custody.models import Payload
from evidence.store import services as store
from evidence.store.errors import Damaged
from reports.dossiers.facts import instant
from reports.dossiers.models import Dossier
from reports.dossiers.pages import Pages, Picture, manifest
from reports.pdf import check, sign
from reports.pdf.attached import Attached
from reports.pdf.book import WORKERS, Book, make
from reports.pdf.errors import RenderFailed, ResourceUnused
from reports.pdf.fonts import FONTS
from reports.pdf.pictures import dimensions

MANIFEST = "manifest.json"
STYLE = Path(__file__).with_name("document.css")
ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
PICTURE_AT_MOST = 64 * 2**20
OPENING_CHARACTERS = 1_500
# Of a long text file only this much is read: its beginning is printed, its hash stands for the rest.
OPENING_BYTES = 8_192

Step = Callable[[str, int], None]


class Unmakeable(Exception):
    """The document cannot be made; the message says why, for people, and names the exhibit."""


def document(dossier: Dossier, step: Step) -> bytes:
    """The signed PDF. `step(name of the step, exhibits drawn so far)` is called as it goes. Raises Unmakeable."""
    key = Path(settings.PDF_SIGNING_KEY)
    try:
        certificate = sign.certificate(key, settings.PDF_SIGNING_PASSPHRASE)
        with store.scratch() as folder:
            pdf = _drawn(dossier, certificate, folder, step)
        step("signing", dossier.total)
        return sign.sign(pdf, key=key, passphrase=settings.PDF_SIGNING_PASSPHRASE,
                         reason=f"{dossier.case.ref}/{dossier.label}")
    except sign.NoKey as error:
        raise Unmakeable(_("The key that signs documents cannot be used: %(error)s") % {"error": error}) from error
    except ResourceUnused as error:
        label = error.name.rpartition(".")[0]
        raise Unmakeable(_("What is to be shown of %(label)s cannot be read or printed.") % {"label": label}) from error
    except RenderFailed as error:
        raise Unmakeable(_("The pages could not be made: %(error)s") % {"error": error}) from error


def _drawn(dossier: Dossier, certificate: sign.Certificate, folder: Path, step: Step) -> bytes:
    step("pictures", 0)
    frozen = dossier.frozen
    pictures = _pictures(frozen, folder) if dossier.kind == Dossier.Kind.REFERRAL else {}
    openings = _openings(frozen) if dossier.kind == Dossier.Kind.REFERRAL else {}
    pages = Pages(frozen, label=dossier.label, certificate=certificate, pictures=_shapes(pictures),
                  openings=openings, review=_review(dossier))
    with translation.override(dossier.language):
        description = _("The facts of this document for programs, with proofs")
    events = _events(frozen) if dossier.kind == Dossier.Kind.REFERRAL else {}
    attached = Attached(MANIFEST, manifest(frozen, label=dossier.label, digest=dossier.digest, events=events),
                        description)
    drawn = 0

    def printed(exhibits: int) -> None:
        nonlocal drawn
        drawn += exhibits
        step("pages", drawn)

    book = Book(front=pages.front, chapters=pages.chapters(WORKERS), numbers=pages.numbers, marks=pages.marks(),
                fonts=FONTS | {STYLE.name: STYLE}, pictures={path.name: path for path in pictures.values()},
                attachments=(attached,))
    pdf = make(book, folder=folder, step=printed)
    if found := check.problems(pdf, attachments=(MANIFEST,), pages_at_least=len(pictures) + 2):
        raise RenderFailed("; ".join(found))
    return pdf


def _pictures(frozen: dict[str, Any], folder: Path) -> dict[str, Path]:
    """Exhibit label → file with its preview, hashed on the way out of the store."""
    written = {}
    for row in frozen["exhibits"]:
        picture = row["picture"]
        if picture is None:
            if row["media_type"].startswith("image/"):
                raise ResourceUnused(f"{row['label']}.none")
            continue
        path = folder / f"{row['label']}.{ENDINGS.get(picture['media_type'], 'none')}"
        try:
            path.write_bytes(store.read_verified(picture["sha256"], PICTURE_AT_MOST))
        except (Damaged, ValueError) as error:
            raise ResourceUnused(path.name) from error
        written[row["label"]] = path
    return written


def _shapes(pictures: dict[str, Path]) -> dict[str, Picture]:
    shown = {}
    for label, path in pictures.items():
        width, height = dimensions(path.read_bytes())
        shown[label] = Picture(path.name, tall=height > width)
    return shown


def _review(dossier: Dossier) -> dict[str, str]:
    """Who approved it, for the cover; a briefing names nobody."""
    if dossier.kind == Dossier.Kind.BRIEFING:
        return {}
    return {"by": str(dossier.reviewer), "at": instant(dossier.reviewed_at)}


def _openings(frozen: dict[str, Any]) -> dict[str, str]:
    """The beginning of each exhibit that is plain text: there is no picture of it."""
    found = {}
    for row in frozen["exhibits"]:
        if row["media_type"].startswith("text/") and row["size"]:
            try:
                with store.open_blob(row["sha256"]) as blob:
                    text = blob.read(OPENING_BYTES).decode("utf-8", "replace")[:OPENING_CHARACTERS]
            except Damaged as error:
                raise ResourceUnused(f"{row['label']}.text") from error
            found[row["label"]] = "".join(char if char == "\n" or unicodedata.category(char) != "Cc" else " "
                                          for char in text.replace("\r\n", "\n"))
    return found


def _events(frozen: dict[str, Any]) -> dict[str, dict[str, str]]:
    """By its id, salt and content of the accession event of each exhibit and of each part of a capture: with them
    anybody can compute the leaf that the proof is about.

    The event names the source: where that is withheld, so is the event."""
    told = [row for row in frozen["exhibits"] if not row.get("withheld")]
    told += [part for row in told if row.get("capture") for part in row["capture"]["parts"]]
    return {str(row.event_id): {"salt": base64.b64encode(bytes(row.salt)).decode(),
                                        "event": base64.b64encode(bytes(row.content)).decode()}
            for row in Payload.objects.filter(event_id__in={row["event_id"] for row in told})}
