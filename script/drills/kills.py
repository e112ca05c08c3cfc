"""Kill every kind of process outright while people lodge, and see that nothing is lost and all comes back by itself.

    script/drill kills [--kills N] [--clients N] [--seed N]

The postmaster, a backend of PostgreSQL, the broker, the worker and one of its children, the web server and one of its
workers, the scheduler: SIGKILL, in turns, at random moments. After each: an upload that is begun then is acknowledged
and fully worked on within 60 seconds, and what was killed runs again, without anybody's help. At the end: every
acknowledged upload is there, whole and once, however often it had to be sent; `manage.py verify --all` is clean, also
for who holds the last checkpoint from before the last kill. Prints counts; exit 1 on a violation."""

import argparse
import os
import random
import signal
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from stack.install import say

from drills.kit import clients, inside, whole

LONGEST_RECOVERY = 60.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill kills")
    parser.add_argument("--kills", type=int, default=56, help="how many (56)")
    parser.add_argument("--clients", type=int, default=4, help="how many lodge at once (4)")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices (1)")
    wanted = parser.parse_args(arguments)
    inside.enter()
    started = time.monotonic()
    with whole.server() as server, tempfile.TemporaryDirectory(prefix="casework-held-") as folder:
        drill = Kills(server, random.Random(wanted.seed), Path(folder))
        with clients.Load(server.stack.url, server.ref, server.token, wanted.clients) as load:
            drill.go_through(load, turns(wanted.kills, random.Random(wanted.seed)))
        drill.look_at_the_end(load)
    for line in drill.told(load):
        say(line)
    say(f"kills: {drill.killed.total()} kills, {len(load.entries)} uploads acknowledged, {drill.missing} missing or "
        f"altered, {drill.twice} there twice, {len(drill.wrong)} violations; {time.monotonic() - started:.0f} s")
    return 1 if drill.wrong else 0


def turns(count: int, chosen: random.Random) -> list[str]:
    """Every role as often as every other, in a new order each time round."""
    rounds = -(-count // len(whole.ROLES))
    return [role for _round in range(rounds) for role in chosen.sample(whole.ROLES, len(whole.ROLES))][:count]


class Kills:
    """The hands that kill, and what they saw."""

    def __init__(self, server: whole.Whole, chosen: random.Random, folder: Path):
        self.server, self.chosen, self.folder = server, chosen, folder
        self.killed: Counter[str] = Counter()
        self.seconds: dict[str, list[float]] = {}
        self.wrong: list[str] = []
        self.missing = self.twice = 0
        self.held: Path | None = None

    def go_through(self, load: clients.Load, roles: list[str]) -> None:
        load.one()
        for role in roles:
            self._keep_the_latest_checkpoint(load)
            time.sleep(self.chosen.uniform(0.2, 2.0))
            self._kill(role, load)

    def _kill(self, role: str, load: clients.Load) -> None:
        pids = self.server.pids(role)
        if not pids:
            self.wrong.append(f"there is no {role} to kill")
            return
        pid = self.chosen.choice(pids)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        self.killed[role] += 1
        if self._recovered(role, pid, load, began + LONGEST_RECOVERY):
            self.seconds.setdefault(role, []).append(time.monotonic() - began)
        else:
            self.wrong.append(f"{LONGEST_RECOVERY:.0f} s after {role} {pid} was killed not everything works")

    def _recovered(self, role: str, pid: int, load: clients.Load, until: float) -> bool:
        """An upload that begins now is acknowledged and worked on, and what was killed has a successor."""
        entry = load.one(patience=LONGEST_RECOVERY)
        while time.monotonic() < until:
            if entry and set(load.steps(entry).values()) == {"done"} and set(self.server.pids(role)) - {pid}:
                return True
            time.sleep(0.25)
        return False

    def _keep_the_latest_checkpoint(self, load: clients.Load) -> None:
        status, note = load.plain("GET", "/log/checkpoint")
        if status == 200:
            self.held = self.folder / "held"
            self.held.write_bytes(note)

    def look_at_the_end(self, load: clients.Load) -> None:
        """Once the work that waits is done: the ledger, and the verification."""
        entries, until = load.acknowledged(), time.monotonic() + LONGEST_RECOVERY
        seen = self.server.judged(entries)
        while seen["waiting"] and time.monotonic() < until:
            time.sleep(1)
            seen = self.server.judged(entries)
        self.twice = sum("twice" in fault for fault in seen["faults"]) + max(0, seen["exhibits"] - len(entries))
        self.missing = len(seen["faults"])
        self.wrong += load.wrong + seen["faults"] + self.server.verified(*filter(None, [self.held]))
        if seen["exhibits"] != len(entries):
            self.wrong.append(f"{len(entries)} uploads were acknowledged, {seen['exhibits']} exhibits are there")
        if seen["waiting"] or seen["failed"]:
            self.wrong.append(f"{seen['waiting']} steps still wait, {seen['failed']} failed")

    def told(self, load: clients.Load) -> list[str]:
        lines = ["kills: answers to clients: "
                 + ", ".join(f"{count} × {answer}" for answer, count in load.answers.most_common())]
        lines += [f"kills {role}: {self.killed[role]} killed, back after {sorted(seconds)[len(seconds) // 2]:.1f} s "
                  f"(median), {max(seconds):.1f} s (longest)" for role, seconds in sorted(self.seconds.items())]
        lines += ["kills: nobody held a checkpoint from before"] if self.held is None else []
        return lines + [f"    VIOLATION {problem}" for problem in self.wrong[:30]]
