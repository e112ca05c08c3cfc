"""A disk whose plug can be pulled: a file system in a file, on a file system in a file that can be frozen."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from stack import postgres
from stack.install import PYTHON, ROOT

from drills.kit import clients, whole
from tests.journeys.server import OWN

TOOLS = {"losetup": "mount", "mount": "mount", "fsfreeze": "util-linux", "mkfs.ext4": "e2fsprogs"}
SIZE, ROOM = 1500, 1800


def missing() -> str:
    """What this machine lacks for it, or nothing."""
    if os.geteuid():
        return "root"
    return ", ".join(f"{tool} (apt-get install {package})" for tool, package in TOOLS.items()
                     if shutil.which(tool) is None)


@dataclass(frozen=True)
class Image:
    """What was found on the disk as it was at one moment."""

    acknowledged: int
    missing: int
    problems: list[str]
    frozen: float

    def __str__(self) -> str:
        return (f"{self.acknowledged} acknowledged before it, {self.missing} missing or altered, {len(self.problems)} "
                f"problems (copied in {self.frozen:.1f} s)")


class Disk:
    """`home` lies on the inner file system; the outer one is frozen while the inner one's file is copied."""

    def __init__(self, folder: Path):
        self._folder, self._outer, self._inner = folder, folder / "o", folder / "i"
        self.home = self._inner / "home"

    def image(self, load: clients.Load) -> Image:
        """Copy the disk as it is, and judge it by what `load` had been told before."""
        held = self._folder / "held"
        status, note = load.plain("GET", "/log/checkpoint")
        if status == 200:
            held.write_bytes(note)
        before, began = load.acknowledged(), time.monotonic()
        copy = self._folder / "copy.img"
        subprocess.run(["fsfreeze", "--freeze", str(self._outer)], check=True)
        try:
            subprocess.run(["cp", "--sparse=always", str(self._outer / "disk.img"), str(copy)], check=True)
        finally:
            subprocess.run(["fsfreeze", "--unfreeze", str(self._outer)], check=True)
        frozen = time.monotonic() - began
        try:
            # Nobody lodges while the copy is judged: the disk would only grow, and the machine be slow for both.
            with load.held(), _mounted(copy, self._folder / "c") as found:
                faults, verified = _judged(found / "home", before, held if held.exists() else None)
        finally:
            copy.unlink()
        return Image(len(before), len({fault.split(":")[0] for fault in faults}), faults + verified, frozen)


@contextmanager
def disk() -> Iterator[Disk]:
    folder = Path(tempfile.mkdtemp(prefix="casework-plug-"))
    with ExitStack() as ended:
        ended.callback(shutil.rmtree, folder, ignore_errors=True)
        ended.enter_context(_mounted(_made(folder / "outer.img", ROOM), folder / "o"))
        ended.enter_context(_mounted(_made(folder / "o" / "disk.img", SIZE), folder / "i"))
        yield Disk(folder)


def _made(image: Path, megabytes: int) -> Path:
    with image.open("wb") as out:
        out.truncate(megabytes * 2**20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", str(image)], check=True)
    return image


@contextmanager
def _mounted(image: Path, at: Path) -> Iterator[Path]:
    at.mkdir()
    subprocess.run(["mount", "-o", "loop", str(image), str(at)], check=True)
    try:
        yield at
    finally:
        for _time in range(20):
            if subprocess.run(["umount", str(at)], capture_output=True).returncode == 0:
                break
            time.sleep(0.5)
        at.rmdir()


def _judged(home: Path, entries: list[dict[str, str]], held: Path | None) -> tuple[list[str], list[str]]:
    """Start PostgreSQL on what is there, as after a power cut: what of `entries` is wrong, what verification names."""
    # After a power cut no process of that time is alive; here they are, and PostgreSQL would look for them.
    for stale in (home / "postgres" / "data" / "postmaster.pid", *(home / "postgres" / "socket").glob(".s.PGSQL*")):
        stale.unlink(missing_ok=True)
    server = postgres.start(home)
    try:
        given = {"DATABASE_URL": server.url(postgres.APP_ROLE), "STORAGE_URL": f"file://{home}/store",
                 "ARCHIVE_URL": f"file://{home}/archive", "SIGNING_KEY": str(home / "keys" / "log.key"),
                 "BROKER_URL": "memory://"}
        faults = json.loads(whole.program("judge", home, json.dumps(entries), **given))["faults"]
        plain = {key: value for key, value in os.environ.items() if key not in OWN}
        done = subprocess.run(
            [str(PYTHON), str(ROOT / "manage.py"), "verify", "--all", *(["--checkpoint", str(held)] if held else [])],
            env=plain | given | {"CASEWORK_HOME": str(home)}, capture_output=True, text=True)
        return faults, [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()[-12:]
    finally:
        postgres.stop(server)


@contextmanager
def lying(server: whole.Whole, wanted: bool) -> Iterator[None]:
    """While it lasts, fsync in the web's workers does nothing and says that it did."""
    if not wanted:
        yield
        return
    watched = [word for pid in server.pids("web worker") for word in ("-p", str(pid))]
    tracer = subprocess.Popen(["strace", "-f", "-o", "/dev/null", *watched, "-e", "trace=fsync", "-e",
                               "inject=fsync:retval=0"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(30)
