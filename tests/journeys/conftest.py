"""The whole server, started as a person starts it, and a real browser in front of it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@dataclass
class Stack:
    """A running server: its address, its home, and its log."""

    home: Path
    url: str
    process: subprocess.Popen[bytes]

    @property
    def password(self) -> str:
        return (self.home / "demo-password").read_text()

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if key not in OWN}
        return subprocess.run([str(ROOT / ".venv/bin/python"), str(ROOT / "manage.py"), *words], text=True,
                              capture_output=True, env=environment | {"CASEWORK_HOME": str(self.home)}, timeout=300)


# What the test process has set for itself must not reach a server that has its own home.
OWN = ("SECRET_KEY", "DATABASE_URL", "STORAGE_URL", "ARCHIVE_URL", "BROKER_URL", "BASE_URL", "DJANGO_SETTINGS_MODULE",
       "CASEWORK_HOME")


def start(home: Path, *words: str) -> Stack:
    """Run script/server with `home` and wait until it says that it is ready."""
    environment = {key: value for key, value in os.environ.items() if key not in OWN}
    log = open(home.parent / f"{home.name}.log", "ab+")
    process = subprocess.Popen(["script/server", "--port", str(free_port()), *words], cwd=ROOT, stdout=log, stderr=log,
                               env=environment | {"CASEWORK_HOME": str(home)}, start_new_session=True)
    begun = log.seek(0, os.SEEK_END)
    for _ in range(1500):
        log.seek(begun)
        said = log.read().decode(errors="replace")
        if "Casework is ready: " in said:
            address = said.split("Casework is ready: ")[1].split()[0].rstrip("/")
            return Stack(home, address, process)
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError(f"the server did not come up:\n{said[-3000:]}")


def stop(stack: Stack) -> None:
    if stack.process.poll() is None:
        stack.process.send_signal(signal.SIGINT)
        stack.process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One server with the demo case for all journeys of this process."""
    folder = Path(tempfile.mkdtemp(prefix="casework-journey-"))
    running = start(folder / "home")
    yield running
    stop(running)
    shutil.rmtree(folder, ignore_errors=True)


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
