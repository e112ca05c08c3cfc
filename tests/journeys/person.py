"""A person at a browser: signs in, fills forms by their names, presses the page's main button.

Works by addresses and field names, so that the same journey runs in English and in Urdu."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

TIMES = 30_000
# What a page tried that its policy forbids. Whoever puts script into a page shows here first.
COUNT = """document.addEventListener("securitypolicyviolation", (event) => refusedByPolicy(
    `${location.pathname}: ${event.effectiveDirective} refused ${event.blockedURI} (${event.sourceFile})`))"""


# Everybody of the test that runs: tests/journeys/conftest.py asks each whether a page of theirs left its policy.
MADE: "list[Person]" = []


class Person:
    """One signed-in browser: an invented person of the demo by their role, or anybody by their address.

    Every console error of its pages is kept in `complaints`, and what their policy refused in `violations`."""

    def __init__(self, browser: Any, url: str, name: str, password: str, language: str = "en", **context: Any):
        self.url, self.name, self.password = url, name, password
        self.context = browser.new_context(accept_downloads=True, **context)
        self.context.set_default_timeout(TIMES)
        self.violations: list[str] = []
        self.context.expose_function("refusedByPolicy", lambda told: self.violations.append(told))
        self.context.add_init_script(COUNT)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        MADE.append(self)
        self._sign_in(language)

    def _heard(self, said: Any) -> None:
        if said.type == "error":
            self.complaints.append(said.text)
        if "Content Security Policy" in said.text:
            self.violations.append(f"{self.page.url}: {said.text}")

    def _sign_in(self, language: str) -> None:
        self.page.goto(f"{self.url}/accounts/login/")
        self.page.fill("[name=login]", self.name if "@" in self.name else f"{self.name}@demo.example")
        self.page.fill("[name=password]", self.password)
        self.page.press("[name=password]", "Enter")
        expect(self.page).to_have_url(f"{self.url}/")
        if self.page.get_attribute("html", "lang") != language:
            self.page.click(f"button[name=language][value={language}]")
            expect(self.page.locator("html")).to_have_attribute("lang", language)

    def go(self, path: str) -> "Person":
        answer = self.page.goto(self.url + path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        assert self.violations == []
        return self

    def fill(self, **fields: Any) -> "Person":
        """Text, or for a select, radio or group of boxes the value or list of values to choose."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]")
            kind = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                field.select_option(value)
            elif kind in {"radio", "checkbox"}:
                for one in value if isinstance(value, list) else [value]:
                    self.page.check(f"main [name={name}][value='{one}']")
            else:
                field.fill(str(value))
        return self

    def press(self, button: str = "main form .actions button") -> "Person":
        """Press the form's button and wait for the answer, which must be a page without an error."""
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
        refusals = self.page.locator("[role=alert]:visible").all_inner_texts()
        assert refusals == []
        assert self.violations == []
        return self

    def confirm_password(self) -> "Person":
        """Answer the question for the password again, where the page asks it."""
        if "/accounts/reauthenticate" in self.page.url:
            self.page.fill("[name=password]", self.password)
            with self.page.expect_navigation():
                self.page.press("[name=password]", "Enter")
        return self

    def choose_files(self, *files: Path) -> "Person":
        self.page.set_input_files("#files", [str(file) for file in files])
        return self

    def leave(self) -> None:
        self.context.close()
        assert self.violations == []
