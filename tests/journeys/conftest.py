"""The whole server, started as a person starts it, and a real browser in front of it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.journeys.person import MADE
from tests.journeys.server import Stack, start, stop

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One server with the demo case for all journeys of this process."""
    folder = Path(tempfile.mkdtemp(prefix="casework-journey-"))
    running = start(folder / "home")
    yield running
    stop(running)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def within_the_policy(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page of any journey leaves its policy: neither in its browser's word nor in a report to the server."""
    MADE.clear()
    yield
    assert [one for person in MADE for one in person.violations] == []
    for name in {"stack", "hostile"} & set(request.fixturenames):
        assert request.getfixturevalue(name).reports() == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium; where there is none the journeys are skipped, or fail with REQUIRE_BROWSER=1."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1 and there is no Chromium (apt-get install chromium)")
        pytest.skip("no Chromium here (apt-get install chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"])
        yield running
        running.close()
