"""A partner's package in a real browser: checked by the worker, its files lodged; in both languages and looks."""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.evidence.foreign import SPOILT, make_bag, spoilt, zipped
from tests.house.bidi import bare
from tests.journeys.person import Person
from tests.journeys.server import Stack
from tests.journeys.test_pages_look import CASE, CUT, NARROW, WIDE

pytestmark = pytest.mark.browser

FILES = {"chat/گفتگو.txt": "ایک پیغام".encode(), "posts/one.html": b"<!doctype html><html><p>Lahore rises</p></html>",
         "posts/a-rather-long-name-that-a-partner-gave-to-a-file-of-little-interest.txt": b"x" * 4000}


def lodge(person: Person, file: Path) -> str:
    person.go(CASE + "evidence/lodge").choose_files(file)
    person.fill(received_from="Invented Partner Desk").press()
    return person.page.url.partition("?")[0].removeprefix(person.url)


def check(person: Person, address: str, state: str) -> None:
    person.go(address).press("#package form button")
    for _try in range(60):
        if person.page.locator(f"#package .row .state[data-state={state}]").count():
            return
        person.page.wait_for_timeout(500)
        person.go(address)
    raise AssertionError("it was not checked")


def looks(person: Person, address: str, name: str) -> None:
    """Accessible, isolated, and no wider than a telephone, each in its own picture where PICTURES names a folder."""
    for size, width in ((WIDE, 1440), (NARROW, 390)):
        person.page.set_viewport_size(size)
        person.go(address)
        found = Axe().run(person.page)
        assert found.violations_count == 0, found.generate_report()
        wider = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} is {wider} px wider than {width}"
        assert person.page.evaluate(CUT) == 0, f"a table of {name} has to be pushed sideways at {width}"
        if folder := os.environ.get("PICTURES"):
            person.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    person.page.set_viewport_size(WIDE)
    assert bare(person.page.content()) == []


def test_a_partners_package_is_checked_and_its_files_are_lodged(stack: Stack, browser: Any, tmp_path: Path) -> None:
    good, bad = tmp_path / "package.zip", tmp_path / "spoilt.zip"
    files = make_bag(tmp_path, FILES, claims={"Source-Organization": "Invented Partner", "Contact-Name": "فرضی نام"})
    good.write_bytes(zipped(files))
    bad.write_bytes(spoilt(files | {"data/chat.txt": b"x"}, SPOILT["in no manifest"][1]))
    lead = Person(browser, stack.url, "lead", stack.password, viewport=WIDE)
    whole, broken = lodge(lead, good), lodge(lead, bad)
    looks(lead, whole, "before")
    check(lead, whole, "verified")
    check(lead, broken, "failed")
    for language in ("en", "ur"):
        for theme in ("light", "dark"):
            other = Person(browser, stack.url, "lead", stack.password, language, color_scheme=theme, viewport=WIDE)
            looks(other, whole, f"valid-{language}-{theme}")
            looks(other, broken, f"invalid-{language}-{theme}")
            assert other.complaints == []
            other.leave()
    lead = Person(browser, stack.url, "lead", stack.password, viewport=WIDE)
    lead.go(whole).page.locator("#package input[type=checkbox]").first.check()
    lead.press("#package .actions button:not([name])")
    lead.press("#package .actions button[name=all]")
    for _try in range(60):
        if lead.page.locator("#package td .state[data-state=done]").count() == len(FILES):
            break
        lead.page.wait_for_timeout(500)
        lead.go(whole)
    expect(lead.page.locator("#package td a")).to_have_count(len(FILES))
    address = lead.page.locator("#package td a").first.get_attribute("href")
    assert address is not None
    looks(lead, whole, "lodged")
    looks(lead, address, "came")
    expect(lead.page.locator("main")).to_contain_text("Invented Partner Desk")
    assert lead.complaints == []
    lead.leave()
