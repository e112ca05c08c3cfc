"""The runs of `script/drill syscalls`: a fresh copy of database and store for each fault, the work, and its judge."""

import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import connections
from stack import postgres
from stack.install import say

from drills.kit import bare, traced
from drills.kit.scenarios import SCENARIOS
from evidence.custody import memory
from evidence.store import publishing

TEMPLATE, FAULTED = "faultless", "faulted"


class Scenario(Protocol):
    """`prepare` makes what the work needs, once. `act` is the work, `judge` says what is wrong after it was broken.

    All of them run on the database and the folders that are in place when they are called."""

    name: str
    children: bool
    # How many faults are enough where each takes long; 0 for all.
    usual: int

    def prepare(self) -> None: ...
    def act(self) -> Any: ...
    def judge(self, answer: Any, doubt: bool) -> tuple[str, list[str]]: ...


def run(server: postgres.Server, names: list[str], at_most: int) -> int:
    started, total, bad = time.monotonic(), 0, 0
    for name in names:
        done, violations = Injection(server, SCENARIOS[name]()).run(at_most)
        total, bad = total + done, bad + violations
    say(f"syscalls: {total} faults injected, {bad} violations; {time.monotonic() - started:.0f} s")
    return 1 if bad else 0


class Injection:
    """One scenario and the places that it runs on."""

    def __init__(self, server: postgres.Server, scenario: Scenario):
        self.server, self.scenario = server, scenario
        self.home = Path(settings.CASEWORK_HOME)
        for alias in ("evidence", "archive"):
            settings.STORAGES[alias]["OPTIONS"]["location"] = str(self.home / "faulted" / alias)
        self.outcomes: Counter[str] = Counter()

    def run(self, at_most: int) -> tuple[int, int]:
        """How many faults were injected, and how many of them broke something."""
        name, began = self.scenario.name, time.monotonic()
        self._prepare()
        self._fresh()
        whole = traced.run(self._work, children=self.scenario.children)
        verdict, problems = self._judge(whole.answer, doubt=False)
        if problems or verdict != "acknowledged":
            say(f"syscalls {name}: does not work without a fault: {whole.answer} {problems}")
            return 0, 1
        faults = traced.faults(whole.calls)
        at_most = at_most or self.scenario.usual
        # Spread over the whole of the work, and over the ways to fail.
        chosen = faults if not at_most else faults[::max(1, len(faults) // at_most) | 1][:at_most]
        violations = sum(self._one(fault) for fault in chosen)
        calls = ", ".join(f"{count} {call}" for call, count in Counter(call for call, _ in whole.calls).most_common())
        say(f"syscalls {name}: {len(whole.calls)} calls that change something ({calls})")
        said = ", ".join(f"{count} {outcome}" for outcome, count in self.outcomes.most_common())
        say(f"syscalls {name}: {len(chosen)} faults injected: {said}; {violations} violations; "
            f"{time.monotonic() - began:.0f} s")
        return len(chosen), violations

    def _one(self, fault: traced.Fault) -> bool:
        """Whether this fault broke something."""
        self._fresh()
        result = traced.run(self._work, fault, children=self.scenario.children)
        answer = result.answer if result.answer and "raised" not in result.answer else None
        verdict, problems = self._judge(answer, fault.leaves_doubt)
        if not result.ended:
            problems.append("the work did not end in time")
        self.outcomes[verdict] += 1
        for problem in problems:
            say(f"    VIOLATION {self.scenario.name}, {fault}: {problem} (answered {result.answer})")
        return bool(problems)

    def _prepare(self) -> None:
        """Leaves the database and the folders as a template beside the ones in use."""
        bare.copy(self.server, postgres.DATABASE, FAULTED)
        self._use()
        self.scenario.prepare()
        connections.close_all()
        bare.copy(self.server, FAULTED, TEMPLATE)
        self._copy("faulted", "faultless")

    def _fresh(self) -> None:
        connections.close_all()
        bare.copy(self.server, TEMPLATE, FAULTED)
        self._copy("faultless", "faulted")

    def _copy(self, source: str, target: str) -> None:
        shutil.rmtree(self.home / target, ignore_errors=True)
        (self.home / source).mkdir(exist_ok=True)
        shutil.copytree(self.home / source, self.home / target)

    def _use(self) -> None:
        """From here on this process works on the copy that is to be broken."""
        connections["default"].settings_dict["NAME"] = FAULTED
        # What this process has seen synced was in another copy.
        publishing._settled.clear()
        # And what its signer remembers was of another copy.
        memory.path_of().unlink(missing_ok=True)

    def _work(self) -> Any:
        self._use()
        return self.scenario.act()

    def _judge(self, answer: Any, doubt: bool) -> tuple[str, list[str]]:
        def judged() -> Any:
            self._use()
            return self.scenario.judge(answer, doubt)

        verdict, problems = traced.answer_of(judged)
        return verdict, problems
