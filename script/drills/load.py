"""Fifty people work for half an hour while the worker, the broker and the database are killed in turns.

    script/drill load [--minutes N] [--people N] [--every SECONDS] [--seed N]

They read lists, exhibits, custody and cases, lodge files, write findings and name accounts, each with some seconds
between two acts. At the end: every acknowledged file, finding and account is there, files whole and once; no answer
was 500; 95 of 100 answered reads took less than a second; the web processes, which nobody kills, hold little more
than after their first minutes; `manage.py verify --all` is clean. Prints figures; exit 1 on a violation."""

import argparse
import os
import random
import signal
import threading
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path

from stack.install import say

from drills.kit import clients, crowded, inside, whole

KILLED = ("worker", "broker", "backend", "worker child", "postmaster")
CASES = 5
P95, MORE_MEMORY = 1.0, 1.15
PATIENCE = 180


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill load")
    parser.add_argument("--minutes", type=float, default=30, help="how long (30)")
    parser.add_argument("--people", type=int, default=50, help="how many work at once (50)")
    parser.add_argument("--every", type=float, default=20, help="seconds between two kills (20)")
    parser.add_argument("--pause", type=float, default=3, help="seconds between two acts of one person, about (3)")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices (1)")
    wanted = parser.parse_args(arguments)
    inside.enter()
    with whole.server() as server:
        drill = Drill(server, random.Random(wanted.seed))
        drill.go_on(wanted.people, wanted.minutes * 60, wanted.every, wanted.pause)
        drill.look_at_the_end()
        drill.measure()
    for problem in drill.wrong[:30]:
        say(f"    VIOLATION {problem}")
    say(f"load: {wanted.people} people, {wanted.minutes:g} minutes, {sum(drill.killed.values())} kills, "
        f"{len(drill.wrong)} violations")
    return 1 if drill.wrong else 0


class Drill:
    """Who works, who kills, and what was seen."""

    def __init__(self, server: whole.Whole, chosen: random.Random):
        self.server, self.chosen = server, chosen
        self.killed: Counter[str] = Counter()
        self.memory: list[float] = []
        self.wrong: list[str] = []
        self.people: list[crowded.Worker] = []
        self.files = self.written = 0

    def go_on(self, people: int, seconds: float, every: float, pause: float) -> None:
        over = threading.Event()
        for one in crowded.made(self.server.home, people, CASES):
            load = clients.Load(self.server.stack.url, one["ref"], one["token"], many=0)
            self.people.append(crowded.Worker(load, random.Random(self.chosen.random()), over, pause))
        threads = [threading.Thread(target=person.work, daemon=True) for person in self.people]
        for thread in threads:
            thread.start()
        until, due = time.monotonic() + seconds, time.monotonic() + every
        while time.monotonic() < until:
            time.sleep(1)
            self.memory.append(sum(resident(pid) for pid in self.server.pids("web worker")))
            if time.monotonic() > due:
                due += every
                self._kill(KILLED[sum(self.killed.values()) % len(KILLED)])
        over.set()
        for thread in threads:
            thread.join(PATIENCE)
        if any(thread.is_alive() for thread in threads):
            self.wrong.append(f"somebody was not answered within {PATIENCE} s of the last kill")

    def _kill(self, role: str) -> None:
        if pids := self.server.pids(role):
            with suppress(ProcessLookupError):
                os.kill(self.chosen.choice(pids), signal.SIGKILL)
            self.killed[role] += 1
        else:
            self.wrong.append(f"there is no {role} to kill: it did not come back")

    def look_at_the_end(self) -> None:
        entries = [entry for person in self.people for entry in person.load.entries]
        self._until_ready()
        self._wait_for_the_work(entries)
        seen = self.server.judged(entries)
        self.wrong += [problem for person in self.people for problem in person.load.wrong] + seen["faults"]
        if seen["exhibits"] != len(entries):
            self.wrong.append(f"{len(entries)} files were acknowledged, {seen['exhibits']} exhibits are there")
        if seen["waiting"] or seen["failed"]:
            self.wrong.append(f"{seen['waiting']} steps still wait, {seen['failed']} failed")
        self.written = self._missing()
        self.wrong += self.server.verified()
        self.files = len(entries)

    def measure(self) -> None:
        seconds = sorted(second for person in self.people for second in person.seconds)
        p95 = seconds[int(len(seconds) * 0.95)]
        third = len(self.memory) // 3
        early, late = middle(self.memory[third // 2:third]), middle(self.memory[-third:])
        if p95 > P95:
            self.wrong.append(f"95 of 100 reads took up to {p95:.2f} s")
        if late > early * MORE_MEMORY:
            self.wrong.append(f"the web processes grew from {early / 1e6:.0f} to {late / 1e6:.0f} MB")
        answers: Counter[str] = sum((person.load.answers for person in self.people), Counter())
        say(f"load: {len(seconds)} reads answered, median {middle(seconds):.3f} s, p95 {p95:.3f} s, longest "
            f"{seconds[-1]:.1f} s; {self.files} files and {self.written} findings and accounts acknowledged")
        say("load: answers: " + ", ".join(f"{count} × {answer}" for answer, count in answers.most_common()))
        say(f"load: web processes {early / 1e6:.0f} MB early, {late / 1e6:.0f} MB late; killed: " + ", ".join(
            f"{count} × {role}" for role, count in self.killed.items()))

    def _until_ready(self) -> None:
        """The database that was killed last may still be coming back."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"{self.server.stack.url}/readyz", timeout=10):
                return
            time.sleep(1)
        self.wrong.append(f"the server was not ready within {PATIENCE} s of the last kill")

    def _wait_for_the_work(self, entries: list[dict[str, object]]) -> None:
        until = time.monotonic() + PATIENCE
        while self.server.judged(entries)["waiting"] and time.monotonic() < until:
            time.sleep(2)

    def _missing(self) -> int:
        """How many findings and accounts were acknowledged; whichever is not there is a violation."""
        count = 0
        for person in self.people:
            for what, labels in person.made.items():
                for label in labels:
                    count += 1
                    if person.load.call("GET", f"cases/{person.load.ref}/{what}/{label}/")[0] != 200:
                        self.wrong.append(f"{person.load.ref}/{label} was acknowledged and is not there")
        return count


def resident(pid: int) -> float:
    """Bytes."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def middle(figures: list[float]) -> float:
    return sorted(figures)[len(figures) // 2]
