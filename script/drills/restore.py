"""Back up, go on, lose database and store, restore: what is lost is named, nothing changes until two people declare it.

    script/drill restore [--before N] [--after N]

On the whole server: N uploads, a backup, N more, each with the checkpoint that somebody keeps. Then the database, the
store and the archive are destroyed; the keys are not. A new server, `script/server --restore`: the lost range is
the one of the kept checkpoint; every call of the API that changes anything answers 503; what was acknowledged before
the backup is there, whole, and can be read. Two administrators declare the restore over the API; uploads go on, the log
is signed and verifies whole, also for who holds the checkpoint from before the backup; for who holds a lost one it
fails, and says why. In the end a backup of what there is now is proven. Prints counts; exit 1 on a violation."""

import argparse
import json
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from stack.install import say

from drills.kit import clients, inside, whole
from tests.journeys.server import start, stop

LONGEST = 90.0
CHANGES = ("post", "put", "patch", "delete")
# How each room's labels begin.
LETTERS = {
    "dossiers": "D",
    "findings": "F",
    "takedowns": "T",
    "accounts": "S",
    "channels": "C",
    "taskings": "K",
    "payments": "M",
    "campaigns": "G",
    "causes": "U",
    "imports": "I",
    "posts": "I",
    "tasks": "W",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill restore")
    parser.add_argument("--before", type=int, default=40, help="uploads before the backup (40)")
    parser.add_argument("--after", type=int, default=20, help="uploads after it, which are lost (20)")
    wanted = parser.parse_args(arguments)
    inside.enter()
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="casework-restore-"))
    try:
        with whole.server(folder / "home") as server:
            drill = Restore(server, folder)
            drill.go(wanted.before, wanted.after)
            # The context ends the server that it began; this one took its place.
            stop(server.stack)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for line in drill.wrong:
        say(f"    VIOLATION {line}")
    say("restore: " + ", ".join(f"{count} {what}" for what, count in drill.counted.items())
        + f", {len(drill.wrong)} violations; {time.monotonic() - started:.0f} s")
    return 1 if drill.wrong else 0


class Restore:
    """The hands that back up, destroy and restore, and what they saw."""

    def __init__(self, server: whole.Whole, folder: Path):
        self.server, self.folder, self.backups = server, folder, folder / "backups"
        self.tokens: list[str] = json.loads(whole.program("administrators", server.home))
        self.counted: Counter[str] = Counter()
        self.wrong: list[str] = []

    def go(self, before: int, after: int) -> None:
        kept = self._lodge(before, "uploads before the backup")
        held = self._held("held")
        self._manage("backup", str(self.backups))
        size = json.loads(next(self.backups.glob("2*/manifest.json")).read_text())["log_size"]
        self._lodge(after, "uploads after it")
        lost = self._held("lost")
        self._destroy()
        said = self.server.home.with_suffix(".output").read_text()
        self._expect("READ-ONLY" in said, f"restore did not say that it lost anything: {said}")
        self._read_only(size, _size(lost), kept)
        self._declared()
        self._lodge(5, "uploads after the declaration")
        self._goes_on(kept, held, lost)

    def _lodge(self, count: int, what: str) -> list[dict[str, Any]]:
        load = self._load()
        entries = [load.one() for _ in range(count)]
        self.wrong += load.wrong
        self.counted[what] = sum(entry is not None for entry in entries)
        self._expect(self.counted[what] == count, f"{count - self.counted[what]} {what} were not acknowledged")
        return load.acknowledged()

    def _load(self) -> clients.Load:
        return clients.Load(self.server.stack.url, self.server.ref, self.server.token)

    def _held(self, name: str) -> Path:
        """The checkpoint that covers all there is now, as somebody outside keeps it."""
        file, until = self.folder / name, time.monotonic() + LONGEST
        state = self._call("GET", "log/")[1]
        wanted = state["size"] + state["waiting"]
        while time.monotonic() < until:
            status, note = self._load().plain("GET", "/log/checkpoint")
            if status == 200:
                file.write_bytes(note)
                if _size(file) >= wanted:
                    return file
            time.sleep(1)
        raise RuntimeError(f"no checkpoint over {wanted} entries within {LONGEST:.0f} s")

    def _destroy(self) -> None:
        """The disk with the database, the store and the archive is gone; a new server takes its place."""
        stop(self.server.stack)
        for name in ("postgres", "store", "archive", "static", "run"):
            shutil.rmtree(self.server.home / name)
        say("Destroyed the database, the store and the archive. Starting a new server with the backup …")
        self.server.stack = start(self.server.home, "--restore", str(self.backups))

    def _read_only(self, size: int, lost: int, kept: list[dict[str, Any]]) -> None:
        _, state = self._call("GET", "recovery/")
        self._expect((state["behind"], state["first_lost"], state["last_lost"]) == (True, size, lost - 1),
                     f"the lost range is {size} to {lost - 1}, and it says {state}")
        self.counted["lost entries, each named"] = lost - size
        _, schema = self._call("GET", "schema/?format=json")
        for path, calls in schema["paths"].items():
            for method in set(calls) & set(CHANGES) if "/recovery/" not in path else ():
                address = _filled(path.removeprefix("/api/v1/").replace("{ref}", self.server.ref))
                status, answer = self._call(method.upper(), address, b"{}")
                self.counted["kinds of change refused"] += status == 503
                self._expect(status == 503 and answer["code"] == "read_only",
                             f"{method} {path} answers {status} {str(answer)[:100]}")
        for entry in kept:
            status, _ = self._call("GET", f"cases/{self.server.ref}/exhibits/{entry['exhibit'].split('/')[1]}/")
            self._expect(status == 200, f"{entry['exhibit']} cannot be read: {status}")
            self.counted["exhibits read meanwhile"] += status == 200
        faults = self.server.judged(kept)["faults"]
        self.counted["missing or altered of before the backup"] = len(faults)
        self.wrong += faults

    def _declared(self) -> None:
        """Not by one alone."""
        one, two = self.tokens
        reason = json.dumps({"reason": "Drill: the disk was lost"}).encode()
        for token, path, body, expected in ((one, "recovery/", reason, 201), (one, "recovery/approve/", b"{}", 409),
                                            (two, "recovery/approve/", b"{}", 200)):
            status, answer = self._call("POST", path, body, token)
            self._expect(status == expected, f"{path} answers {status} instead of {expected}: {answer}")
        self.counted["people who declared it"] = 2

    def _goes_on(self, kept: list[dict[str, Any]], held: Path, lost: Path) -> None:
        now = self._held("now")
        for name, files in (("by itself", ()), ("with the checkpoint of before the backup", (held,)),
                            ("with the newest", (now,))):
            found = self.server.verified(*files)
            self._expect(not found, f"does not verify {name}: {found}")
            self.counted["verifications of the whole"] += not found
        said = "\n".join(self.server.verified(lost))
        self._expect("given up by the restore" in said and "FAILED: 1 problems" in said,
                     f"who holds a lost checkpoint is told: {said}")
        self.wrong += self.server.judged(kept)["faults"]
        self._manage("backup", str(self.backups))
        self._manage("restore", "--check", str(self.backups))
        self.counted["backups proven"] = 2

    def _call(self, method: str, path: str, body: bytes | None = None, token: str = "") -> tuple[int | str, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        return self._load().call(method, path, body, headers)

    def _manage(self, *words: str) -> str:
        done = self.server.stack.manage(*words)
        said = (done.stdout + done.stderr)[-600:]
        self._expect(done.returncode == 0, f"{words[0]} ends with {done.returncode}: {said}")
        say(done.stdout.strip())
        return done.stdout

    def _expect(self, so: bool, otherwise: str) -> None:
        if not so:
            self.wrong.append(otherwise)


def _size(checkpoint: Path) -> int:
    return int(checkpoint.read_text().splitlines()[1])


def _filled(address: str) -> str:
    """An address of the schema with something of the right kind in the place of what is left to name."""
    for part in ("{event}", "{proposal}", "{bag}", "{upload}"):
        address = address.replace(part, "77777777-7777-4777-8777-777777777777")
    letter = next((one for room, one in LETTERS.items() if f"/{room}/" in address), "E")
    for part in ("{number}", "{label}"):
        address = address.replace(part, f"{letter}-001")
    while "{" in address:
        start = address.index("{")
        address = address[:start] + "7" + address[address.index("}", start) + 1:]
    return address
