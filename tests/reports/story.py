"""A case that is ready for a dossier: real pictures lodged, worked, logged and cited, through the services."""

import io
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw

from casework.accounts import services as accounts
from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.findings import services as findings
from casework.findings.models import Finding
from evidence.archive import services as archive
from evidence.custody import checkpoints, signer
from evidence.custody.sequencer import sequence
from evidence.derivatives import services as derivatives
from evidence.fixity import services as fixity
from reports.dossiers import services as dossiers
from reports.dossiers.models import Dossier
from reports.pdf import sign
from tests.factories import Cast, make_case, make_cast
from tests.weighed import others, submit

HANDLE, NAME, PHONE = "lahore_times_24", "Lahore Times", "+92 300 5550142"
STRANGER = "amina_writes"
ADDRESS = "https://x.com/lahore_times_24/status/1768223344556677889"
NOTE = {"necessity": f"The campaign of @{HANDLE} goes on. 😀", "against": "Some may post of their own will.",
        "less_intrusive": "Labels were asked for first."}


@dataclass
class Story:
    cast: Cast
    case: Case
    exhibits: list[Exhibit]
    subject: Subject
    finding: Finding

    def compose(self, kind: str = "referral", language: str = "en") -> Dossier:
        by = self.cast.legal if kind == "referral" else self.cast.media
        return dossiers.compose(self.case, kind=kind, language=language, **NOTE, by=by)

    def approved(self, kind: str = "referral", language: str = "en") -> Dossier:
        draft = self.compose(kind, language)
        waiting = dossiers.submit(draft, by=draft.composed_by)
        return dossiers.approve(waiting, seen=waiting.digest, by=self.cast.reviewer)

    def queued(self, kind: str = "referral", language: str = "en") -> Dossier:
        approved = self.approved(kind, language)
        return dossiers.seal(approved, by=approved.composed_by)

    def sealed(self, kind: str = "referral", language: str = "en") -> Dossier:
        dossier = self.queued(kind, language)
        dossiers.render_and_seal(dossier.pk)
        dossier.refresh_from_db()
        assert dossier.state == Dossier.State.SEALED, dossier.problem
        return dossier


def make_keys() -> None:
    """The keys of log and documents, once for the whole run."""
    if not Path(settings.SIGNING_KEY).exists():
        signer.make_key(Path(settings.SIGNING_KEY), "casework-test.local/log")
    if not Path(settings.PDF_SIGNING_KEY).exists():
        sign.make_key(Path(settings.PDF_SIGNING_KEY), settings.PDF_SIGNING_PASSPHRASE)


def screenshot(number: int, kind: str = "PNG", size: tuple[int, int] = (540, 1170)) -> bytes:
    picture = Image.new("RGB", size, (240, 242, 245))
    pen = ImageDraw.Draw(picture)
    for row in range(8):
        pen.rectangle((30, 60 + row * 120, size[0] - 30, 140 + row * 120), fill=(40 + 20 * row, 90, 20 * number % 255))
    data = io.BytesIO()
    picture.save(data, kind)
    return data.getvalue()


def work(*rows: Exhibit) -> None:
    """What the workers do: hash again, derive, archive, put into the log, sign."""
    for item in (item for row in rows for item in row.items()):
        fixity.rehash(item)
        derivatives.derive(item)
        archive.archive(item)
    log()


def log() -> None:
    while sequence():
        pass
    checkpoints.sign_checkpoint()


def make_story(pictures: int = 3) -> Story:
    make_keys()
    cast = make_cast()
    case = make_case(cast)
    lodged = [exhibits.lodge_bytes(
        case, data=screenshot(number, "PNG" if number % 2 else "JPEG"), name=f"shot-{number}.png",
        provenance={"source_url": ADDRESS, "captured_at": "2026-03-14T07:00:00Z", "captured_with": "Firefox 140",
                    "received_from": "a colleague"},
        title=f"Post {number} of @{HANDLE}", by=cast.investigator).exhibit for number in range(1, pictures + 1)]
    chat = exhibits.lodge_bytes(
        case, data=f"[14/03/2026, 21:04:11] {PHONE}: post this now\n".encode(), name="chat.txt",
        provenance={"platform": "whatsapp"}, title="Chat export", by=cast.investigator).exhibit
    subject = accounts.name_account(case, platform="x", handle=HANDLE, display_name=NAME, exhibit=lodged[0],
                                    persona="news", persona_basis="It is called a newspaper.",
                                    by=cast.investigator)
    stranger = accounts.name_account(case, platform="x", handle=STRANGER, display_name="Amina W.", exhibit=lodged[-1],
                                     by=cast.investigator)
    step = accounts.assess(subject, to_role="participant", indicators=["coordination"], exhibits=[lodged[0]],
                           reason="Posts within seconds.", against="May be a fan.", by=cast.investigator)
    assert step
    finding = findings.write(
        case, kind="coordination", title=f"@{HANDLE} and others act together",
        claim=f"{NAME} (@{HANDLE}) and {STRANGER} posted the text that {PHONE} handed out; see {ADDRESS}.",
        method="Times from post numbers compared with the chat.", likelihood="very_likely",
        confidence="moderate", against="Imran Sethi saw three accounts post on it before.",
        alternatives=others("A public call that we did not see."),
        exhibits_for=[*lodged, chat], exhibits_against=[], subjects=[subject, stranger], by=cast.investigator)
    submit(finding, by=cast.investigator)
    findings.review(finding, by=cast.reviewer)
    work(*lodged, chat)
    finding.refresh_from_db()
    return Story(cast, case, [*lodged, chat], subject, finding)
