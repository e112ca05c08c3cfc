"""A time as it was typed goes out with the exhibit: into the document's facts, onto its pages, into the bag."""

import csv
import json
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from casework.findings import services as findings
from evidence.custody import signer
from reports.dossiers import words
from tests.factories import lodge_png, sign_in
from tests.reports.story import make_story, work
from tests.reports.test_bags import made, unpacked
from tests.reports.test_bags_verified import VERIFIED, verify
from tests.weighed import others, submit

TYPED, UTC = "2025-10-26 02:30 +01:00 Europe/Berlin", "2025-10-26T01:30:00Z"


@pytest.mark.django_db
def test_a_dossier_and_its_bag_say_a_time_as_it_was_typed_and_the_bag_is_verified(tmp_path: Path) -> None:
    story = make_story(1)
    by = story.cast.investigator
    exhibit = lodge_png(story.case, by, 9, captured_at=TYPED, posted_at=TYPED).exhibit
    finding = findings.write(
        story.case, kind="coordination", title="A clock", claim="It was put back.", method="Read it",
        likelihood="likely", confidence="low", against="Nothing", alternatives=others("None"),
        exhibits_for=[exhibit], subjects=[story.subject],
        by=by)
    submit(finding, by=by)
    findings.review(finding, by=story.cast.reviewer)
    work(exhibit)
    dossier = story.sealed()
    page = sign_in(story.cast.legal).get(f"/cases/{story.case.ref}/reports/{dossier.label}/").content.decode()
    shown = f'<bdi dir="ltr">2025-10-26 01:30:00 UTC</bdi>, given as <bdi dir="ltr">{TYPED}</bdi>'
    assert page.count(shown) == 2
    for language, given in (("en", "given as"), ("ur", "جو یوں دیا گیا")):
        with translation.override(language):
            [row] = [one for one in words.in_words(dossier.frozen)["exhibits"] if one["label"] == exhibit.label]
            printed = render_to_string("reports/dossiers/pdf/exhibit_facts.html", {"row": row})
        assert printed.count(given) == 2 and printed.count(TYPED) == 2

    root = unpacked(made(dossier), tmp_path / "unpacked")
    told = json.loads((root / "data" / "exhibits" / exhibit.label / "exhibit.json").read_text())["provenance"]
    assert (told["captured_at"], told["captured_at_given"], told["posted_at_given"]) == (UTC, TYPED, TYPED)
    rows = csv.DictReader((root / "data" / "exhibits.csv").read_text().splitlines())
    [row] = [one for one in rows if one["label"] == exhibit.label]
    assert (row["captured_at"], row["captured_at_given"], row["posted_at_given"]) == (UTC, TYPED, TYPED)
    code, answer = verify(tmp_path, root, "--key", str(signer.public_key()))
    assert code == VERIFIED, answer
