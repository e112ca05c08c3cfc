"""A captured page lodged in a real browser: hashed here, sent together, refused together."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.api import Api
from tests.journeys.person import Person
from tests.journeys.pictures import png
from tests.journeys.server import Stack
from tests.journeys.test_intake_tray import MISHASH

pytestmark = pytest.mark.browser

SOURCE = b"<!doctype html><html><title>A page</title></html>"


@pytest.fixture(scope="module")
def case(stack: Stack) -> Any:
    return Api(stack, "investigator@demo.example", "read", "write").call(
        "cases/", title="A captured page", mandate_basis="Order 17/2026 of an invented board",
        mandate_purpose="To establish who pays.", mandate_scope="Pages of November 2026.")["ref"]


@pytest.mark.parametrize("script", [True, False])
def test_the_files_become_one_exhibit_with_and_without_a_script(stack: Stack, browser: Any, case: str, tmp_path: Path,
                                                                script: bool) -> None:
    person = Person(browser, stack.url, "investigator", stack.password, java_script_enabled=script)
    page = person.go(f"/cases/{case}/evidence/capture").page
    picture = png(300, 200, f"capture {script}")
    (tmp_path / "page.html").write_bytes(SOURCE)
    (tmp_path / "page.png").write_bytes(picture)
    page.set_input_files("#files", [tmp_path / "page.html", tmp_path / "page.png"])
    if script:
        expect(page.locator("output.chosen")).to_have_text("page.html, page.png")
        page.evaluate(MISHASH, len(SOURCE))
        page.click("form[data-capture] .actions button")
        expect(page.locator("[data-failed]")).to_contain_text("another SHA-256")
        page.evaluate(MISHASH, -1)
    page.click("form[data-capture] .actions button")
    parts = page.locator("#parts li.part")
    expect(parts).to_have_count(2)
    for part, data in zip((0, 1), (picture, SOURCE), strict=True):
        expect(parts.nth(part)).to_contain_text(hashlib.sha256(data).hexdigest())
    expect(page.locator("#parts .note-box")).to_contain_text("The address of the page is missing.")
    expect(page.locator("main")).to_contain_text("Declared, and the same" if script else "Not declared")
    assert [one for one in person.complaints if "422" not in one] == []
    person.leave()
