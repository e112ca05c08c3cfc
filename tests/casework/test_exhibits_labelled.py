"""What one should know of a file before opening it: a program is given out to whoever confirms it, lists and pages say
what was found, and the log says it too."""

from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client, override_settings
from django.utils import translation

from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from evidence.custody import history
from evidence.custody.kinds import Kind
from evidence.derivatives import services as derivatives
from evidence.derivatives.models import Derivative
from evidence.intake.models import Item
from evidence.jail import services as jail
from evidence.screening import services as screening
from tests.casework.test_exhibits_uploads import closed, part, send
from tests.evidence.scanner import MARK, Scanner
from tests.evidence.test_jail_examine import CONTENT, packed
from tests.evidence.test_jail_likeness import scene, with_preview
from tests.evidence.test_jail_programs import INSTALLER, root
from tests.factories import Cast, bearer, lodge_capture, make_case, make_cast, sign_in

PROGRAM = b"MZ\x90\x00" + bytes(200)
MACROS = packed({CONTENT: "", "word/vbaProject.bin": b"x"})
CONFIRM = {"Confirm-Download": "executable"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def lodged(cast: Cast, case: Case, data: bytes, name: str) -> Item:
    assert send(cast, case, closed(part(b"file", data, name.encode()))).status_code == 201
    item: Item = Exhibit.objects.latest("pk").item
    derivatives.derive(item)
    return item


def page(case: Case, more: str = "") -> str:
    return f"/cases/{case.ref}/evidence/E-001/{more}"


def call(case: Case, more: str = "") -> str:
    return f"/api/v1/cases/{case.ref}/exhibits/E-001/{more}"


def told(case: Case, act: str) -> list[dict[str, Any]]:
    return [entry.detail for entry in history.entries(context=f"case/{case.ref}", limit=50)
            if entry.detail.get("act") == act]


def test_a_program_is_given_out_by_the_page_that_says_what_it_is(cast: Cast, case: Case) -> None:
    lodged(cast, case, PROGRAM, "photo.jpg")
    client = sign_in(cast.investigator)
    shown = client.get(page(case)).content.decode()
    assert f'href="{page(case, "unlock")}"' in shown and page(case, "original") not in shown
    refused = client.get(page(case, "original"))
    assert refused.status_code == 423 and "This file is a program" in refused.content.decode()
    asks = client.get(page(case, "unlock")).content.decode()
    assert "This file is a program" in asks and f'action="{page(case, "original")}"' in asks
    assert "application/vnd.microsoft.portable-executable" in asks
    taken = client.post(page(case, "original"))
    assert (taken.status_code, b"".join(taken)) == (200, PROGRAM)
    assert taken["Content-Disposition"].startswith("attachment; ")
    assert taken["Content-Type"] == "application/octet-stream"
    assert [one.get("confirmed") for one in told(case, "exhibit_downloaded")] == ["executable"]


@pytest.mark.parametrize(("data", "name"), [
    (b"A text " * 12_000 + b"<hta:application>" + b" more " * 1000, "notes.txt"),
    (packed({"META-INF/MANIFEST.MF": "Main-Class: A"}), "pictures.zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + root(INSTALLER), "letter.doc")])
def test_a_program_that_its_beginning_does_not_tell_is_one_once_it_was_looked_through(
        cast: Cast, case: Case, data: bytes, name: str) -> None:
    item = lodged(cast, case, data, name)
    assert "executable" not in item.labels and "program" in derivatives.found(item)
    client = sign_in(cast.investigator)
    assert "A program: do not open it on your own computer" in client.get(page(case)).content.decode()
    assert client.get(page(case, "original")).status_code == 423
    assert b"".join(client.post(page(case, "original"))) == data
    refused = Client().get(call(case, "original/"), headers=bearer(cast.lead))
    assert (refused.status_code, refused.json()["code"]) == (423, "executable")
    assert Client().get(call(case, "original/"), headers=bearer(cast.lead) | CONFIRM).status_code == 200
    assert [one.get("confirmed") for one in told(case, "exhibit_downloaded")] == ["executable"] * 2


def test_a_script_behind_a_byte_order_mark_is_a_program(cast: Cast, case: Case) -> None:
    assert "executable" in lodged(cast, case, b"\xef\xbb\xbf#!/bin/sh\n", "notes.txt").labels


def test_the_confirmation_is_a_form_of_ours(cast: Cast, case: Case) -> None:
    lodged(cast, case, PROGRAM, "photo.jpg")
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.investigator)
    assert client.post(page(case, "original")).status_code == 403


@pytest.mark.parametrize("said", [{}, {"Confirm-Download": ""}, {"Confirm-Download": "yes"}])
def test_a_call_confirms_by_the_label_or_is_423(cast: Cast, case: Case, said: dict[str, str]) -> None:
    lodged(cast, case, PROGRAM, "photo.jpg")
    answer = Client().get(call(case, "original/"), headers=bearer(cast.lead) | said)
    assert (answer.status_code, answer["Content-Type"]) == (423, "application/problem+json")
    assert answer.json()["code"] == "executable" and "Confirm-Download: executable" in answer.json()["detail"]
    assert not told(case, "exhibit_downloaded")
    taken = Client().get(call(case, "original/"), headers=bearer(cast.lead) | CONFIRM)
    assert (taken.status_code, b"".join(taken)) == (200, PROGRAM)


def test_a_part_that_is_a_program_is_asked_for_by_itself(cast: Cast, case: Case) -> None:
    lodge_capture(case, cast.lead, 1, ("setup.exe", PROGRAM))
    derivatives.derive_waiting()
    client = sign_in(cast.lead)
    shown = client.get(page(case)).content.decode()
    assert page(case, "parts/3/unlock") in shown and page(case, "parts/3/original") not in shown
    assert client.get(page(case, "parts/3/original")).status_code == 423
    assert client.get(page(case, "parts/1/original")).status_code == 200
    assert page(case, "parts/3/original") in client.get(page(case, "parts/3/unlock")).content.decode()
    assert b"".join(client.post(page(case, "parts/3/original"))) == PROGRAM
    assert Client().get(call(case, "parts/3/original/"), headers=bearer(cast.lead)).json()["code"] == "executable"
    assert Client().get(call(case, "parts/3/original/"), headers=bearer(cast.lead) | CONFIRM).status_code == 200


def test_a_confirmation_opens_nothing_that_the_scanner_locked(cast: Cast, case: Case) -> None:
    with Scanner() as there, override_settings(CLAMD_URL=there.address):
        lodged(cast, case, PROGRAM + MARK, "photo.jpg")
        screening.screen_waiting()
        client, lead = sign_in(cast.lead), bearer(cast.lead)
        assert client.post(page(case, "original")).status_code == 423
        assert Client().get(call(case, "original/"), headers=lead | CONFIRM).json()["code"] == "malware"
        assert "Unlock it for me" in client.get(page(case, "unlock")).content.decode()
        assert client.post(page(case, "unlock"), {"reason": "For the laboratory"}).status_code == 302
        # Who gave a reason for malware is not asked once more.
        assert client.get(page(case, "original")).status_code == 200


def test_a_program_that_nobody_screened_is_confirmed_besides(cast: Cast, case: Case) -> None:
    with Scanner() as there, override_settings(CLAMD_URL=there.address):
        lodged(cast, case, PROGRAM, "photo.jpg")
        client = sign_in(cast.lead)
        assert client.post(page(case, "unlock"), {"reason": "For the laboratory"}).status_code == 302
        assert client.get(page(case, "original")).status_code == 423
        assert "Download the program" in client.get(page(case, "unlock")).content.decode()
        assert b"".join(client.post(page(case, "original"))) == PROGRAM
        assert told(case, "exhibit_downloaded")[0]["confirmed"]


def test_while_nothing_changes_a_program_is_still_read(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    lodged(cast, case, PROGRAM, "photo.jpg")
    monkeypatch.setattr("evidence.custody.behind.is_behind", lambda: True)
    client = sign_in(cast.lead)
    assert b"".join(client.post(page(case, "original"))) == PROGRAM
    assert client.post(page(case, "edit"), {"title": "x"}).status_code == 503


def test_what_stopped_the_look_is_said(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.jail.services.run", lambda *_, **_more: jail.Result(False, "took too long"))
    lodged(cast, case, b"{\\rtf1 " + bytes(100), "a.rtf")
    assert "Not wholly looked through" in sign_in(cast.lead).get(page(case)).content.decode()
    told_by_call = Client().get(call(case), headers=bearer(cast.lead)).json()
    assert [one["finding"] for one in told_by_call["found"]] == ["unexamined"]


def test_what_is_no_program_needs_no_confirmation(cast: Cast, case: Case) -> None:
    lodged(cast, case, MACROS, "a.docm")
    client = sign_in(cast.lead)
    assert client.get(page(case, "original")).status_code == 200
    assert "This original is not locked" in client.get(page(case, "unlock")).content.decode()
    assert "confirmed" not in told(case, "exhibit_downloaded")[0]


@pytest.mark.parametrize(("language", "words", "fact", "logged"), [
    ("en", "An office file that runs or fetches something when it is opened", "Found in it: macros.",
     "Found in it: macros."),
    ("ur", "دفتری فائل", "میکرو", "میکرو")])
def test_what_was_found_is_on_the_page_in_the_call_and_in_the_log(cast: Cast, case: Case, language: str, words: str,
                                                                   fact: str, logged: str) -> None:
    item = lodged(cast, case, MACROS, "a.docm")
    assert "active_office" not in item.labels
    client = sign_in(cast.lead)
    client.post("/language/", {"language": language, "next": "/"})
    shown = client.get(page(case)).content.decode()
    assert words in shown and fact in shown
    with translation.override(language):
        assert logged in client.get(page(case, "custody/")).content.decode()
    got = Client().get(call(case), headers=bearer(cast.reviewer)).json()
    assert got["found"] == [{"part": None, "finding": "macros"}]
    assert "active_office" not in got["labels"]
    event = next(entry for entry in history.entries(context=f"case/{case.ref}", limit=50)
                 if entry.kind == Kind.DERIVATION)
    assert event.detail["made"][0]["found"] == ["macros"]


def test_a_preview_of_another_picture_is_said_on_the_page_and_the_picture_shown(cast: Cast, case: Case) -> None:
    lodged(cast, case, with_preview(scene(1), scene(11)), "a.jpg")
    shown = sign_in(cast.lead).get(page(case)).content.decode()
    assert "The small preview inside the file shows another picture than the file" in shown
    assert page(case, "preview") in shown


@pytest.mark.parametrize("view", ["", "?view=list"])
def test_the_list_says_what_is_locked_and_what_one_should_know(cast: Cast, case: Case, view: str) -> None:
    client = sign_in(cast.lead)
    with Scanner() as there, override_settings(CLAMD_URL=there.address):
        lodged(cast, case, MARK + b"harm", "a.txt")
        screening.screen_waiting()
        lodged(cast, case, PROGRAM, "photo.jpg")
        lodged(cast, case, MACROS, "a.docm")
        lodged(cast, case, with_preview(scene(1), scene(11)) + b"<script>x", "a.jpg")
        lodge_capture(case, cast.lead, 1, ("setup.exe", PROGRAM))
        shown = client.get(f"/cases/{case.ref}/evidence/{view}").content.decode()
        tiles = {label: shown[shown.index(f"{label}</bdi>"):][:2500].split("E-00")[1] for label in
                 ("E-001", "E-002", "E-003", "E-004", "E-005")}
    assert "Locked: Malware was found" in tiles["E-001"] and "Program" not in tiles["E-001"]
    assert "Locked: Not screened yet" in tiles["E-002"] and "Program" in tiles["E-002"]
    assert "Active office file" in tiles["E-003"]
    assert "Two things in one" in tiles["E-004"] and "Preview of another picture" in tiles["E-004"]
    assert "Program" in tiles["E-005"]
    # Without a scanner nothing waits for one; what was found stays locked.
    shown = client.get(f"/cases/{case.ref}/evidence/{view}").content.decode()
    assert shown.count("Locked: ") == 1


def test_what_was_found_stays(cast: Cast, case: Case) -> None:
    item = lodged(cast, case, MACROS, "a.docm")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Derivative.objects.filter(item=item).update(found=[])
    assert derivatives.found(item) == ["macros"]


@pytest.mark.parametrize("answer", [
    {"found": ["macros"]}, {"found": {"nonsense": "x", "<script>": 1}}, {"found": 7}, {}])
def test_a_child_that_answers_what_it_likes_finds_nothing(cast: Cast, case: Case, answer: dict[str, Any],
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "run", lambda task, source, **_limits: jail.Result(True, "", answer))
    assert derivatives.found(lodged(cast, case, MACROS, "a.docm")) == []


def test_what_could_not_be_examined_says_so(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "run", lambda task, source, **_limits: jail.Result(False, "took longer"))
    item = lodged(cast, case, MACROS, "a.docm")
    assert item.steps.get(name="derive").detail == "unparsed: took longer"


def test_what_this_system_made_itself_is_not_examined(cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "run", lambda *_args, **_limits: pytest.fail("examined"))
    item = Item(acquisition=Item.Acquisition.MADE, media_type="application/pdf")
    assert derivatives._examined(item).ok
