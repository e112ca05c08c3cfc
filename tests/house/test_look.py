"""The look's own dangers: sides instead of directions, inline code that the CSP refuses, sheets that grow."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
MODULES = sorted((ROOT / "static" / "js").glob("*.js"))
PAGES = sorted(path for path in (ROOT / "templates").rglob("*.html") if "pdf" not in path.parts)
SIDES = re.compile(r"(?<![\w-])(?:margin|padding|border|inset)-(?:left|right|top|bottom)"
                   r"|(?<![\w-])(?:left|right|width|height)\s*:|text-align:\s*(?:left|right)|float:\s*(?:left|right)")
BUDGET_CSS, BUDGET_JS = 20_000, 45_000


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_speak_of_start_and_end_and_mirror_by_themselves(sheet: Path) -> None:
    for number, line in enumerate(sheet.read_text().splitlines(), 1):
        plain = re.sub(r"@media[^{]*", "", line)
        assert not SIDES.search(plain), f"{sheet.name}:{number}: use a logical property: {line.strip()[:80]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_pages_hold_no_inline_code(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"\sstyle\s*=", text), "style= is refused by the CSP: use a class"
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", text), "inline code is refused by the CSP"
    assert not re.search(r"\son\w+\s*=\s*[\"']", text), "handlers are refused by the CSP"


def test_sheets_and_modules_stay_light() -> None:
    assert len(gzip.compress(b"".join(path.read_bytes() for path in SHEETS))) <= BUDGET_CSS
    assert len(gzip.compress(b"".join(path.read_bytes() for path in MODULES))) <= BUDGET_JS
