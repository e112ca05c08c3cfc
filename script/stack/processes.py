"""Children of script/server: each in a group of its own, restarted with patience, ended without leftovers."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

# Every child carries the home it works for in its environment: that is how a later start knows its own.
MARK = "CASEWORK_SUPERVISED"
LONGEST_PAUSE = 30.0
LARGEST_LOG = 10 * 2**20


@dataclass
class Child:
    """A process that should run for as long as the server does. Times are seconds of the monotonic clock."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    inherited: tuple[int, ...] = ()
    failures: int = 0
    started_at: float = 0.0
    again_at: float = 0.0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as out:
            # The kernel ends the child when this process vanishes without a chance to do so itself.
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *self.command], env=self.environment, cwd="/",
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, pass_fds=self.inherited)
        self.started_at = time.monotonic()

    def alive(self) -> bool:
        # WNOWAIT leaves an ended child in the table, so that its group's number stays ours until end().
        return self._process is not None and os.waitid(
            os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def ask_to_end(self) -> None:
        if self._process is not None and self.alive():
            os.kill(self._process.pid, signal.SIGTERM)

    def end(self) -> int:
        """Kill what is left of its group and return the exit status, negative for a signal."""
        if self._process is None:
            return 0
        os.killpg(self._process.pid, signal.SIGKILL)
        status = self._process.wait()
        self._process = None
        return status

    def last_words(self, lines: int = 12) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def look_after(self) -> str:
        """Restart it when it died and its pause is over. Returns what to tell the person, or nothing."""
        now = time.monotonic()
        if self._process is None:
            if now < self.again_at:
                return ""
            self.start()
            return f"{self.name} is started again."
        if self.alive():
            return ""
        if now - self.started_at > 60:
            self.failures = 0
        pause = min(LONGEST_PAUSE, 2.0 ** self.failures)
        self.failures += 1
        self.again_at = now + pause
        return f"{self.name} ended ({_how(self.end())}); it is started again in {pause:.0f} s. Its log: {self.log}"


def _how(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"


def end_all(children: Iterable[Child], patience: float) -> None:
    """Ask all to end at once, wait `patience` seconds together, then kill."""
    running = list(children)
    for child in running:
        child.ask_to_end()
    until = time.monotonic() + patience
    while time.monotonic() < until and any(child.alive() for child in running):
        time.sleep(0.05)
    for child in running:
        child.end()


def run_to_end(command: Child, check: Callable[[], None], tell: Callable[[str], None] | None = None) -> int:
    """Run it and return its exit status. `check` may raise to give up; `tell` gets each line as it is written."""
    command.log.unlink(missing_ok=True)
    command.start()
    try:
        with open(command.log, encoding="utf-8", errors="replace") as lines:
            running = True
            while running:
                running = command.alive()
                check()
                if tell is not None:
                    for line in lines:
                        tell(line.rstrip())
                time.sleep(0.05)
    except BaseException:
        end_all([command], 5.0)
        raise
    return command.end()


def end_leftovers(home: Path, patience: float = 5.0) -> int:
    """End processes of an earlier server of this home that was killed. Only what carries its mark; returns how many.

    The caller holds the home's lock, so no living server owns them."""
    found = _marked(home)
    for pid in found:
        _signal(pid, signal.SIGTERM)
    until = time.monotonic() + patience
    while time.monotonic() < until and _marked(home):
        time.sleep(0.1)
    for pid in _marked(home):
        _signal(pid, signal.SIGKILL)
    return len(found)


def _marked(home: Path) -> list[int]:
    mark = os.fsencode(f"{MARK}={home}")
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                # Another user's, or gone since.
                continue
            if mark in environment.split(b"\0"):
                found.append(int(entry.name))
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    # It may have ended by itself in the meantime, which is what was wanted.
    with suppress(ProcessLookupError):
        os.kill(pid, number)
