"""A server whose store, incoming folder and database each lie on a disk of their own, which can be taken away."""

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from stack.install import say
from stack.postgres import SUPERUSER, Server, execute

from drills.kit import clients, whole

PATIENCE = 60.0


class LeftOut(Exception):
    """This row cannot be done here; the message says why."""


class Bench:
    """The server, one client with its ledger, and what was seen of each row."""

    def __init__(self, server: whole.Whole, mounted: bool, seconds: float, within: float):
        self.server, self.mounted, self.seconds, self.within = server, mounted, seconds, within
        self.client = clients.Load(server.stack.url, server.ref, server.token, timeout=30)
        self.entries = self.client.entries
        self.wrong: list[str] = []
        self.done = self.left_out = 0

    @property
    def home(self) -> Path:
        return self.server.home

    def go(self, name: str, fault: str, expected: str, row: Callable[["Bench"], str]) -> None:
        """Do one row and print it. A row answers what was seen; AssertionError says what should not have been."""
        try:
            seen = row(self)
            self.recovers()
        except LeftOut as why:
            self.left_out += 1
            say(f"disks {name}  {fault}: left out, {why}")
            return
        except AssertionError as violation:
            seen = f"VIOLATION {violation}"
            self.wrong.append(f"{name}: {violation}")
        self.done += 1
        say(f"disks {name}  {fault}: expected {expected}; seen {seen}")

    def upload(self, size: int = 1000) -> tuple[bytes, str, int | str, float]:
        """Send fresh bytes once: bytes, key, status (or the name of an error), seconds."""
        data, key, began = secrets.token_bytes(size), secrets.token_hex(16), time.monotonic()
        status, answer = self.client.send(data, key)
        if status in {200, 201}:
            self.entries.append(clients.told(self.server.ref, key, answer))
        elif isinstance(status, int) and status not in clients.IN_ORDER:
            self.wrong.append(f"answered {status}: {str(answer)[:200]}")
        return data, key, status, time.monotonic() - began

    def again(self, data: bytes, key: str) -> int | str:
        """The same upload again, under its key."""
        status, answer = self.client.send(data, key)
        if status in {200, 201}:
            self.entries.append(clients.told(self.server.ref, key, answer))
        return status

    def visible(self, data: bytes) -> bool:
        sha256 = hashlib.sha256(data).hexdigest()
        return (self.home / "store" / sha256[:2] / sha256).exists()

    def refused(self, expected: int, size: int = 1_000_000) -> tuple[bytes, str]:
        """One upload that must be refused like this and leave nothing to be seen."""
        data, key, status, _seconds = self.upload(size)
        assert status == expected, f"answered {status} instead of {expected}"
        assert not self.visible(data), "refused bytes are visible under their hash"
        return data, key

    def reads(self) -> int | str:
        """The status of looking at an exhibit that was lodged before."""
        return self.client.call("GET", f"cases/{self.server.ref}/exhibits/{self.entries[0]['exhibit'][-5:]}/")[0]

    def recovers(self) -> float:
        """Seconds until an upload is acknowledged and worked on, without anybody's help."""
        began = time.monotonic()
        entry = self.client.one(patience=PATIENCE)
        assert entry is not None, f"{PATIENCE:.0f} s after the cause ended nothing is acknowledged"
        while set(self.client.steps(entry).values()) != {"done"}:
            assert time.monotonic() - began < PATIENCE + 30, "the work on an upload is not done"
            time.sleep(0.25)
        return time.monotonic() - began

    def superuser(self, sql: str) -> str:
        return execute(Server(self.home), sql, "casework", SUPERUSER)

    def need_mounts(self) -> None:
        if not self.mounted:
            raise LeftOut("needs root, to mount")

    def remount(self, where: str, options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.home / where)], check=True)

    def look_at_the_end(self) -> None:
        seen = self.server.judged(self.entries)
        until = time.monotonic() + PATIENCE
        while seen["waiting"] and time.monotonic() < until:
            time.sleep(1)
            seen = self.server.judged(self.entries)
        self.wrong += self.client.wrong + seen["faults"] + self.server.verified()
        for what in ("waiting", "failed", "repeated"):
            if seen[what]:
                self.wrong.append(f"{seen[what]} steps are {what}")


@contextmanager
def bench(seconds: float, within: float) -> Iterator[Bench]:
    """A server on disks of its own where this may be mounted, on this disk otherwise."""
    mounted = os.geteuid() == 0 and all(shutil.which(tool) for tool in ("mount", "mkfs.ext4", "losetup"))
    folder = Path(tempfile.mkdtemp(prefix="casework-disks-"))
    home = folder / "home"
    with ExitStack() as ended:
        ended.callback(shutil.rmtree, folder, ignore_errors=True)
        if mounted:
            for name in ("store", "incoming", "postgres"):
                (home / name).mkdir(parents=True)
            _disk(folder / "database.img", home / "postgres", 500)
            ended.callback(_unmount, home / "postgres")
            for name, size in (("store", "96m"), ("incoming", "8m")):
                subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},nr_inodes=20k,mode=700", "casework-drill",
                                str(home / name)], check=True)
                ended.callback(_unmount, home / name)
        server = ended.enter_context(whole.server(home))
        found = Bench(server, mounted, seconds, within)
        found.recovers()
        yield found


def _disk(image: Path, at: Path, megabytes: int) -> None:
    with image.open("wb") as out:
        out.truncate(megabytes * 2**20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(at)], check=True)
    # What mkfs puts there would be in the way of initdb.
    shutil.rmtree(at / "lost+found")


def _unmount(at: Path) -> None:
    subprocess.run(["umount", "--lazy", str(at)], check=False)
