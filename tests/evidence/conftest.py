"""What tests of the offline verifiers share: a Chromium, and verify.html opened from disk in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence.tlog.offline import assemble
from tests.evidence import both


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium; where there is none its tests are skipped, or fail with REQUIRE_BROWSER=1.

    For one module: while it runs, the journeys of the same process cannot start theirs."""
    try:
        with both.chromium() as running:
            yield running
    except LookupError as error:
        if both.needs_browser():
            pytest.fail(f"REQUIRE_BROWSER=1 and {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "verify.html"
    path.write_bytes(assemble.verify_html())
    return path


@pytest.fixture(scope="module")
def browser_verifier(chromium: Any, html: Path) -> both.BrowserVerifier:
    return both.BrowserVerifier(chromium.new_page(), html)
