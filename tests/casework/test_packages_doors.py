"""Pages and calls about packages that others made; and one of our own, sent back to us."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import package_words, packages
from casework.exhibits.models import Exhibit
from evidence.packages import services as vault
from evidence.packages.answers import CODES
from tests.casework.test_packages import PICTURES, checked, lodge_zip
from tests.evidence.foreign import SPOILT, make_bag, spoilt, zipped
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in
from tests.reports.story import make_keys, work


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def bag(case: Case, cast: Cast, tmp_path: Path) -> Exhibit:
    return lodge_zip(case, cast.investigator, zipped(make_bag(
        tmp_path, PICTURES, ("md5", "sha512"), claims={"Source-Organization": "Invented <b>Partner</b>"})))


def at(route: str, exhibit: Exhibit) -> str:
    return reverse(f"exhibits:{route}", args=[exhibit.case.ref, exhibit.label])


def page(exhibit: Exhibit, person: Any, asked: str = "") -> str:
    answer = sign_in(person).get(at("exhibit", exhibit) + asked)
    assert answer.status_code == 200
    return answer.content.decode()


def call(exhibit: Exhibit, person: Any, method: str, path: str = "", **more: Any) -> Any:
    return getattr(Client(), method)(f"/api/v1/cases/{exhibit.case.ref}/exhibits/{exhibit.label}/package/{path}",
                                     headers=bearer(person), content_type="application/json", **more)


def test_the_page_offers_the_check_to_who_may_lodge_and_for_zip_files_alone(bag: Exhibit, case: Case,
                                                                            cast: Cast) -> None:
    assert "Check as a package (BagIt)" in page(bag, cast.takedown)
    assert "Check as a package (BagIt)" not in page(bag, cast.reviewer)
    picture = lodge_png(case, cast.investigator, 9).exhibit
    assert "BagIt" not in page(picture, cast.takedown)
    client = sign_in(cast.takedown)
    for exhibit in (picture, bag):
        answer = client.post(at("package", exhibit), follow=True)
        assert answer.status_code == 200
    assert "Being checked" in page(bag, cast.reviewer)
    assert packages.of(picture) is None


def test_the_page_shows_claims_as_claims_and_both_hashes_and_lodges_what_is_ticked(bag: Exhibit, cast: Cast) -> None:
    package = checked(bag, cast.investigator)
    html = page(bag, cast.investigator)
    assert "A valid package" in html
    assert "Invented &lt;b&gt;Partner&lt;/b&gt;" in html
    assert "These are claims" in html
    for file in packages.files(package):
        assert all(text in html for text in (file.path, file.sha256, *file.declared.values()))
    note = package.files.get(path="data/note.txt")
    client = sign_in(cast.investigator)
    answer = client.post(at("package_lodge", bag), {"file": [note.position]}, follow=True)
    assert "1 file waits to be lodged." in answer.content.decode()
    packages.unpack(bag.pk)
    lodged = Exhibit.objects.latest("pk")
    html = page(lodged, cast.reviewer)
    assert "data/note.txt" in html
    assert note.declared["sha512"] in html
    assert "Invented Partner Desk" in html
    assert f'href="{at("exhibit", bag)}"' in html
    custody = sign_in(cast.reviewer).get(at("exhibit_custody", lodged)).content.decode()
    assert "out of the package" in custody
    assert client.post(at("package_lodge", bag), {"all": "1"}).status_code == 302
    assert packages.unpack(bag.pk) == 2
    assert "Lodge all its files" not in page(bag, cast.investigator)


@pytest.mark.parametrize("sent", [{}, {"file": "x"}, {"file": "99999999"}, {"file": "9" * 400}])
def test_a_form_that_names_no_file_lodges_nothing(bag: Exhibit, cast: Cast, sent: dict[str, str]) -> None:
    checked(bag, cast.investigator)
    answer = sign_in(cast.investigator).post(at("package_lodge", bag), sent,
                                             follow=True)
    assert "Choose files of this package." in answer.content.decode()
    assert packages.waiting() == []


def test_the_list_of_files_has_pages(bag: Exhibit, case: Case, cast: Cast, tmp_path: Path) -> None:
    files = {f"{number:03d}.txt": str(number).encode() for number in range(120)}
    exhibit = lodge_zip(case, cast.investigator, zipped(make_bag(tmp_path, files, ("sha256",))))
    checked(exhibit, cast.investigator)
    checked(bag, cast.investigator)
    with CaptureQueriesContext(connection) as few:
        page(bag, cast.reviewer)
    with CaptureQueriesContext(connection) as many:
        html = page(exhibit, cast.reviewer)
    assert len(many) == len(few)
    assert "data/049.txt" in html
    assert "data/050.txt" not in html
    [after] = {part.split('"')[0].split("#")[0] for part in html.split("?files=")[1:]}
    assert "data/050.txt" in page(exhibit, cast.reviewer, f"?files={after}")
    for odd in ("x", "-1", "9" * 30):
        page(exhibit, cast.reviewer, f"?files={odd}")
    found = call(exhibit, cast.reviewer, "get", "files/?limit=5000").json()
    assert (found["count"], len(found["results"])) == (120, 120)
    assert len(call(exhibit, cast.reviewer, "get", "files/?limit=7&offset=3").json()["results"]) == 7


def test_the_api_checks_shows_and_lodges(bag: Exhibit, cast: Cast) -> None:
    assert call(bag, cast.reviewer, "get").json() == {"package": None}
    assert call(bag, cast.reviewer, "get", "files/").json()["results"] == []
    assert call(bag, cast.investigator, "post", "lodge/").status_code == 409
    asked = call(bag, cast.investigator, "post")
    assert (asked.status_code, asked.json()["package"]["state"]) == (202, "waiting")
    vault.check(vault.waiting()[0])
    assert call(bag, cast.investigator, "post").status_code == 200
    found = call(bag, cast.auditor, "get").json()["package"]
    assert (found["state"], found["algorithms"], found["file_count"]) == ("valid", ["md5", "sha512"], 3)
    rows = call(bag, cast.auditor, "get", "files/").json()["results"]
    assert {row["path"] for row in rows} == {f"data/{name}" for name in PICTURES}
    assert all(row["fits"] and set(row["declared"]) == {"md5", "sha512"} and row["state"] is None for row in rows)
    one = rows[0]["position"]
    assert call(bag, cast.investigator, "post", "lodge/", data={"files": [one]}).json() == {"waiting": 1}
    packages.unpack(bag.pk)
    [row] = [row for row in call(bag, cast.auditor, "get", "files/").json()["results"] if row["position"] == one]
    assert (row["state"], row["exhibit"]) == ("lodged", "E-002")
    detail = Client().get(f"/api/v1/cases/{bag.case.ref}/exhibits/E-002/", headers=bearer(cast.auditor)).json()
    assert detail["package"] == {"exhibit": bag.label, "path": rows[0]["path"], "declared": rows[0]["declared"]}
    assert call(bag, cast.investigator, "post", "lodge/").json() == {"waiting": 2}
    unknown: list[Any] = [{"files": []}, {"files": ["x"]}, {"files": [-1]}, {"files": [2**40]}, {"files": [31_337]},
                          {"files": None}]
    for wrong in unknown:
        assert call(bag, cast.investigator, "post", "lodge/", data=wrong).status_code == 422, wrong


def test_who_may_not_and_a_closed_case_are_refused(bag: Exhibit, case: Case, cast: Cast) -> None:
    for path in ("", "lodge/"):
        assert call(bag, cast.reviewer, "post", path).status_code == 403
        assert call(bag, cast.outsider, "post", path).status_code == 404
    assert call(bag, cast.media, "get").status_code == 403
    picture = lodge_png(case, cast.investigator, 9).exhibit
    assert call(picture, cast.investigator, "post").status_code == 422
    cases.close(case, by=cast.lead)
    for path in ("", "lodge/"):
        assert call(bag, cast.investigator, "post", path).status_code == 409


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("name", sorted(SPOILT))
def test_every_problem_is_named_on_the_page_and_in_the_api(case: Case, cast: Cast, tmp_path: Path, name: str,
                                                           language: str) -> None:
    exhibit = lodge_zip(case, cast.investigator, spoilt(make_bag(tmp_path), SPOILT[name][1]))
    checked(exhibit, cast.investigator)
    cast.reviewer.language = language
    cast.reviewer.save()
    page(exhibit, cast.reviewer)
    found = call(exhibit, cast.reviewer, "get").json()["package"]
    assert SPOILT[name][0] in {row["code"] for row in found["problems"]}
    assert found["problem_count"] >= len(found["problems"])
    assert call(exhibit, cast.investigator, "post", "lodge/").status_code == 409


def test_every_problem_has_its_words() -> None:
    assert set(package_words.PROBLEMS) == set(CODES)
    docs = (Path(__file__).parents[2] / "docs" / "bag.md").read_text()
    assert [code for code in CODES if f"`{code}`" not in docs] == []


def test_the_command_that_verifies_everything_knows_them(bag: Exhibit, cast: Cast,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    packages.unpack(bag.pk)
    make_keys()
    work(*Exhibit.objects.all())
    call_command("verify", "--all")
    assert "VERIFIED: 0 problems" in capsys.readouterr().out
