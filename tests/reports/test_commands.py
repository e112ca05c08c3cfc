"""The commands: the same services, from a terminal."""

import hashlib
import io
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reports.releases.models import Download
from tests.reports.story import NOTE, make_story


def run(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_dossier_writes_what_was_sealed_and_records_it(tmp_path: Path) -> None:
    story = make_story(1)
    out = tmp_path / "briefing.pdf"
    ask = ("dossier", story.case.ref, "--kind", "briefing", "--out", str(out))
    with pytest.raises(CommandError, match="has no sealed briefing"):
        run(*ask)
    with pytest.raises(CommandError, match="Composed .*D-001. A second person must review it"):
        run(*ask, "--by", story.cast.media.email, "--necessity", NOTE["necessity"], "--against", NOTE["against"],
            "--less-intrusive", NOTE["less_intrusive"])
    dossier = story.sealed("briefing")
    with pytest.raises(CommandError, match="Not permitted"):
        run(*ask, "--by", story.cast.investigator.email)
    said = run(*ask, "--by", story.cast.media.email, "--purpose", "for the paper")
    assert dossier.item and hashlib.sha256(out.read_bytes()).hexdigest() == dossier.item.blob_id in said
    assert Download.objects.get(purpose__startswith="for the paper (at a terminal, as ").person == story.cast.media
    with pytest.raises(CommandError, match="not overwritten"):
        run(*ask)
    with pytest.raises(CommandError, match="There is no case"):
        run("dossier", "CW-1999-0001", "--kind", "briefing", "--out", str(tmp_path / "x"))


def test_pdf_key_makes_a_key_once(tmp_path: Path, settings: Any) -> None:
    settings.PDF_SIGNING_KEY = str(tmp_path / "keys" / "pdf.p12")
    assert run("pdf_key").startswith("made ")
    assert run("pdf_key").startswith("kept ")
    assert stat.S_IMODE(Path(settings.PDF_SIGNING_KEY).stat().st_mode) == 0o600
    Path(settings.PDF_SIGNING_KEY).write_bytes(b"no key")
    with pytest.raises(CommandError):
        run("pdf_key")
