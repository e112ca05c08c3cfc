"""A package in which one file is damaged: the others are taken out, that one is named, and the whole is incomplete."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from casework.cases.models import Case
from casework.exhibits import packages
from casework.exhibits.models import Exhibit
from casework.sentences import plain
from evidence.custody import history
from evidence.packages.models import Origin
from tests.casework.test_packages import PICTURES, case, cast, checked, lodge_zip, said
from tests.casework.test_packages_doors import call, page
from tests.evidence.foreign import make_bag
from tests.evidence.zip_tricks import members_of, written
from tests.factories import Cast
from tests.reports.story import make_keys, work

__all__ = ["case", "cast"]


@pytest.fixture
def broken(case: Case, cast: Cast, tmp_path: Path) -> Exhibit:
    members = members_of(make_bag(tmp_path, PICTURES, ("md5", "sha512")))
    return lodge_zip(case, cast.investigator, written(
        [replace(one, crc=7) if one.name == b"bag/data/two.png" else one for one in members]))


def test_the_whole_files_become_exhibits_and_the_damaged_one_is_named(broken: Exhibit, cast: Cast) -> None:
    package = checked(broken, cast.investigator)
    assert package.state == "damaged"
    [problem] = package.problems
    assert (problem["code"], problem["path"]) == ("damaged", "data/two.png")
    assert f"md5 {hashlib.md5(PICTURES['two.png']).hexdigest()}" in problem["declared"]  # noqa: S324
    assert "CRC" in problem["found"]
    [told] = said(f"item/{broken.item_id}", "fixity")
    assert (told["outcome"], told["match"], told["files"], told["problems"]) == ("damaged", False, 2, [problem])
    [event] = [one for one in history.about([f"item/{broken.item_id}"]) if one.detail.get("act") == "package_checked"]
    assert "it is a package in which files are damaged" in plain(event)
    assert packages.lodge(broken, by=cast.investigator) == 2
    assert packages.unpack(broken.pk) == 2
    assert sorted(Origin.objects.values_list("file__path", "item__blob_id")) == sorted(
        (f"data/{name}", hashlib.sha256(PICTURES[name]).hexdigest()) for name in ("one.png", "note.txt"))


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("Incomplete: files in it are damaged", "The file is damaged", "It is incomplete")),
    ("ur", ("نامکمل: اس میں کچھ فائلیں خراب ہیں", "فائل خراب ہے", "یہ نامکمل ہے"))])
def test_pages_and_calls_say_that_it_is_incomplete_and_offer_the_rest(broken: Exhibit, cast: Cast, language: str,
                                                                      words: tuple[str, ...]) -> None:
    checked(broken, cast.investigator)
    cast.investigator.language = language
    cast.investigator.save()
    shown = page(broken, cast.investigator)
    assert all(word in shown for word in words)
    assert shown.count('name="file"') == 2 and 'name="all"' in shown
    found = call(broken, cast.investigator, "get").json()["package"]
    assert (found["state"], found["file_count"], [row["path"] for row in found["problems"]]) == (
        "damaged", 2, ["data/two.png"])
    assert call(broken, cast.investigator, "post", "lodge/").json() == {"waiting": 2}


def test_what_was_found_stays_and_everything_verifies(broken: Exhibit, cast: Cast,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    checked(broken, cast.investigator)
    packages.lodge(broken, by=cast.investigator)
    packages.unpack(broken.pk)
    for statement in ("UPDATE evidence_package SET state = 'valid', problem_count = 0",
                      "UPDATE evidence_package SET problems = '[]'"):
        with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    make_keys()
    work(*Exhibit.objects.all())
    call_command("verify", "--all")
    assert "VERIFIED: 0 problems" in capsys.readouterr().out
