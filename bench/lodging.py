"""Lodging through the service layer, beside `cp`, `sync` and `openssl dgst -sha256` of the same files.

Ours is durable file by file, with its rows and its custody event committed; the baseline syncs once at the end
and records nothing. Each thread makes its own connection, which is measured, too."""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection, transaction
from django.test import override_settings

from evidence.custody import services as custody
from evidence.intake import services as intake
from evidence.store import services as store

ROUNDS = 3
CHUNK = 1024 * 1024
# Name, files, bytes of each, and how many are lodged at a time: a browser sends four files at once.
CASES = [("lodge 1,000 files of 200 KB, one after the other", 1000, 200_000, 1),
         ("lodge 1,000 files of 200 KB, four at a time", 1000, 200_000, 4),
         ("lodge one file of 1 GB", 1, 1_000_000_000, 1)]


def run() -> Iterator[dict[str, Any]]:
    """One figure for each case: the median of interleaved rounds, in seconds; ratio 1 is as fast as the baseline."""
    home = Path(storages["evidence"].path("")).parent
    for name, count, size, at_once in CASES:
        with tempfile.TemporaryDirectory(dir=home) as folder:
            taken: list[float] = []
            plain: list[float] = []
            for turn in range(ROUNDS):
                work = Path(folder) / str(turn)
                sources = files(work / "source", count, size)
                # Whoever goes second finds the disk as the first one left it, so they take turns.
                first, second = (_lodge, _copy) if turn % 2 else (_copy, _lodge)
                for act in (first, second):
                    (taken if act is _lodge else plain).append(_timed(act, sources, work, at_once))
                shutil.rmtree(work)
                os.sync()
        value, baseline = statistics.median(taken), statistics.median(plain)
        yield {"name": name, "value": round(value, 3), "unit": "s", "baseline": round(baseline, 3),
               "ratio": round(value / baseline, 2)}


def files(folder: Path, count: int, size: int) -> list[Path]:
    folder.mkdir(parents=True)
    paths = [folder / f"{number:04}.bin" for number in range(count)]
    for path in paths:
        with open(path, "wb") as file:
            for start in range(0, size, CHUNK):
                file.write(os.urandom(min(CHUNK, size - start)))
    os.sync()
    return paths


def _timed(act: Callable[[list[Path], Path, int], None], sources: list[Path], work: Path, at_once: int) -> float:
    began = time.perf_counter()
    act(sources, work, at_once)
    return time.perf_counter() - began


def _copy(sources: list[Path], work: Path, at_once: int) -> None:
    copied(sources, work / "copy")


def copied(sources: list[Path], folder: Path) -> None:
    """The baseline: what one would type."""
    folder.mkdir()
    subprocess.run(["cp", *sources, folder], check=True)
    subprocess.run(["sync"], check=True)
    copies = [folder / source.name for source in sources]
    subprocess.run(["openssl", "dgst", "-sha256", *copies], check=True, stdout=subprocess.DEVNULL)


def _lodge(sources: list[Path], work: Path, at_once: int) -> None:
    kept = {**settings.STORAGES, "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(work / "store")}}}
    with override_settings(STORAGES=kept), ThreadPoolExecutor(at_once) as pool:
        for _done in pool.map(_lodge_some, [sources[start::at_once] for start in range(at_once)]):
            pass


def _lodge_some(sources: list[Path]) -> None:
    try:
        for source in sources:
            with transaction.atomic(), store.begin() as incoming, open(source, "rb", buffering=0) as file:
                while chunk := file.read(CHUNK):
                    incoming.write(chunk)
                intake.receive(intake.Arrival(incoming, source.name,
                                              {"source_url": "https://example.org/post/1", "platform": "x"},
                                              claimed_type="application/octet-stream"),
                               context="case/CW-2026-0001", agent=custody.SYSTEM)
    finally:
        connection.close()
