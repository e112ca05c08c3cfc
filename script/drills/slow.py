"""Hundreds of clients that send or read as slowly as they can, by slowhttptest, while others work.

    script/drill slow [--connections N] [--seconds N]

Heads that never end, bodies a byte at a time, answers that nobody takes. Meanwhile somebody reads pages and lodges
files, as they did in quiet before: every one of them is answered, none after more than LONGEST seconds, half of them
within twice what it took in quiet and a half second. Debian's slowhttptest is needed. Exit 1 on a violation."""

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable

from stack.install import say

from drills.kit import clients, inside, whole

# What slowhttptest is told besides: -H heads, -B bodies (which a page of the sign-in takes), -X reading.
WAYS = {"heads": ["-H", "-i", "10"], "bodies": ["-B", "-i", "10", "-s", "8192", "-t", "POST"],
        "uploads": ["-B", "-i", "10", "-s", "104857600", "-t", "POST"],
        "reading": ["-X", "-r", "250", "-w", "16", "-y", "32", "-n", "5", "-z", "8", "-k", "3"]}
# A page's largest file, for who does not take it.
LARGE = ("/static/vendor/@fontsource/noto-nastaliq-urdu/5.3.0/"
         "noto-nastaliq-urdu-arabic-400-normal.woff2")
LONGEST = 5.0
PAUSE = 0.3


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill slow")
    parser.add_argument("--connections", type=int, default=500, help="how many at once (500)")
    parser.add_argument("--seconds", type=int, default=60, help="for how long each way (60)")
    wanted = parser.parse_args(arguments)
    if shutil.which("slowhttptest") is None:
        say("slow: slowhttptest is not here: apt-get install slowhttptest")
        return 1
    inside.enter()
    wrong: list[str] = []
    with whole.server() as server:
        work = Work(clients.Load(server.stack.url, server.ref, server.token))
        quiet = work.go_on(until=time.monotonic() + 10)
        say(f"slow: in quiet {told(quiet)}")
        for name, words in WAYS.items():
            page = LARGE if name == "reading" else "/accounts/login/"
            seconds = work.beside(["slowhttptest", *words, "-c", str(wanted.connections), "-r", "200", "-l",
                                   str(wanted.seconds), "-p", "3", "-u", server.stack.url + page])
            say(f"slow: {name}, {wanted.connections} connections: {told(seconds)}")
            if max(seconds) > LONGEST or middle(seconds) > 2 * middle(quiet) + 0.5:
                wrong.append(f"{name}: others waited")
        wrong += work.load.wrong + server.verified()
        wrong += [f"{count} answers {answer}" for answer, count in work.load.answers.items() if answer not in {"201"}]
    for problem in wrong:
        say(f"    VIOLATION {problem}")
    say(f"slow: {work.answered} pages and files, {len(wrong)} violations")
    return 1 if wrong else 0


class Work:
    """Somebody who reads a page, lodges a file and reads again."""

    def __init__(self, load: clients.Load):
        self.load, self.answered = load, 0

    def beside(self, words: list[str]) -> list[float]:
        with tempfile.TemporaryFile() as out, subprocess.Popen(words, stdout=out, stderr=out) as attack:
            try:
                return self.go_on(until=None, attack=attack)
            finally:
                attack.terminate()

    def go_on(self, until: float | None, attack: subprocess.Popen[bytes] | None = None) -> list[float]:
        """How long each answer took, until then or until the attack is over."""
        seconds = []
        while (time.monotonic() < until) if until is not None else (attack is not None and attack.poll() is None):
            seconds += [self._once(lambda: self.load.plain("GET", "/accounts/login/")[0] == 200),
                        self._once(lambda: self.load.call("GET", f"cases/{self.load.ref}/exhibits/")[0] == 200),
                        self._once(lambda: self.load.one(patience=LONGEST) is not None)]
            time.sleep(PAUSE)
        return seconds

    def _once(self, ask: Callable[[], bool]) -> float:
        began = time.monotonic()
        if not ask():
            self.load.wrong.append("somebody was not answered")
        self.answered += 1
        return time.monotonic() - began


def middle(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


def told(seconds: list[float]) -> str:
    return f"{len(seconds)} answers, median {middle(seconds):.2f} s, longest {max(seconds):.2f} s"
