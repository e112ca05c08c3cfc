"""A flipped bit on a running server: found, said on every page, healed by two people, and accessible all the way."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.house.bidi import bare
from tests.journeys.api import Api, until
from tests.journeys.person import Person
from tests.journeys.server import Stack

pytestmark = pytest.mark.browser

CASE = "/cases/CW-2026-0001/"
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def look(person: Person, language: str) -> None:
    """Accessible, no wider than a telephone, and in Urdu with its ids isolated."""
    for theme in ("light", "dark"):
        person.page.emulate_media(color_scheme=theme)
        found = Axe().run(person.page)
        assert found.violations_count == 0, f"{person.page.url}: {found.generate_report()}"
    if language == "ur":
        assert bare(person.page.content()) == [], person.page.url
    person.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    wider = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{person.page.url} is {wider} px wider than a telephone"
    person.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_flipped_bit_is_found_said_and_healed_by_two_people(stack: Stack, browser: Any, language: str) -> None:
    lead = Person(browser, stack.url, "lead", stack.password, language)
    legal = Person(browser, stack.url, "legal", stack.password, language)
    api = Api(stack, "lead@demo.example", "read")
    label = "E-003" if language == "en" else "E-004"
    sha256 = api.call(f"cases/CW-2026-0001/exhibits/{label}/")["sha256"]
    file = stack.home / "store" / sha256[:2] / sha256
    whole = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))

    lead.go(f"{CASE}evidence/{label}/").page.click(f"form[action$='{label}/verify'] button")
    until(lambda: any(one["state"] == "open" for one in api.call("cases/CW-2026-0001/damages/")))
    harm = next(one for one in api.call("cases/CW-2026-0001/damages/") if one["state"] == "open")
    assert (harm["sha256"], harm["place"], harm["problem"], harm["exhibits"]) == (
        sha256, "store", "changed", [label])
    where = f"{CASE}evidence/custody/damages/{harm['id']}/"
    for path in ("/", "/log/", f"{CASE}evidence/{label}/", f"{CASE}evidence/custody/",
                 f"{CASE}evidence/custody/damages/", where):
        assert lead.go(path).page.locator(".note-box.danger, [data-state=damaged]").count() > 0, path
        look(lead, language)

    lead.go(where + "heal")
    look(lead, language)
    lead.fill(reason="One bit was flipped by a test").press()
    legal.go(where + "approve")
    look(legal, language)
    legal.press().confirm_password()
    until(lambda: api.call(f"cases/CW-2026-0001/damages/{harm['id']}/")["state"] == "healed")
    look(legal.go(where), language)
    assert file.read_bytes() == whole
    aside = stack.home / "store" / "quarantine" / f"{sha256}.damage-{harm['id']}"
    assert aside.read_bytes() == whole[:-1] + bytes([whole[-1] ^ 1])
    verified = stack.manage("verify", "--all")
    assert verified.returncode == 0, verified.stdout
    for person in (lead, legal):
        assert person.complaints == []
        person.leave()
