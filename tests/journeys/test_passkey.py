"""A passkey in a real browser, under the CSP as it is: enrolled, used alone, as second factor, and to confirm."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person
from tests.journeys.server import Stack

pytestmark = pytest.mark.browser

DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
          "isUserVerified": True, "automaticPresenceSimulation": True}
USE = "[data-passkey] button"


@pytest.mark.parametrize(("who", "language"), [("reviewer", "en"), ("takedown", "ur")])
def test_a_person_enrols_a_passkey_signs_out_and_signs_in_with_it(stack: Stack, browser: Any, who: str,
                                                                  language: str) -> None:
    person = Person(browser, stack.url, who, stack.password, language)
    page, name = person.page, f"Laptop of {who}"
    device = person.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{stack.url}/accounts/2fa/passkeys/add/")
    person.confirm_password().fill(name=name).press(USE)
    expect(page.locator("#codes")).to_be_visible()
    person.go("/accounts/2fa/")
    expect(page.locator("main")).to_contain_text(name)

    _sign_out(person)
    with page.expect_navigation():
        page.click(USE)
    expect(page).to_have_url(f"{stack.url}/")

    _sign_out(person)
    page.fill("[name=login]", f"{who}@demo.example")
    page.fill("[name=password]", stack.password)
    page.press("[name=password]", "Enter")
    expect(page).to_have_url(f"{stack.url}/accounts/2fa/authenticate/")
    with page.expect_navigation():
        page.click(USE)
    expect(page).to_have_url(f"{stack.url}/")

    page.goto(f"{stack.url}/accounts/2fa/passkeys/confirm/?next=/accounts/2fa/")
    with page.expect_navigation():
        page.click(USE)
    expect(page).to_have_url(f"{stack.url}/accounts/2fa/")
    page.locator("a[href$='/remove/']").click()
    person.press("main form .actions button")
    expect(page.locator("main")).not_to_contain_text(name)
    assert person.complaints == []
    person.leave()


def test_without_a_passkey_the_page_says_what_may_be_the_matter(stack: Stack, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{stack.url}/accounts/login/")
    page.click(USE)
    expect(page.locator("[data-refused]")).to_be_visible()
    context.close()


def _sign_out(person: Person) -> None:
    person.page.click("form[action='/accounts/logout/'] button")
    person.page.goto(f"{person.url}/accounts/login/")
