"""The whole server, started and stopped as a person does it, with a home of its own."""

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Seconds for a first start with the demo case, on a machine that does other things too.
PATIENCE = 420


@dataclass
class Stack:
    """A running server: its address, its home, and its log."""

    home: Path
    url: str
    process: subprocess.Popen[bytes]
    # What the server was given besides its home; an operator's terminal has it too.
    given: dict[str, str] = field(default_factory=dict)

    @property
    def password(self) -> str:
        return (self.home / "demo-password").read_text()

    # Reports of browsers that a test has looked at.
    known_reports: int = 0

    def reports(self) -> list[str]:
        """What browsers reported of our policy, and nobody has looked at yet."""
        lines = (self.home / "log" / "web.log").read_text(errors="replace").splitlines()
        return [line for line in lines if "policy violation" in line][self.known_reports:]

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if key not in OWN} | self.given
        return subprocess.run([str(ROOT / ".venv/bin/python"), str(ROOT / "manage.py"), *words], text=True,
                              capture_output=True, env=environment | {"CASEWORK_HOME": str(self.home)}, timeout=300)


# What the test process has set for itself must not reach a server that has its own home.
OWN = ("SECRET_KEY", "DATABASE_URL", "STORAGE_URL", "ARCHIVE_URL", "BROKER_URL", "BASE_URL", "DJANGO_SETTINGS_MODULE",
       "CASEWORK_HOME")


def start(home: Path, *words: str, **given: str) -> Stack:
    """Run script/server with `home`, and `given` in its environment, and wait until it says that it is ready."""
    environment = {key: value for key, value in os.environ.items() if key not in OWN} | given
    output = home.with_suffix(".output")
    with output.open("wb") as out:
        process = subprocess.Popen(["script/server", "--port", str(free_port()), *words], cwd=ROOT, stdout=out,
                                   stderr=out, env=environment | {"CASEWORK_HOME": str(home)}, start_new_session=True)
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        said = output.read_text(errors="replace")
        if "Casework is ready: " in said:
            return Stack(home, said.split("Casework is ready: ")[1].split()[0].rstrip("/"), process, given)
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.wait(60)
    raise RuntimeError(f"the server did not come up:\n{output.read_text(errors='replace')[-3000:]}")


def stop(stack: Stack) -> None:
    if stack.process.poll() is None:
        stack.process.send_signal(signal.SIGINT)
        stack.process.wait(timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
