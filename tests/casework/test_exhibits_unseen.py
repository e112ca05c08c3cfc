"""What nobody has looked through yet may be a program: it goes to whoever confirms that they want it as it is."""

from typing import Any

import pytest
from django.test import Client

from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from casework.exhibits.reading import download
from casework.pace import Locked
from evidence.custody import history
from evidence.derivatives import services as derivatives
from evidence.intake.models import Item, Step
from evidence.jail import services as jail
from evidence.store import services as store
from tests.casework.test_exhibits_uploads import closed, part, send
from tests.evidence.test_jail_programs import JAR
from tests.factories import Cast, bearer, lodge_capture, make_case, make_cast, png, sign_in

TEXT = b"A text that goes on.\n"
LONG = TEXT * (store.HEAD // len(TEXT) + 1)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def lodged(cast: Cast, case: Case, data: bytes, name: str = "notes.txt") -> Item:
    assert send(cast, case, closed(part(b"file", data, name.encode()))).status_code == 201
    item: Item = Exhibit.objects.latest("pk").item
    return item


def page(case: Case, more: str = "") -> str:
    return f"/cases/{case.ref}/evidence/E-001/{more}"


def call(cast: Cast, case: Case, said: str = "", more: str = "") -> Any:
    return Client().get(f"/api/v1/cases/{case.ref}/exhibits/E-001/{more}original/",
                        headers=bearer(cast.lead) | ({"Confirm-Download": said} if said else {}))


def confirmed(case: Case) -> list[Any]:
    return [entry.detail.get("confirmed") for entry in history.entries(context=f"case/{case.ref}", limit=50)
            if entry.detail.get("act") == "exhibit_downloaded"]


@pytest.mark.parametrize(("data", "name"), [
    (JAR, "pictures.zip"), (LONG, "notes.txt"), (png(), "a.png"), (b"\0" * 1000 + JAR, "notes.dat")])
def test_before_it_was_looked_through_it_is_asked_for_and_then_as_it_is(cast: Cast, case: Case, data: bytes,
                                                                        name: str) -> None:
    item = lodged(cast, case, data, name)
    client = sign_in(cast.investigator)
    shown = client.get(page(case)).content.decode()
    assert f'href="{page(case, "unlock")}"' in shown and page(case, "original") not in shown
    refused = client.get(page(case, "original"))
    assert refused.status_code == 423 and "This file was not looked through yet" in refused.content.decode()
    assert (call(cast, case).status_code, call(cast, case).json()["code"]) == (423, "not_looked_at")
    assert not confirmed(case)
    derivatives.derive(item)
    is_program = "program" in derivatives.found(item)
    assert is_program == data.endswith(JAR)
    assert client.get(page(case, "original")).status_code == (423 if is_program else 200)
    assert call(cast, case).status_code == (423 if is_program else 200)


def test_page_and_call_give_it_to_who_confirms_and_the_log_says_what(cast: Cast, case: Case) -> None:
    lodged(cast, case, LONG)
    client = sign_in(cast.investigator)
    asked = client.get(page(case, "unlock")).content.decode()
    assert "This file was not looked through yet." in asked and f'action="{page(case, "original")}"' in asked
    assert '<input type="hidden" name="confirm" value="not_looked_at">' in asked and "is a program," not in asked
    assert b"".join(client.post(page(case, "original"), {"confirm": "not_looked_at"})) == LONG
    assert b"".join(call(cast, case, "not_looked_at")) == LONG
    # Who takes a program takes what may be one.
    assert b"".join(call(cast, case, "executable")) == LONG
    assert confirmed(case) == ["not_looked_at"] * 3
    assert call(cast, case, "yes").status_code == 423
    assert client.post(page(case, "original"), {"confirm": ""}).status_code == 423


def test_what_was_confirmed_before_the_look_is_no_word_for_a_program(cast: Cast, case: Case) -> None:
    item = lodged(cast, case, JAR, "pictures.zip")
    client = sign_in(cast.investigator)
    asked = client.get(page(case, "unlock")).content.decode()
    derivatives.derive(item)
    assert 'value="not_looked_at"' in asked
    refused = client.post(page(case, "original"), {"confirm": "not_looked_at"})
    assert refused.status_code == 423 and "This file is a program" in refused.content.decode()
    assert call(cast, case, "not_looked_at").json()["code"] == "executable"


def test_a_look_that_ends_in_the_midst_of_the_question_lets_no_program_through(
        cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    item, found = lodged(cast, case, JAR, "pictures.zip"), derivatives.found

    def late(asked: Item) -> list[str]:
        derivatives.derive(asked)
        return found(Item.objects.get(pk=asked.pk))

    monkeypatch.setattr(derivatives, "found", late)
    with pytest.raises(Locked, match="is a program"):
        download(Exhibit.objects.get(item=item), by=cast.lead)


def test_a_part_is_asked_for_by_itself(cast: Cast, case: Case) -> None:
    lodge_capture(case, cast.lead, 1)
    client = sign_in(cast.lead)
    # The page's source is a text that its first bytes told all of; the picture is none.
    assert client.get(page(case, "parts/2/original")).status_code == 200
    assert client.get(page(case, "parts/1/original")).status_code == 423
    shown = client.get(page(case)).content.decode()
    assert page(case, "parts/1/unlock") in shown and page(case, "parts/1/original") not in shown
    assert page(case, "parts/2/original") in shown
    assert 'value="not_looked_at"' in client.get(page(case, "parts/1/unlock")).content.decode()
    assert call(cast, case, "not_looked_at", "parts/1/").status_code == 200


def test_what_cannot_be_looked_through_says_so_and_is_given_out(cast: Cast, case: Case,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "run", lambda *_, **_more: jail.Result(False, "took too long"))
    derivatives.derive(lodged(cast, case, LONG))
    assert b"".join(sign_in(cast.lead).get(page(case, "original"))) == LONG


def test_a_look_that_failed_is_none(cast: Cast, case: Case) -> None:
    lodged(cast, case, LONG).steps.filter(name=Step.Name.DERIVE).update(state=Step.State.FAILED)
    assert call(cast, case).json()["code"] == "not_looked_at"


@pytest.mark.parametrize("data", [b"", TEXT, b"<html><p>A page"])
def test_what_its_first_bytes_tell_waits_for_no_look(cast: Cast, case: Case, data: bytes) -> None:
    lodged(cast, case, data)
    assert b"".join(sign_in(cast.lead).get(page(case, "original"))) == data
    assert confirmed(case) == [None]
