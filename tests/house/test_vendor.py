"""Vendored files are what their manifest says, and pages name only files that exist."""

import re
import subprocess
import sys
from pathlib import Path

from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]


def test_vendored_files_are_as_the_manifest_says() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "script" / "vendor"), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_pages_name_only_files_that_exist() -> None:
    for page in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r'\{% static "([^"]+)" %\}', page.read_text()):
            assert finders.find(name), f"{page.relative_to(ROOT)} names {name}"
    for sheet in (ROOT / "static" / "css").glob("*.css"):
        for name in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / name).is_file(), f"{sheet.name} names {name}"
