"""One of many people at work: reads and writes by calls, with a pause between two, and keeps count of the answers."""

import json
import random
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drills.kit import clients, whole

# How often each act comes up, out of a hundred.
MIX = {"list": 24, "exhibit": 20, "case": 12, "custody": 6, "findings": 8, "lodge": 18, "finding": 6, "account": 6}
WRITES = {"finding": "findings", "account": "accounts"}


def made(home: Path, people: int, cases: int) -> list[dict[str, str]]:
    """Those people on the server in `home`: the case in which each works, and a token for it."""
    return list(json.loads(whole.program("crowd", home, json.dumps({"people": people, "cases": cases}))))


@dataclass
class Worker:
    """Acts about every `pause` seconds until `over`; `seconds` has how long each answered read took."""

    load: clients.Load
    chosen: random.Random
    over: threading.Event
    pause: float
    seconds: list[float] = field(default_factory=list)
    unanswered: int = 0
    made: dict[str, list[str]] = field(default_factory=lambda: {"findings": [], "accounts": []})

    def work(self) -> None:
        while not self.over.is_set():
            act = self.chosen.choices(list(MIX), list(MIX.values()))[0]
            if act == "lodge":
                self.load.one(secrets.token_bytes(self.chosen.randrange(1, 300_000)), 300)
            elif act in WRITES:
                self._write(WRITES[act])
            else:
                self._read(act)
            self.over.wait(self.chosen.uniform(0.5, 1.5) * self.pause)

    def _read(self, act: str) -> None:
        case = f"cases/{self.load.ref}/"
        known = [entry["exhibit"].split("/")[1] for entry in self.load.acknowledged()]
        path = {"list": f"{case}exhibits/", "case": case, "custody": f"{case}custody/", "findings": f"{case}findings/",
                "exhibit": f"{case}exhibits/{self.chosen.choice(known)}/" if known else case}[act]
        began = time.monotonic()
        if self._answered(*self.load.call("GET", path)) is not None:
            self.seconds.append(time.monotonic() - began)

    def _write(self, what: str) -> None:
        """Sent once: what was not answered may be there or not, and is not asked for."""
        known = self.load.acknowledged()
        if not known:
            return
        label = self.chosen.choice(known)["exhibit"].split("/")[1]
        fields: dict[str, Any] = {
            "findings": {"kind": "coordination", "title": f"Finding {secrets.token_hex(4)}",
                         "claim": "One text came twice.", "method": "Comparison.", "likelihood": "likely",
                         "confidence": "low", "against": "Little was compared.",
                         "alternatives": [{"hypothesis": "A press release.", "why": "Nobody found one."}],
                         "exhibits_for": [label]},
            "accounts": {"platform": "x", "handle": f"account_{secrets.token_hex(4)}", "exhibit": label},
        }[what]
        sent, kind = json.dumps(fields).encode(), {"Content-Type": "application/json"}
        answer = self._answered(*self.load.call("POST", f"cases/{self.load.ref}/{what}/", sent, kind))
        if answer is not None:
            self.made[what].append(answer["label"])

    def _answered(self, status: int | str, answer: Any) -> Any:
        """The answer, or None for a refusal that is in order while something is down; anything else is wrong."""
        self.load.answers[str(status)] += 1
        if status in {200, 201}:
            return answer
        self.unanswered += 1
        if isinstance(status, int) and status not in clients.IN_ORDER:
            self.load.wrong.append(f"answered {status}: {str(answer)[:200]}")
        return None
