"""Back up under load, lose everything but the keys and the backup, restore, and go on when two people declare it.

    script/drill restore [--uploads N]

People lodge; a backup is made and proven; people lodge more, and somebody keeps a checkpoint. Then database, store and
archive are destroyed and the backup is put back. Until two administrators declare it every call that changes something
answers 503 and every exhibit of the backup can be read; afterwards work goes on, all of it is verified, and what was
viewed meanwhile is in the log. Prints counts; exit 1 on a violation."""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from stack.install import say

from drills.kit import clients, inside, whole
from tests.journeys.server import Stack, start, stop

PATIENCE = 120.0
GONE = ("postgres", "store", "archive", "incoming")
# What stands in the place of a part of an address, by the kind that the API's description names.
ANY = {"integer": "1", "uuid": "00000000-0000-4000-8000-000000000007", "string": "E-001"}
# A log that is closed is open to this alone.
DECLARING = "/api/v1/recovery/"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill restore")
    parser.add_argument("--uploads", type=int, default=20, help="how many before, and how many after the backup (20)")
    wanted = parser.parse_args(arguments)
    inside.enter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="casework-restore-") as folder:
        drill = Restore(Path(folder), wanted.uploads)
        try:
            drill.go_through()
        finally:
            drill.end()
    for problem in drill.wrong[:30]:
        say(f"    VIOLATION {problem}")
    say(f"restore: {drill.told()}, {len(drill.wrong)} violations; {time.monotonic() - started:.0f} s")
    return 1 if drill.wrong else 0


class Restore:
    """A server whose home is destroyed and made again from a backup, and what was seen."""

    def __init__(self, folder: Path, uploads: int):
        self.home, self.backups, self.held = folder / "home", folder / "backups", folder / "held.txt"
        self.uploads = uploads
        self.wrong: list[str] = []
        self.counts: dict[str, int] = {}
        self.stack: Stack | None = None
        self.kept: list[dict[str, Any]] = []
        self.lost: list[dict[str, Any]] = []

    def go_through(self) -> None:
        say("restore: starting a server …")
        self.stack = start(self.home, "--empty")
        server = whole.Whole(self.stack, **json.loads(whole.program("prepare", self.home)))
        self.tokens: list[str] = json.loads(whole.program("administrators", self.home))
        load = self._client(server)
        self.kept = self._lodge(load)
        for words in (("backup", str(self.backups)), ("restore", str(self.backups), "--check")):
            self._managed("VERIFIED" if "--check" in words else "read", *words)
        self.lost = self._lodge(load)
        self.held.write_bytes(self._covered(load))
        say("restore: destroying everything but the keys and the backup …")
        self.end()
        for name in GONE:
            shutil.rmtree(self.home / name)
        self.stack = start(self.home, "--restore", str(self.backups), "--held", str(self.held))
        said = self.home.with_suffix(".output").read_text()
        self._expect("VERIFIED: is restored" in said and "READ-ONLY" in said, f"the restore says {said[-500:]}")
        server = whole.Whole(self.stack, server.ref, server.token)
        load = self._client(server)
        self._is_read_only(load)
        self._declare(load)
        self._goes_on(server, load)

    def end(self) -> None:
        if self.stack is not None:
            stop(self.stack)

    def told(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in self.counts.items())

    def _client(self, server: whole.Whole) -> clients.Load:
        return clients.Load(server.stack.url, server.ref, server.token)

    def _lodge(self, load: clients.Load) -> list[dict[str, Any]]:
        """So many more exhibits, all work on them done."""
        made = [entry for entry in (load.one() for _number in range(self.uploads)) if entry]
        self._expect(len(made) == self.uploads, f"{len(made)} of {self.uploads} uploads were acknowledged")
        self._until("the work on the uploads is not done",
                    lambda: all(set(load.steps(entry).values()) == {"done"} for entry in made))
        return made

    def _covered(self, load: clients.Load) -> bytes:
        """The checkpoint that covers all that there is."""
        def is_covered() -> bool:
            log = json.loads(load.plain("GET", "/readyz")[1])["parts"]["log"]
            return bool(log["waiting"] == 0 and log["size"] == log["checkpoint_size"])

        self._until("no checkpoint covers what was lodged", is_covered)
        return load.plain("GET", "/log/checkpoint")[1]

    def _is_read_only(self, load: clients.Load) -> None:
        changes = self._changes(load)
        for method, path in changes:
            status, answer = load.call(method, path.removeprefix("/api/v1/"), b"{}",
                                       {"Content-Type": "application/json"})
            self._expect(status == 503 and "read_only" in str(answer), f"{method} {path} answers {status}")
        status, answer = load.send(b"new bytes", "a" * 32)
        self._expect(status == 503, f"an upload is answered {status} {answer}")
        for entry in self.kept:
            self._expect(self._look(load, entry) == 200, f"{entry['exhibit']} cannot be read")
        for entry in self.lost:
            self._expect(self._look(load, entry) == 404, f"{entry['exhibit']} is there, and was never backed up")
        ready, alarm = load.plain("GET", "/readyz"), load.plain("GET", "/log/")[1].decode()
        self._expect(ready[0] == 200 and json.loads(ready[1])["degraded"], f"/readyz says {ready}")
        self._expect("alarm-banner" in alarm, "the page of the log says nothing")
        self.counts |= {"exhibits backed up": len(self.kept), "lost": len(self.lost),
                        "kinds of change answered 503": len(changes) + 1}

    def _changes(self, load: clients.Load) -> list[tuple[str, str]]:
        """Every call that changes something, from the API's own description."""
        _status, schema = load.call("GET", "schema/?format=json")
        found = []
        for path, calls in schema["paths"].items():
            if path.startswith(DECLARING):
                continue
            for verb in {"post", "put", "patch", "delete"} & set(calls):
                filled = path.replace("{ref}", load.ref)
                for part in calls[verb].get("parameters", []):
                    kind = part["schema"].get("format") or part["schema"]["type"]
                    label = part.get("description", "").partition("the label: ")[2]
                    filled = filled.replace(f"{{{part['name']}}}", label or ANY[kind])
                found.append((verb.upper(), filled))
        return found

    def _look(self, load: clients.Load, entry: dict[str, Any]) -> int | str:
        return load.call("GET", f"cases/{load.ref}/exhibits/{entry['exhibit'].split('/')[1]}/")[0]

    def _declare(self, load: clients.Load) -> None:
        one, two = ({"Authorization": f"Bearer {token}", "Content-Type": "application/json"} for token in self.tokens)
        _status, told = load.call("GET", "recovery/")
        rewind = told["rewind"]
        self.counts |= {"entries restored": rewind["size"], "entries witnessed": rewind["head_size"],
                        "views in the recovery log": told["recovered"]}
        self._expect(told["recovered"] >= len(self.kept), f"the recovery log holds {told['recovered']} views")
        why = json.dumps({"reason": "The machine was destroyed; this is the newest backup"}).encode()
        for path, body, headers, expected in (
                ("recovery/", why, {"Content-Type": "application/json"}, 403), ("recovery/", why, one, 201),
                ("recovery/approve/", b"{}", one, 409), ("recovery/approve/", b"{}", two, 200)):
            status, answer = load.call("POST", path, body, headers)
            self._expect(status == expected, f"POST {path} answers {status} {answer} instead of {expected}")

    def _goes_on(self, server: whole.Whole, load: clients.Load) -> None:
        after = self._lodge(load)
        self._covered(load)
        seen = server.judged(self.kept + after)
        self.wrong += load.wrong + seen["faults"] + server.verified()
        said = server.verified(self.held)
        given_up = [line for line in said if "was given up by the restore that event" in line]
        self._expect(len(given_up) == 1, f"verify says of the checkpoint that was kept: {said}")
        views = load.call("GET", f"cases/{load.ref}/exhibits/{self.kept[0]['exhibit'].split('/')[1]}/custody/")[1]
        self._expect(any(row["kind"] == "access" for row in views), "what was viewed meanwhile is not in the log")
        self.counts |= {"lodged afterwards": len(after), "missing or altered": len(seen["faults"])}

    def _managed(self, expected: str, *words: str) -> None:
        assert self.stack is not None
        done = self.stack.manage(*words)
        self._expect(done.returncode == 0 and expected in done.stdout,
                     f"manage.py {words[0]} says {(done.stdout + done.stderr)[-500:]}")

    def _expect(self, good: bool, violation: str) -> None:
        if not good:
            self.wrong.append(violation)

    def _until(self, violation: str, is_so: Any) -> None:
        until = time.monotonic() + PATIENCE
        while not is_so():
            if time.monotonic() > until:
                self.wrong.append(violation)
                return
            time.sleep(0.3)
