"""Script in every file, name and text, over every page and call, in a real browser: none of it runs, nothing is fetched
from elsewhere, no policy has anything to refuse."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Error

from tests.journeys import payloads
from tests.journeys.api import until
from tests.journeys.person import Person
from tests.journeys.server import Stack, start, stop

pytestmark = pytest.mark.browser

LEAST = 300
# What in a document would run, or fetch, or lead elsewhere, by itself or by a click, without being ours.
FOUND = """() => [...document.querySelectorAll('*')].flatMap(one => [
    ...[...one.attributes].filter(({name}) => name.startsWith('on')).map(({name}) => `${one.tagName} ${name}`),
    ...['href', 'src', 'action', 'formaction', 'data', 'xlink:href'].map(name => one.getAttribute(name) || '')
        .filter(value => /^[\\s\\x00-\\x1f]*(javascript|vbscript|data):/i.test(value) || value.includes('127.0.0.1:9')),
    ...(one.matches('script:not([src]):not([type="application/json"]), iframe, object, embed, base, ' +
                    'meta[http-equiv=refresh], [srcdoc], style') ? [one.outerHTML] : [])])"""
EMBED = """path => new Promise(done => document.body.append(Object.assign(new Image(), {
    src: path, onload: () => done(true), onerror: () => done(false)})))"""
COOKIE = "() => { try { return document.cookie } catch (refused) { return refused.name } }"


@pytest.fixture(scope="module")
def hostile() -> Iterator[Stack]:
    """A server of its own: nobody else should meet these people."""
    folder = Path(tempfile.mkdtemp(prefix="casework-hostile-"))
    running = start(folder / "home", "--empty")
    yield running
    stop(running)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def made(hostile: Stack) -> dict[str, Any]:
    done = hostile.manage("shell", "--no-imports", "-c", "from tests.journeys import hostile; hostile.main()")
    told = [line for line in done.stdout.splitlines() if line.startswith("HOSTILE ")]
    assert told, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(told[0].removeprefix("HOSTILE "))
    return found


class Watched(Person):
    """A person whose browser tells everything that ran, was asked of elsewhere, or was opened."""

    def __init__(self, browser: Any, url: str, name: str, password: str):
        self.ran: list[str] = []
        self.url, self.hosts = url, {urlsplit(url).netloc, urlsplit(url).netloc.replace("localhost", "127.0.0.1")}
        super().__init__(browser, url, name, password)
        self.context.expose_function("ran", lambda number: self.ran.append(f"{self.page.url}: payload {number}"))
        self.context.on("request", self._asked)
        self.page.on("dialog", self._interrupted)
        self.page.on("popup", lambda _page: self.ran.append(f"{self.page.url}: popup"))

    def _interrupted(self, dialog: Any) -> None:
        self.ran.append(f"{self.page.url}: dialog")
        dialog.dismiss()

    def _asked(self, request: Any) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in {"data", "blob", "about"} and asked.netloc not in self.hosts:
            self.ran.append(f"{self.page.url}: asked {request.url}")

    def look(self, path: str) -> int:
        """Open it, as page or download, or a picture as pages show it; its status."""
        if path.rpartition("/")[2] in {"preview", "thumbnail"}:
            return 200 if self.page.evaluate(EMBED, path) else 404
        try:
            answer = self.page.goto(self.url + path, wait_until="load")
        except Error as refused:
            assert "Download is starting" in refused.message, f"{path}: {refused.message}"
            return 200
        assert answer is not None and answer.status < 500, f"{path}: {answer and answer.status}"
        found = self._found()
        assert found == [], f"{path}: {found[:3]}"
        return answer.status

    def _found(self) -> list[str]:
        """A page that waits for the worker shows itself again when it is done, also while it is looked at."""
        try:
            return list(self.page.evaluate(FOUND))
        except Error as refused:
            assert "navigation" in refused.message, refused.message
            self.page.wait_for_load_state()
            return list(self.page.evaluate(FOUND))


def test_nothing_that_anybody_wrote_or_sent_runs_anywhere(hostile: Stack, browser: Any, made: dict[str, Any]) -> None:
    assert made["placed"] + made["files"] >= LEAST
    assert made["placed"] >= len(payloads.TEXTS) - 5, "all but what no field takes"
    people: dict[str, Watched] = {}

    def look(who: str, path: str) -> int:
        if who not in people:
            people[who] = Watched(browser, hostile.url, made["people"][who], made["password"])
        return people[who].look(path)

    # A server that was just started signs its first checkpoint half a minute later.
    until(lambda: look("lead", "/log/checkpoint") == 200, 60)
    opened = {route: look("lead" if who == "nobody" else who, path) for route, who, path in made["visits"]}
    shut = sorted(route for route, status in opened.items() if status >= 400 and route not in {
        "people:join", "exhibits:preview", "exhibits:thumbnail", "exhibits:part_thumbnail", "log:tile", "readyz"}
        and not route.startswith(("account_", "mfa_", "single_sign_on")))
    assert shut == [], "these pages showed nothing"
    case = f"/cases/{made['ref']}/"
    for number in range(made["first"], made["first"] + made["files"]):
        label = f"{case}evidence/E-{number:03}/"
        assert look("lead", label) == 200
        if number % 4 == 0:
            look("lead", label + "original")
    for text in payloads.TEXTS[::24]:
        asked = quote(text, safe="")
        look("lead", f"{case}evidence/?view=list&q={asked}&platform={asked}&type={asked}&before={asked}")
        look("lead", f"/cases/{asked}/")
    for who, one in people.items():
        assert (who, one.ran, one.violations) == (who, [], [])
        assert one.context.cookies(one.url.replace("localhost", "127.0.0.1")) == []


def test_the_other_origin_knows_no_cookie(hostile: Stack, browser: Any, made: dict[str, Any]) -> None:
    lead = Watched(browser, hostile.url, made["people"]["lead"], made["password"])
    content = lead.url.replace("localhost", "127.0.0.1")
    labels = [f"/cases/{made['ref']}/evidence/E-{number:03}/" for number in range(made["first"], made["first"] + 7)]
    shown = next(label for label in labels if lead.look(label + "preview") == 200)
    lead.page.goto(lead.url + shown + "preview")
    assert lead.page.url.startswith(f"{content}/shown?link=")
    assert lead.page.evaluate(COOKIE) in {"", "SecurityError"}
    assert lead.context.cookies(content) == [] != lead.context.cookies(lead.url)
    # Opened by itself a picture lies in a page of the browser's own, whose style the policy refuses too.
    assert all("Applying inline style" in one or "style-src" in one for one in lead.violations)
    lead.violations.clear()


def test_a_browser_without_a_policy_runs_them(browser: Any) -> None:
    """So that silence above means something: in frames of a page that forbids nothing many of them run or ask."""
    context, asked = browser.new_context(), set[str]()
    context.on("request", lambda request: asked.add(request.url) if ":9/" in request.url else None)
    page = context.new_page()
    page.set_content("<!doctype html><title>x</title>")
    page.evaluate("""texts => {
        window.told = new Set();
        for (const text of texts) {
            const frame = document.createElement("iframe");
            frame.srcdoc = "<script>ran = number => parent.told.add(number)</script>" + text;
            document.body.append(frame);
        }
    }""", payloads.TEXTS)
    until(lambda: page.evaluate("told.size") > 100 and len(asked) >= 4, 60)
    context.close()
