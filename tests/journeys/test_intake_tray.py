"""The intake tray in a real browser: hashed here, sent with progress, failures kept, nothing lodged unasked."""

import hashlib
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.api import Api
from tests.journeys.person import Person
from tests.journeys.pictures import png
from tests.journeys.server import Stack

pytestmark = pytest.mark.browser

POST = "https://x.com/zara_news_pk/status/1768331415029559296"
# FIPS 180-4's examples and lengths around the block's edge, hashed by the browser's worker as it is deployed.
VECTORS = [b"", b"abc", b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", b"a" * 1_000_000,
           *[b"x" * length for length in (55, 56, 63, 64, 65, 119, 120, 127, 128, 4 * 2**20, 4 * 2**20 + 1)]]

HASH = """text => new Promise((resolve, reject) => {
    const worker = new Worker(document.getElementById('tray').dataset.worker, {type: 'module'});
    worker.onmessage = ({data}) => resolve(data.sha256);
    worker.onerror = reject;
    worker.postMessage(new Blob([text]));
})"""
# What a file of this length has arrives as another hash than was declared.
MISHASH = """length => {
    const digest = SubtleCrypto.prototype.digest;
    crypto.subtle.digest = (name, bytes) => digest.call(crypto.subtle, name,
        bytes.byteLength === length ? new ArrayBuffer(1) : bytes);
}"""
GIVE = """([kind, files]) => {
    const carried = new DataTransfer();
    for (const {name, type, text} of files) {
        if (name) carried.items.add(new File([text], name, {type}));
        else carried.setData('text/plain', text);
    }
    const common = {bubbles: true, cancelable: true};
    const event = kind === 'paste' ? new ClipboardEvent('paste', {clipboardData: carried, ...common})
        : new DragEvent(kind, {dataTransfer: carried, ...common});
    (document.activeElement ?? document.body).dispatchEvent(event);
    return event.defaultPrevented;
}"""


@pytest.fixture(scope="module")
def evidence(stack: Stack) -> str:
    """The evidence page of a case of its own: 120 files would push the pictures of the demo off its page."""
    ref = Api(stack, "investigator@demo.example", "read", "write").call(
        "cases/", title="A tray of files", mandate_basis="Order 16/2026 of an invented board",
        mandate_purpose="To establish who pays.", mandate_scope="Posts of November 2026.")["ref"]
    return f"/cases/{ref}/evidence/"


@pytest.fixture
def investigator(stack: Stack, browser: Any, evidence: str) -> Any:
    person = Person(browser, stack.url, "investigator", stack.password)
    yield person.go(evidence)
    person.leave()


def rows(page: Page, state: str) -> Any:
    return page.locator(f"#tray li[data-state={state}]")


def test_the_browsers_own_sha256_agrees_with_the_known_vectors(investigator: Person) -> None:
    for data in VECTORS:
        assert investigator.page.evaluate(HASH, data.decode()) == hashlib.sha256(data).hexdigest()


def test_files_are_hashed_sent_and_shown_with_their_number_and_the_same_again_is_said(investigator: Person,
                                                                                      tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(7)]
    for file in files:
        file.write_bytes(os.urandom(2000))
    page = investigator.choose_files(*files).page
    expect(rows(page, "stored")).to_have_count(7)
    expect(page.locator("#tray [role=status]")).to_contain_text("7 of 7")
    digest = hashlib.sha256(files[0].read_bytes()).hexdigest()
    expect(rows(page, "stored").first).to_contain_text(f"{digest[:4]}…{digest[-2:]}")
    investigator.choose_files(files[0])
    expect(rows(page, "held")).to_have_count(1)
    rows(page, "held").locator("a").click()
    expect(page.locator("main")).to_contain_text(digest)
    expect(page.locator("main")).to_contain_text("Declared, and the same")
    assert investigator.complaints == []


def test_what_failed_is_kept_with_its_reason_and_goes_on_retry(investigator: Person, tmp_path: Path) -> None:
    page, left = investigator.page, [1]

    def fail(route: Route) -> None:
        left[0] -= 1
        if left[0] >= 0:
            route.abort()
        else:
            route.continue_()

    page.route("**/evidence/lodge", fail)
    files = [tmp_path / f"{number}.txt" for number in range(2)]
    for file in files:
        file.write_bytes(os.urandom(2000))
    investigator.choose_files(*files)
    expect(rows(page, "failed")).to_have_count(2)
    expect(rows(page, "failed").first).to_contain_text("did not answer")
    page.click("#tray [data-act=retry-all]")
    expect(rows(page, "stored")).to_have_count(2)


def test_small_files_go_together_and_one_that_is_refused_takes_nothing_from_the_others(investigator: Person,
                                                                                       tmp_path: Path) -> None:
    page, sent = investigator.page, []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/evidence/lodge") else None)
    files = [tmp_path / f"{number}.txt" for number in range(120)]
    for number, file in enumerate(files):
        file.write_bytes(os.urandom(501 if number == 2 else 500))
    page.evaluate(MISHASH, 501)
    investigator.choose_files(*files)
    expect(rows(page, "stored")).to_have_count(119, timeout=60_000)
    expect(rows(page, "failed")).to_have_count(1)
    expect(rows(page, "failed")).to_contain_text("another SHA-256")
    assert len(sent) == 3
    page.evaluate(MISHASH, -1)
    page.click("#tray [data-act=retry-all]")
    expect(rows(page, "stored")).to_have_count(120)


def test_a_paste_waits_for_a_yes_and_a_pasted_picture_is_labelled(investigator: Person) -> None:
    page = investigator.page
    picture = png(120, 90, seed=os.urandom(8).hex()).decode("latin-1")
    page.evaluate(GIVE, ["paste", [{"name": "image.png", "type": "image/png", "text": picture}]])
    expect(rows(page, "asked")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(rows(page, "stored")).to_have_count(1)
    page.evaluate(GIVE, ["paste", [{"text": f"{POST} {os.urandom(4).hex()}"}]])
    expect(rows(page, "asked")).to_have_count(1)
    rows(page, "asked").locator("button").last.click()
    expect(rows(page, "asked")).to_have_count(0)
    rows(page, "stored").locator("a").click()
    expect(page.locator("main")).to_contain_text("Clipboard, re-encoded by the browser")


def test_a_text_pasted_into_a_field_belongs_to_the_field(investigator: Person) -> None:
    page = investigator.page
    page.focus("#q")
    assert page.evaluate(GIVE, ["paste", [{"text": "a word to look for"}]]) is False
    expect(page.locator("#tray")).to_be_hidden()


def test_dropped_files_come_in_with_the_provenance_of_the_form(investigator: Person, evidence: str) -> None:
    page = investigator.go(f"{evidence}lodge").page
    investigator.fill(received_from="a person in Multan", source_url=POST)
    page.press("[name=source_url]", "Tab")
    expect(page.locator("[data-derived]")).to_contain_text("2024-03-14 17:40:38.009 UTC")
    expect(page.locator("[name=handle]")).to_have_value("zara_news_pk")
    page.evaluate(GIVE, ["drop", [{"name": "dropped.txt", "type": "text/plain", "text": os.urandom(20).hex()}]])
    expect(rows(page, "stored")).to_have_count(1)
    expect(page.locator("[name=received_from]")).to_have_value("a person in Multan")
    rows(page, "stored").locator("a").click()
    for words in ("a person in Multan", "zara_news_pk", "derived: carried by the post's id", "File as received"):
        expect(page.locator("main")).to_contain_text(words)


def test_a_field_that_is_refused_is_marked_and_the_file_stays(investigator: Person, evidence: str,
                                                              tmp_path: Path) -> None:
    file = tmp_path / "late.txt"
    file.write_bytes(os.urandom(2000))
    page = investigator.go(f"{evidence}lodge").page
    page.set_input_files("form[data-provenance] input[type=file]", file)
    page.fill("[name=captured_at]", "3.11.2026 18:00")
    page.click("form[data-provenance] .actions button")
    expect(rows(page, "failed")).to_contain_text("Captured at (UTC): Write it like")
    expect(page.locator(".field.has-error .errors")).to_contain_text("Write it like")
    page.fill("[name=captured_at]", "2026-11-03 18:00")
    page.click("form[data-provenance] .actions button")
    page.wait_for_url(re.compile(r"/evidence/E-\d+/$"))
    expect(page.locator("main")).to_contain_text("2026-11-03 18:00")
