"""The second origin, which shows what is in files: links to it, what ends them, and that it serves nothing else."""

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from stack import environment

from casework import origins
from casework.cases.models import Case
from casework.exhibits import content
from casework.exhibits.models import Exhibit
from casework.people import services as people
from casework.people import sessions
from evidence.custody.models import Payload
from evidence.custody.services import LogUnwritable
from evidence.derivatives import services as derivatives
from evidence.derivatives.models import Derivative
from tests.casework import harm
from tests.factories import PASSWORD, Cast, lodge_capture, lodge_png, make_case, make_cast, sign_in
from tests.house.permissions import TABLE
from tests.house.world import ROUTES

CONTENT = "http://content.example"


@pytest.fixture(autouse=True)
def two_origins(settings: Any) -> None:
    settings.CONTENT_URL = CONTENT
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "content.example"]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.fixture
def exhibit(cast: Cast, case: Case) -> Exhibit:
    lodged = lodge_png(case, cast.lead, 1).exhibit
    derivatives.derive(lodged.item)
    return lodged


@pytest.fixture
def browser(cast: Cast) -> Client:
    return sign_in(cast.investigator)


def way(browser: Client, exhibit: Exhibit, name: str = "preview") -> str:
    """Where the origin of the pages sends a browser that asks for the picture."""
    answer = browser.get(f"/cases/{exhibit.case.ref}/evidence/E-{exhibit.number:03}/{name}")
    assert answer.status_code == 302 and answer.content == b""
    assert answer["Location"].startswith(f"{CONTENT}/shown?link=")
    return str(answer["Location"].removeprefix(CONTENT))


def shown(address: str, host: str = "content.example", method: str = "get") -> Any:
    """What the content origin answers a browser that has none of our cookies."""
    return getattr(Client(), method)(address, headers={"host": host})


def looks(act: str = "exhibit_viewed") -> list[dict[str, Any]]:
    told = [json.loads(bytes(payload.content)) for payload in Payload.objects.order_by("at")]
    return [event for event in told if event["detail"].get("act") == act]


def test_a_picture_comes_from_the_other_origin_alone_and_is_recorded(browser: Client, exhibit: Exhibit) -> None:
    address = way(browser, exhibit)
    assert looks() == [], "the way to it is no look at it"
    answer = shown(address)
    assert answer.status_code == 200 and answer["Content-Type"] in {"image/png", "image/jpeg"}
    assert [event["detail"]["what"] for event in looks()] == ["picture"]
    assert looks()[0]["agent"]["name"] == "Imran Sethi"
    told = answer.headers
    assert told["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert told["X-Content-Type-Options"] == "nosniff" and told["X-Frame-Options"] == "DENY"
    assert told["Cross-Origin-Resource-Policy"] == "cross-origin" and told["Referrer-Policy"] == "no-referrer"
    assert {"no-store", "private"} <= {part.strip() for part in told["Cache-Control"].split(",")}
    assert "Access-Control-Allow-Origin" not in told


def test_page_and_picture_are_one_look_there_too(browser: Client, exhibit: Exhibit) -> None:
    page = browser.get(f"/cases/{exhibit.case.ref}/evidence/E-001/").content.decode()
    look = re.search(r'preview\?look=([^"]+)"', page)
    assert look and shown(way(browser, exhibit, f"preview?look={look[1]}")).status_code == 200
    assert [event["detail"]["what"] for event in looks()] == ["page"]


def test_small_pictures_and_those_of_parts_come_from_there(browser: Client, cast: Cast, case: Case,
                                                           exhibit: Exhibit) -> None:
    capture = lodge_capture(case, cast.lead, 5).exhibit
    for part in capture.item.parts.all():
        derivatives.derive(part.item)
    picture = next(part.position for part in capture.item.parts.all() if part.role == "picture")
    assert shown(way(browser, exhibit, "thumbnail")).status_code == 200
    assert shown(way(browser, capture, f"parts/{picture}/thumbnail")).status_code == 200
    assert shown(way(browser, capture, "parts/99/thumbnail")).status_code == 404


def test_no_cookie_is_read_or_set_there(browser: Client, exhibit: Exhibit) -> None:
    address = way(browser, exhibit)
    for asked in (address, "/", "/accounts/login/", f"/cases/{exhibit.case.ref}/"):
        answer = browser.get(asked, headers={"host": "content.example"})
        assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
        assert (answer.status_code == 200) == (asked == address)


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_nothing_else_is_served_there(browser: Client, world_of_addresses: list[str], method: str) -> None:
    for address in world_of_addresses:
        answer = getattr(browser, method)(address, headers={"host": "content.example"})
        assert answer.status_code == (404 if method in {"get", "head"} else 405), address
        assert answer.content in {b"", b"http://testserver/\n"}
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'" and not answer.cookies


@pytest.fixture
def world_of_addresses(exhibit: Exhibit) -> list[str]:
    """Each address that needs no more than a case and an exhibit, a file of ours, and what is nowhere."""
    found = {"/", "/static/css/casework.css", "/shown", "/shown?link=x", "/shown/", "//shown", "/shown%00", "/../shown"}
    for route in TABLE:
        if route in ROUTES and set(ROUTES[route]) <= {"ref", "number"}:
            parts = {"ref": exhibit.case.ref, "number": 1}
            found.add(reverse(route, kwargs={part: parts[part] for part in ROUTES[route]}))
    return sorted(found)


@pytest.mark.parametrize("host", ["content.example", "CONTENT.example", "content.example.", "content.example:80",
                                  "content.example:99999", "content.example:x",
                                  "content.example:8443"])
def test_its_name_decides_however_it_is_spelled(db: None, host: str) -> None:
    assert shown("/accounts/login/", host).status_code == 404


def test_beside_the_pages_on_one_host_the_port_decides(db: None, settings: Any) -> None:
    settings.CONTENT_URL = "http://testserver:8001"
    assert shown("/accounts/login/", "testserver:8001").status_code == 404
    assert shown("/accounts/login/", "testserver").status_code == 200
    assert not origins.is_content("a]b") and not origins.is_content("testserver:99999")


def forged(exhibit: Exhibit, browser: Client, **other: Any) -> str:
    bound = signing.loads(parse_qs(urlsplit(way(browser, exhibit)).query)["link"][0], salt=content.LINK)
    names = ("sign_in", "person", "ref", "number", "what", "position", "look")
    return "/shown?link=" + signing.dumps([other.get(name, value) for name, value in zip(names, bound, strict=True)],
                                          salt=str(other.get("salt", content.LINK)))


def test_a_link_holds_for_what_it_was_made_for(browser: Client, cast: Cast, exhibit: Exhibit) -> None:
    address = way(browser, exhibit)
    assert shown(forged(exhibit, browser)).status_code == 200
    assert shown(address[:-1] + ("x" if address[-1] != "x" else "y")).status_code == 404
    assert shown(address.replace("/shown", "/other")).status_code == 404
    for other in ({"salt": "casework.exhibits.look"}, {"person": cast.outsider.pk}, {"person": cast.lead.pk},
                  {"sign_in": 987654}, {"number": 999}, {"ref": "CW-1999-0001"}):
        assert shown(forged(exhibit, browser, **other)).status_code == 404, other


def test_a_link_is_over_after_two_minutes(browser: Client, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    address, then = way(browser, exhibit), time.time()
    monkeypatch.setattr(time, "time", lambda: then + content.LINK_SECONDS - 5)
    assert shown(address).status_code == 200
    monkeypatch.setattr(time, "time", lambda: then + content.LINK_SECONDS + 5)
    assert shown(address).status_code == 404


ENDS: dict[str, Callable[[Cast, Client], Any]] = {
    "signing out": lambda cast, browser: browser.post("/accounts/logout/"),
    "being signed out": lambda cast, browser: sessions.end_all(cast.investigator, by=cast.admin),
    "half an hour": lambda cast, browser: cast.investigator.sign_ins.update(
        seen_at=timezone.now() - timedelta(minutes=31)),
    "being shut out": lambda cast, browser: people.disable(cast.investigator, by=cast.admin),
    "another password": lambda cast, browser: set_password(cast.investigator),
    "the end of a membership": lambda cast, browser: cast.investigator.memberships.update(ended_at=timezone.now()),
    "a role that does not open it": lambda cast, browser: cast.investigator.memberships.update(role="media"),
}


def set_password(person: Any) -> None:
    person.set_password(PASSWORD + "er")
    person.save()


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_the_session_or_the_right_ends_the_link(browser: Client, cast: Cast, exhibit: Exhibit,
                                                          end: str) -> None:
    address, other = way(browser, exhibit), way(sign_in(cast.lead), exhibit)
    ENDS[end](cast, browser)
    seen = len(looks())
    assert shown(address).status_code == 404
    assert len(looks()) == seen, "and nothing says that it was looked at"
    assert shown(other).status_code == 200, "and no link of anybody else"


def test_a_role_that_asks_for_a_second_factor_now_ends_the_link(browser: Client, exhibit: Exhibit,
                                                                settings: Any) -> None:
    address = way(browser, exhibit)
    settings.SECOND_FACTOR_FOR = ["investigator"]
    assert shown(address).status_code == 404


def test_who_lost_the_right_meanwhile_is_recorded_as_refused(browser: Client, cast: Cast, exhibit: Exhibit) -> None:
    address = way(browser, exhibit)
    ENDS["the end of a membership"](cast, browser)
    shown(address)
    assert [(event["subject"], event["detail"]["route"]) for event in looks("refused")] == [
        (f"case/{exhibit.case.ref}", "content")]


def test_without_a_record_nothing_is_shown(browser: Client, exhibit: Exhibit, monkeypatch: pytest.MonkeyPatch) -> None:
    address = way(browser, exhibit)

    def broken(*_given: Any, **_more: Any) -> None:
        raise LogUnwritable

    monkeypatch.setattr("casework.exhibits.reading.record", broken)
    answer = shown(address)
    assert (answer.status_code, answer.content) == (503, b"http://testserver/\n")


def test_damaged_bytes_are_not_shown_and_are_looked_at(browser: Client, cast: Cast, case: Case,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    # What is damaged here stays so for the whole module.
    exhibit = lodge_png(case, cast.lead, 77).exhibit
    derivatives.derive(exhibit.item)
    address, woken = way(browser, exhibit), list[Any]()
    monkeypatch.setattr("evidence.wake.after_commit", lambda *words: woken.append(words))
    made = derivatives.find(exhibit.item, Derivative.Kind.PREVIEW)
    assert made
    harm.spoil(harm.lie(made.blob_id, "evidence"))
    assert shown(address).status_code == 503
    assert woken == [("evidence.fixity.suspect", made.blob_id)]


def test_without_the_setting_pictures_come_from_the_pages(browser: Client, exhibit: Exhibit, settings: Any) -> None:
    address = way(browser, exhibit)
    settings.CONTENT_URL = ""
    assert browser.get(f"/cases/{exhibit.case.ref}/evidence/E-001/preview").status_code == 200
    assert browser.get(address).status_code == 404
    assert shown("/accounts/login/", "content.example").status_code == 200


@pytest.mark.parametrize(("given", "taken"), [
    ({}, "http://127.0.0.1:8123"), ({"CONTENT_URL": ""}, ""), ({"BASE_URL": "https://casework.example"}, ""),
    ({"CONTENT_URL": "https://bytes.invalid"}, "https://bytes.invalid")])
def test_one_machine_takes_its_other_name_unless_it_is_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                     given: dict[str, str], taken: str) -> None:
    for name in ("BASE_URL", "CONTENT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    home = environment.Home(tmp_path / "home")
    home.open()
    values = environment.settings(home, {"DATABASE_URL": "postgresql://role/name", "BROKER_URL": "memory://"},
                                  "http://localhost:8123")
    assert values["CONTENT_URL"] == taken
