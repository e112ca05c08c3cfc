"""Every page of the demo case, in {English, Urdu} × {light, dark}: accessible, quiet, and no wider than a telephone."""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize

from tests.house.bidi import bare
from tests.journeys.api import until
from tests.journeys.person import Person
from tests.journeys.server import ROOT, Stack

pytestmark = pytest.mark.browser

CASE = "/cases/CW-2026-0001/"
PAGES = ["/", "/cases/", "/cases/new/", "/settings/", "/accounts/2fa/", "/log/", "/listings/", "/platforms/",
         "/platforms/routes/x-legal-requests/", "/platforms/policies/x-authenticity/", CASE, *(
    CASE + path for path in (
    "evidence/", "evidence/?view=list", "evidence/lodge", "evidence/E-005/", "evidence/E-005/edit",
    "evidence/E-005/withdraw", "evidence/E-005/receipt", "evidence/E-005/unlock", "evidence/E-005/custody/",
    "evidence/custody/", "accounts/", "accounts/new/", "accounts/paste/", "accounts/table/", "accounts/bulk/tags/",
    "accounts/bulk/links/", "accounts/bulk/assessments/?subject=S-001",
    "accounts/S-001/", "accounts/S-001/assess/",
    "accounts/S-001/observe/", "accounts/S-001/claims/new/", "accounts/S-001/persona/", "accounts/S-001/location/",
    "accounts/S-001/links/new/", "accounts/S-001/tags/", "accounts/S-001/notes/new/", "accounts/S-002/", "channels/",
    "accounts/?role=merged", "accounts/S-006/", "accounts/S-006/unmerge/", "accounts/S-001/merge/",
    "accounts/S-004/", "accounts/S-002/merge/?other=S-003",
    "channels/new/",
    "channels/C-001/", "channels/C-001/observe/", "channels/C-001/observe/?fact=admin", "channels/C-001/edit/",
    "channels/C-001/withdraw/", "channels/C-001/taskings/new/", "channels/taskings/", "channels/taskings/K-001/",
    "channels/taskings/K-001/edit/", "channels/payments/",
    "channels/payments/new/", "channels/payments/M-001/", "campaigns/", "campaigns/new/", "campaigns/picture/",
    "campaigns/G-001/", "campaigns/G-001/marks/new/", "campaigns/G-001/causes/new/", "campaigns/G-001/edit/",
    "campaigns/causes/", "campaigns/causes/new/", "campaigns/causes/U-001/", "coordination/K-001/",
    "coordination/K-001/?kind=message", "coordination/K-002/", "coordination/K-001/near/",
    "coordination/K-001/propose/", "coordination/K-001/take-out/",
    "posts/", "posts/?import=I-001", "posts/I-001/7/",
    "posts/imports/", "posts/imports/new/", "posts/imports/new/?exhibit=E-034", "posts/imports/I-001/",
    "posts/imports/new/?exhibit=E-034&format=table", "posts/imports/I-001/withdraw/",
    "timeline/", "timeline/?tasking=K-001", "timeline/?channel=C-001", "timeline/take-out/?tasking=K-001",
    "network/", "network/take-out/", "network/?kind=posted&names=handles&around=S-001",
    "findings/", "findings/new/", "findings/F-001/", "findings/F-001/sources/",
    "findings/F-001/techniques/?q=hashtag", "findings/F-001/revisions/", "findings/F-001/revisions/2/",
    "tasks/", "tasks/?show=ended", "tasks/new/", "tasks/W-001/", "tasks/W-001/edit/", "tasks/W-001/finish/",
    "tasks/notes/", "tasks/notes/?about=F-001", "waiting/",
    "takedowns/", "takedowns/new/", "takedowns/new/?subject=S-001",
    "takedowns/T-001/", "reports/", "reports/new/", "reports/D-001/", "members/",
    "access/", "access/stop/", "exchange/", "close/"))]
CUT = "[...document.querySelectorAll('.table-wrap')].filter(one => one.scrollWidth > one.clientWidth).length"
NARROW: ViewportSize = {"width": 390, "height": 844}
WIDE: ViewportSize = {"width": 1440, "height": 900}


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_and_quiet(stack: Stack, browser: Any, language: str, theme: str) -> None:
    lead = Person(browser, stack.url, "lead", stack.password, language, color_scheme=theme, viewport=WIDE)
    for path in PAGES:
        lead.go(path)
        found = Axe().run(lead.page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        if language == "ur":
            assert bare(lead.page.content()) == [], path
        lead.page.set_viewport_size(NARROW)
        wider = lead.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} is {wider} px wider than a telephone"
        cut = lead.page.evaluate(CUT)
        assert cut == 0, f"{cut} tables of {path} have to be pushed sideways on a telephone"
        lead.page.set_viewport_size(WIDE)
    assert lead.complaints == []
    lead.leave()


def test_what_the_policy_forbids_is_counted(stack: Stack, browser: Any) -> None:
    """Axe and our own pages stay within it; this one is made to leave it, so that silence means something."""
    lead = Person(browser, stack.url, "lead", stack.password).go("/")
    lead.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    lead.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
    with pytest.raises(AssertionError):
        lead.go("/cases/")
    told = [one.split(" refused ")[0] for one in lead.violations if " refused " in one]
    assert told == ["/: script-src-elem", "/: img-src"]
    assert len(lead.violations) == 4, "the browser says each on its console too"
    until(lambda: len(stack.reports()) == 2, 30)
    assert sorted(one.partition("policy violation: ")[2] for one in stack.reports()) == [
        "img-src blocked http://127.0.0.1:9 on desk:home", "script-src-elem blocked inline on desk:home"]
    lead.violations.clear()
    stack.known_reports += 2
    lead.leave()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_readme_shows_real_pages(stack: Stack, browser: Any, theme: str, tmp_path: Path) -> None:
    """Makes the README's pictures; WRITE_IMAGES=1 keeps them in docs/images."""
    folder = ROOT / "docs" / "images" if os.environ.get("WRITE_IMAGES") == "1" else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    lead = Person(browser, stack.url, "lead", stack.password, color_scheme=theme, viewport=WIDE)
    lead.go(CASE + "evidence/").page.wait_for_load_state("networkidle")
    shown = lead.page.evaluate("[...document.querySelectorAll('.tile img')].filter(one => one.naturalWidth).length")
    assert shown >= 6
    lead.page.screenshot(path=folder / f"case-{theme}.png")
    assert f"docs/images/case-{theme}.png" in (ROOT / "README.md").read_text()
    lead.leave()
