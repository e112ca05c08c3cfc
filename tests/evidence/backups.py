"""Backups for the tests: a place with something in it, commands, and destruction."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from stack import postgres

from evidence.archive import services as archive
from evidence.custody import recovery, sequencer
from evidence.intake import services as intake
from evidence.store import services as store
from tests.evidence import custody_log as given
from tests.evidence.test_recovery import ONE

ROOT = Path(__file__).resolve().parents[2]


def use_store(folder: Path) -> None:
    for alias in ("evidence", "archive"):
        settings.STORAGES[alias]["OPTIONS"]["location"] = str(folder / alias)
    store.storages._storages.clear()  # type: ignore[attr-defined]


def lodge(*numbers: int) -> None:
    for number in numbers:
        item = intake.receive_bytes(f"{number} ".encode() * 1000, name=f"{number}.txt", context="case/CW-2026-0001",
                                    agent=ONE, provenance={}).item
        archive.archive(item)
    settle()


def settle() -> None:
    while sequencer.sequence():
        pass
    recovery.sign()


def run(command: str, *words: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    os.environ["DATABASE_OWNER_URL"] = given.SERVER.url(postgres.OWNER_ROLE)
    try:
        call_command(command, *words, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        del os.environ["DATABASE_OWNER_URL"]
    return code, out.getvalue()


def clean() -> list[str]:
    code, out = run("verify", "--all", "--json")
    return [f"{one['object']}: {one['problem']}" for one in json.loads(out)["problems"]]


def killed(seconds: float, begun: Callable[[], object], *words: str) -> None:
    """Run a command in a process of its own; kill it so many seconds after it has `begun`."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "casework.settings",
                                "DATABASE_OWNER_URL": given.SERVER.url(postgres.OWNER_ROLE)} | {
        f"{name}_URL": f"file://{settings.STORAGES[alias]['OPTIONS']['location']}"
        for name, alias in (("STORAGE", "evidence"), ("ARCHIVE", "archive"))}
    process = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), *words], env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not begun() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
