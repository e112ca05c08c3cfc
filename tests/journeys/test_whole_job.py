"""The whole job in a real browser, from sign-in to the downloaded PDF, in English and in Urdu."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person
from tests.journeys.pictures import png
from tests.journeys.server import Stack

pytestmark = pytest.mark.browser

MANDATE = {"mandate_basis": "Order 3 of an invented board", "mandate_purpose": "To see who paid",
           "mandate_scope": "Behaviour in one week"}
WEIGHED = {"necessity": "Counsel asked for it.", "against": "The network is small.",
           "less_intrusive": "A report alone."}
POST = "https://x.com/Tea_of_Kot_q/status/1843310224896000000"
HANDLE, OWNER = "Tea_of_Kot_q", "Tea of Kot"


@pytest.mark.parametrize("language", ["en", "ur"])
def test_from_sign_in_to_the_downloaded_pdf(stack: Stack, browser: Any, language: str, tmp_path: Path) -> None:
    def person(name: str) -> Person:
        return Person(browser, stack.url, name, stack.password, language)

    ref = open_case(person("lead"), stack)
    lodge_evidence(investigator := person("investigator"), ref, tmp_path, language)
    write_finding(investigator, ref)
    reviewer = person("reviewer")
    reviewer.go(f"/cases/{ref}/findings/F-001/review/").press()
    take_down(person("takedown"), reviewer, ref)
    legal = person("legal")
    label = seal_dossier(legal, reviewer, ref, language)
    pdf = download(legal, ref, label, tmp_path)
    check_pdf(pdf, ref, language)
    for one in (investigator, reviewer, legal):
        assert one.complaints == []
        one.leave()
    verified = stack.manage("verify", "--all", "--case", ref)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def open_case(lead: Person, stack: Stack) -> str:
    lead.go("/cases/new/").fill(title="Tea posts, paid for", **MANDATE).press()
    ref = re.search(r"CW-\d{4}-\d{4}", lead.page.url)
    assert ref is not None, lead.page.url
    for role in ("investigator", "reviewer", "takedown", "legal"):
        lead.go(f"/cases/{ref[0]}/members/")
        chosen = lead.page.locator("[name=person] option", has_text=f"{role}@demo.example").get_attribute("value")
        lead.fill(person=chosen, role=role).press("form:has([name=person]) .actions button").confirm_password()
    lead.leave()
    return ref[0]


def lodge_evidence(by: Person, ref: str, folder: Path, language: str) -> None:
    """Three pictures chosen at once, one pasted, one with its provenance; the hash is made in the browser."""
    files = []
    for number in range(3):
        files.append(folder / f"{language}-{number}.png")
        files[-1].write_bytes(png(360, 780, seed=f"{ref}{number}"))
    by.go(f"/cases/{ref}/evidence/").choose_files(*files)
    stored = by.page.locator("#tray li[data-state=stored]")
    expect(stored).to_have_count(3)
    paste(by, png(200, 200, seed=f"{ref} pasted"))
    by.page.locator("#tray li[data-state=asked] button").first.click()
    expect(stored).to_have_count(4)
    by.go(f"/cases/{ref}/evidence/lodge").fill(source_url=POST, captured_with="Chromium")
    file = folder / f"{language}-post.png"
    file.write_bytes(png(360, 780, seed=f"{ref} post"))
    by.page.set_input_files("main [name=file]", str(file))
    by.press()
    by.go(f"/cases/{ref}/evidence/E-005/")
    shown = by.page.locator("main").inner_text()
    assert HANDLE in shown and "1843310224896000000" in shown and "2024-10-07 15:19:39" in shown
    by.go(f"/cases/{ref}/evidence/").choose_files(files[0])
    expect(by.page.locator("#tray li[data-state=held]")).to_have_count(1)


def paste(by: Person, data: bytes) -> None:
    by.page.evaluate(
        """bytes => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], 'image.png', {type: 'image/png'}));
            document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: files, bubbles: true}));
        }""", list(data))


def write_finding(by: Person, ref: str) -> None:
    by.go(f"/cases/{ref}/accounts/new/")
    by.fill(platform="x", handle=HANDLE, display_name=OWNER, stable_id=f"7{ref[3:7]}{ref[8:]}", exhibit="E-005",
            persona="place", persona_basis="It is called a town.").press()
    by.go(f"/cases/{ref}/accounts/S-001/assess/")
    by.fill(to_role="participant", indicators=["coordination"], exhibits="E-005", reason="Posted the tasked text.",
            against="It may have copied it.").press()
    by.go(f"/cases/{ref}/findings/new/")
    by.fill(kind="coordination", title="One text, one minute", claim=f"The account {HANDLE} posted the tasked text.",
            method="Letters were compared.", likelihood="likely", exhibits_for="E-005", subjects="S-001",
            confidence="moderate", against="One account is few.", **{
                "alternatives-0-hypothesis": "A copy by chance.", "alternatives-0-why": "It came within the minute."})
    by.press()
    by.go(f"/cases/{ref}/findings/F-001/sources/")
    by.fill(note_5="The post, word for word.", reliability_5="B", credibility_5="1").press()
    by.press(".page-head form button.primary")


def take_down(officer: Person, reviewer: Person, ref: str) -> None:
    officer.go(f"/cases/{ref}/takedowns/new/")
    officer.fill(platform="x", policy="Authenticity", text="We report one account.", subjects="S-001",
                 **WEIGHED).press()
    officer.go(f"/cases/{ref}/takedowns/T-001/submit/").press()
    refused = officer.page.goto(f"{officer.url}/cases/{ref}/takedowns/T-001/approve/")
    assert refused is not None and refused.status in {403, 409}, "the drafter may not review"
    officer.complaints.clear()
    reviewer.go(f"/cases/{ref}/takedowns/T-001/approve/").press()
    officer.go(f"/cases/{ref}/takedowns/T-001/send/").press()
    officer.go(f"/cases/{ref}/takedowns/T-001/acknowledge/").fill(reference="X-9").press()
    officer.go(f"/cases/{ref}/takedowns/T-001/")
    with officer.page.expect_navigation():
        officer.page.click("a[href*='/decide/']")
    officer.fill(outcome="suspended", wording="We suspended it.").press()
    officer.go(f"/cases/{ref}/takedowns/T-001/close/").press()
    assert officer.complaints == []
    officer.leave()


def seal_dossier(legal: Person, reviewer: Person, ref: str, language: str) -> str:
    """Composed when the worker has archived everything, approved by another, sealed after the password again."""
    until(lambda: legal.go(f"/cases/{ref}/evidence/E-005/").page.evaluate(
        "() => String(document.querySelectorAll('[data-state=pending]').length)") == "0")
    legal.go(f"/cases/{ref}/reports/new/").fill(kind="referral", language=language, **WEIGHED).press()
    label = re.search(r"D-\d{3}", legal.page.url)
    assert label is not None, legal.page.url
    for _ in range(12):
        if legal.page.locator(".note-box.warn").count() == 0:
            break
        # The signed log did not cover the last exhibit yet; half a minute later it does.
        time.sleep(5)
        legal.go(f"/cases/{ref}/reports/{label[0]}/again/").fill(**WEIGHED).press()
    assert label is not None
    legal.press(".page-head form button.primary")
    reviewer.go(f"/cases/{ref}/reports/{label[0]}/review/").press()
    legal.go(f"/cases/{ref}/reports/{label[0]}/seal/").confirm_password().press()
    expect(legal.page.locator(".page-head .state")).to_have_attribute("data-state", "sealed", timeout=120_000)
    return label[0]


def until(done: Callable[[], bool], seconds: int = 120) -> None:
    for _ in range(seconds):
        if done():
            return
        time.sleep(1)
    raise AssertionError(f"not done within {seconds} seconds")


def download(legal: Person, ref: str, label: str, folder: Path) -> Path:
    legal.go(f"/cases/{ref}/reports/{label}/download/").fill(purpose="For counsel")
    with legal.page.expect_download() as begun:
        legal.page.click("main form .actions button")
    file = folder / "dossier.pdf"
    begun.value.save_as(file)
    return file


def check_pdf(pdf: Path, ref: str, language: str) -> None:
    """With tools that are not ours."""
    about = run("pdfinfo", pdf)
    assert "Encrypted:       no" in about and ref in about
    assert re.search(r"Pages:\s+([5-9]|\d\d)", about), about
    text = run("pdftotext", "-layout", pdf, "-")
    assert ref in text and "E-005" in text and "1843310224896000000" in text
    assert ("custody" in text.lower()) == (language == "en")
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", pdf)
    assert "manifest.json" in run("pdfdetach", "-list", pdf)


def run(*words: Any) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
