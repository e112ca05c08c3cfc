"""Large files in the tray: sent in pieces, paused, broken off, taken up on another page, compared as a whole."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.journeys.api import Api
from tests.journeys.person import Person
from tests.journeys.server import Stack

pytestmark = pytest.mark.browser

SIZE = 40 * 2**20
SOME = re.compile(r"Uploading [1-9]")
PIECES = "**/api/v1/cases/*/uploads/*/"


@pytest.fixture(scope="module")
def evidence(stack: Stack) -> str:
    ref = Api(stack, "investigator@demo.example", "read", "write").call(
        "cases/", title="Large files", mandate_basis="Order 17/2026 of an invented board",
        mandate_purpose="To establish who pays.", mandate_scope="Films of November 2026.")["ref"]
    return f"/cases/{ref}/evidence/"


@pytest.fixture
def investigator(stack: Stack, browser: Any, evidence: str) -> Any:
    person = Person(browser, stack.url, "investigator", stack.password)
    yield person.go(evidence)
    person.leave()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    file = tmp_path / f"film-{os.urandom(4).hex()}.bin"
    file.write_bytes(os.urandom(2**20) * (SIZE // 2**20))
    return file


def rows(page: Page, state: str) -> Any:
    return page.locator(f"#tray li[data-state={state}]")


def breaking(page: Page, after: int) -> Callable[[], None]:
    """Let so many pieces through and no more; what is answered lets all through again."""
    left = [after]

    def decide(route: Route) -> None:
        left[0] -= route.request.method == "PATCH"
        if route.request.method == "PATCH" and left[0] < 0:
            route.abort()
        else:
            route.continue_()

    page.route(PIECES, decide)
    return lambda: page.unroute(PIECES)


def stored(person: Person, file: Path) -> None:
    """It is an exhibit, with the hash that the browser declared."""
    expect(rows(person.page, "stored")).to_have_count(1, timeout=120_000)
    rows(person.page, "stored").locator("a").click()
    expect(person.page.locator("main")).to_contain_text(hashlib.sha256(file.read_bytes()).hexdigest())
    expect(person.page.locator("main")).to_contain_text("Declared, and the same")
    # The browser itself says of a request that a test broke that it failed.
    assert [said for said in person.complaints if "ERR_FAILED" not in said] == []


def test_a_large_file_comes_in_pieces_and_is_compared_at_the_finish(investigator: Person, large: Path) -> None:
    page, called = investigator.page, []

    def keep(request: Request) -> None:
        if request.method in {"POST", "PATCH"}:
            called.append((request.method, request.url.rstrip("/").rpartition("/")[2]))

    page.on("requestfinished", keep)
    investigator.choose_files(large)
    expect(rows(page, "stored")).to_have_count(1, timeout=120_000)
    assert called[0] == ("POST", "begin") and called[-1] == ("POST", "finish")
    pieces = [method for method, _last in called[1:-1]]
    assert set(pieces) == {"PATCH"} and len(pieces) >= 3
    stored(investigator, large)


def test_it_is_paused_and_goes_on_from_what_is_stored(investigator: Person, large: Path) -> None:
    page = investigator.page
    whole = breaking(page, 2)
    investigator.choose_files(large)
    expect(rows(page, "uploading").get_by_role("button", name="Pause")).to_be_visible()
    expect(rows(page, "uploading")).to_contain_text(SOME)
    rows(page, "uploading").get_by_role("button", name="Pause").click()
    expect(rows(page, "paused")).to_have_count(1)
    whole()
    sent = []
    page.on("request", lambda request: sent.append(request.headers.get("upload-offset"))
            if request.method == "PATCH" else None)
    rows(page, "paused").get_by_role("button", name="Go on").click()
    stored(investigator, large)
    assert sent and "0" not in sent


def test_a_connection_that_breaks_is_tried_again_by_itself(investigator: Person, large: Path) -> None:
    whole = breaking(investigator.page, 1)
    investigator.choose_files(large)
    investigator.page.wait_for_timeout(1500)
    expect(rows(investigator.page, "uploading")).to_have_count(1)
    whole()
    stored(investigator, large)


def test_it_goes_on_on_another_page_with_the_same_file_alone(investigator: Person, evidence: str, large: Path,
                                                             tmp_path: Path) -> None:
    page = investigator.page
    breaking(page, 2)
    investigator.choose_files(large)
    expect(rows(page, "uploading")).to_contain_text(SOME)
    rows(page, "uploading").get_by_role("button", name="Pause").click()
    expect(rows(page, "paused")).to_have_count(1)
    page.unroute(PIECES)
    page = investigator.go(f"{evidence}custody/").page
    expect(rows(page, "unfinished")).to_contain_text(large.name)
    expect(rows(page, "unfinished")).to_contain_text("stored so far")
    another = tmp_path / "another" / large.name
    another.parent.mkdir()
    another.write_bytes(os.urandom(SIZE))
    page.set_input_files("#tray input[type=file]", another)
    expect(rows(page, "unfinished")).to_contain_text("This is another file")
    page.set_input_files("#tray input[type=file]", large)
    stored(investigator, large)


def test_what_is_discarded_is_offered_no_more(investigator: Person, evidence: str, large: Path) -> None:
    page = investigator.page
    breaking(page, 1)
    investigator.choose_files(large)
    expect(rows(page, "uploading")).to_contain_text(SOME)
    rows(page, "uploading").get_by_role("button", name="Pause").click()
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        rows(page, "paused").get_by_role("button", name="Discard").click()
    page = investigator.go(evidence).page
    page.wait_for_timeout(500)
    expect(page.locator("#tray")).to_be_hidden()
