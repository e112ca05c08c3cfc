"""Let both verifiers judge good and wrong bags and receipts, and see that they agree and that neither errs.

    script/drill agree [--count N] [--seed S] [--large]

N good and N wrong ones. Prints how often the two agree (on the verdict, on the first fault, on the whole answer), what
was wrongly accepted and what wrongly refused, and how long it took; exit 1 unless all agree and nothing is wrong.
--large lets both check a bag with one file of 3 GiB, as a folder and as a Zip64 file, and prints time and memory."""

import argparse
import collections
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stack import install

ROOT = Path(__file__).resolve().parents[2]
BATCH = 100


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill agree", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="so many valid and so many wrong artefacts (10,000)")
    parser.add_argument("--seed", type=int, default=0, help="where the numbers begin from which artefacts are made (0)")
    parser.add_argument("--large", action="store_true", help="one file of 3 GiB instead")
    asked = parser.parse_args(arguments)
    if not install.inside():
        if failed := install.main(["--dev"]):
            return failed
        os.execv(install.PYTHON, [str(install.PYTHON), str(ROOT / "script" / "drill"), "agree", *arguments])
    sys.path.insert(0, str(ROOT))
    if asked.large:
        from drills import large
        return large.run()
    return run(asked.count, asked.seed)


@dataclass
class Tally:
    """What came of one sort of artefact."""

    judged: int = 0
    verdicts: int = 0
    first: int = 0
    whole: int = 0
    wrong: collections.Counter[str] = field(default_factory=collections.Counter)
    kinds: collections.Counter[str] = field(default_factory=collections.Counter)
    faults: collections.Counter[str] = field(default_factory=collections.Counter)
    shown: list[str] = field(default_factory=list)


def artefacts(sort: str, seeds: range) -> list[Any]:
    """The artefact of each seed: the same in every process."""
    from tests.evidence import mutants, shapes

    made = []
    for seed in seeds:
        chance = random.Random(seed)
        valid = shapes.make(chance)
        made.append(valid if sort == "valid" else mutants.mutate(valid, chance))
    return made


def judged_in_python(sort: str, seeds: range) -> list[dict[str, Any]]:
    """In a process of its own, while the browser judges the same."""
    global _verifier
    from tests.evidence import both

    if _verifier is None:
        _verifier = both.PythonVerifier()
    return [_verifier.judge(artefact) for artefact in artefacts(sort, seeds)]


_verifier: Any = None


def run(count: int, seed: int) -> int:
    """0 when both agree everywhere and every verdict is a right one."""
    from tests.evidence import both

    began = time.monotonic()
    tallies = {"valid": Tally(), "wrong": Tally()}
    with ProcessPoolExecutor(1) as beside:
        # The process is forked before the browser's connection is there, which two processes must not share.
        beside.submit(judged_in_python, "valid", range(0)).result()
        with both.browser_verifier() as browser:
            judge_all(tallies, beside, browser, count, seed)
    seconds = time.monotonic() - began
    well = [report(sort, tally) for sort, tally in tallies.items()]
    print(f"{2 * count} artefacts in {seconds:.0f} s, two processes side by side")
    return 0 if all(well) else 1


def judge_all(tallies: dict[str, Tally], beside: ProcessPoolExecutor, browser: Any, count: int, seed: int) -> None:
    for sort, tally in tallies.items():
        for seeds in batches(seed, count):
            in_python = beside.submit(judged_in_python, sort, seeds)
            made = artefacts(sort, seeds)
            in_browser = browser.judge(made)
            for number, artefact, one, two in zip(seeds, made, in_python.result(), in_browser, strict=True):
                weigh(tally, sort, number, artefact, one, two)


def batches(seed: int, count: int) -> Iterator[range]:
    for start in range(seed, seed + count, BATCH):
        yield range(start, min(seed + count, start + BATCH))


def weigh(tally: Tally, sort: str, number: int, artefact: Any, one: dict[str, Any], two: dict[str, Any]) -> None:
    from tests.evidence.both import verdict, whole

    said = {"verify.py": verdict(one), "verify.html": verdict(two)}
    tally.judged += 1
    tally.kinds[artefact.what] += 1
    tally.verdicts += len(set(said.values())) == 1
    tally.first += whole(one).get("faults")[:1] == whole(two).get("faults")[:1]  # type: ignore[index]
    tally.whole += whole(one) == whole(two)
    tally.faults.update(fault["code"] for fault in one.get("faults", [])[:1])
    for name, answer in said.items():
        if answer not in artefact.expected:
            tally.wrong[f"{name} {'refuses' if sort == 'valid' else 'accepts'}"] += 1
    if whole(one) != whole(two) or not set(said.values()) <= artefact.expected:
        right = " or ".join(sorted(artefact.expected))
        tally.shown.append(f"    seed {number}, {artefact.what}: {said}, right is {right}")


def report(sort: str, tally: Tally) -> bool:
    """Print one sort's counts; whether all is well."""
    wrong = "false refusals" if sort == "valid" else "false accepts"
    print(f"{sort:>6}: {tally.judged} judged by both; agree on the verdict {tally.verdicts}, on the first fault "
          f"{tally.first}, on the whole answer {tally.whole}; {wrong} {sum(tally.wrong.values())}")
    if sort == "wrong":
        rarest = ", ".join(f"{kind} {times}" for kind, times in tally.kinds.most_common()[:-6:-1])
        print(f"        {len(tally.kinds)} kinds of wrong, {len(tally.faults)} first faults; rarest: {rarest}")
    for line in [*(f"    {name} {times}" for name, times in tally.wrong.items()), *tally.shown[:20]]:
        print(line)
    return tally.judged == tally.whole and not tally.wrong
