"""What a dossier says of outside time and outside holders, in both languages, and what it says where there are none."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.custody import checkpoints, holders
from evidence.custody.outside import Holding, Timestamp
from evidence.store import services as store
from reports.dossiers import making
from reports.dossiers.models import Dossier
from tests.reports.story import Story, make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return make_story(1)


def stamp(host: str, accuracy: int | None) -> Timestamp:
    head = checkpoints.latest()
    assert head
    return Timestamp.objects.create(
        checkpoint=head, authority=host, response=b"", chain="", serial="77", policy="1.2.3", accuracy_us=accuracy,
        gen_time=datetime(2026, 3, 14, 18, 5, 9, tzinfo=UTC), received_at=head.signed_at)


def text_of(dossier: Dossier, folder: Path) -> str:
    """The words of the first page."""
    whole = store.read_verified(dossier.item.blob_id, 2**30) if dossier.item else (
        making.document(dossier, lambda *_step: None))
    (folder / "x.pdf").write_bytes(whole)
    done = subprocess.run(["pdftotext", "-l", "1", "-layout", folder / "x.pdf", "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_without_outside_time_it_says_that_times_are_self_asserted(story: Story, tmp_path: Path) -> None:
    sealed = story.sealed()
    assert sealed.frozen["log"]["outside"] == {"holder": None, "times": []}
    text = text_of(sealed, tmp_path)
    assert "self-asserted" in text
    assert "never: nobody outside is known to hold a checkpoint" in text


@pytest.mark.parametrize("kind", ["referral", "briefing"])
def test_outside_times_and_the_last_holder_are_frozen_and_printed(story: Story, tmp_path: Path, kind: str) -> None:
    token = stamp("tsa.example", 1_500_000)
    stamp("time.example", None)
    holders.hold(Holding.Kind.AUTHORITY, "tsa.example", Holding.What.TIMESTAMP, token.checkpoint_id)
    sealed = story.sealed(kind)
    told = sealed.frozen["log"]["outside"]
    assert told["holder"] | {"at": ""} == {"kind": "authority", "who": "tsa.example", "size": token.checkpoint_id,
                                          "at": ""}
    assert [(row["authority"], row["gen_time"], row["size"], row["accuracy_us"]) for row in told["times"]] == [
        ("time.example", "2026-03-14 18:05:09 UTC", token.checkpoint_id, None),
        ("tsa.example", "2026-03-14 18:05:09 UTC", token.checkpoint_id, 1_500_000)]
    text = text_of(sealed, tmp_path)
    assert "self-asserted" not in text
    assert f"tsa.example {token.checkpoint_id} entries by 2026-03-14 18:05:09 UTC (to within 1.5 s)" in text
    assert "time-stamping authority tsa.example" in text


def test_a_person_who_holds_a_receipt_is_not_named(story: Story) -> None:
    holders.hold(Holding.Kind.PERSON, "user/7", Holding.What.RECEIPT, 3)
    held = story.compose().frozen["log"]["outside"]["holder"]
    assert (held["kind"], held["who"]) == ("person", "")


def test_a_dossier_composed_before_this_was_told_is_still_made(story: Story, tmp_path: Path) -> None:
    dossier = story.queued()
    del dossier.frozen["log"]["outside"]
    assert "outside" not in dossier.frozen["log"]
    assert "self-asserted" in text_of(dossier, tmp_path)


def test_it_is_printed_in_urdu_too(story: Story, tmp_path: Path) -> None:
    stamp("tsa.example", 1_500_000)
    assert "tsa.example" in text_of(story.sealed(language="ur"), tmp_path)
