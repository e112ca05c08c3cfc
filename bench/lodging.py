"""Lodging through the service layer, beside `cp`, `sync` and `openssl dgst -sha256` of the same files.

Ours is durable file by file, with its rows and its custody event committed; the baseline syncs once at the end
and records nothing."""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.test import override_settings

from evidence.custody import services as custody
from evidence.intake import services as intake
from evidence.store import services as store

ROUNDS = 3
CHUNK = 1024 * 1024
CASES = [("lodge 1,000 files of 200 KB", 1000, 200_000), ("lodge one file of 1 GB", 1, 1_000_000_000)]


def run() -> Iterator[dict[str, Any]]:
    """One figure for each case: the median of interleaved rounds, in seconds; ratio 1 is as fast as the baseline."""
    home = Path(storages["evidence"].path("")).parent
    for name, count, size in CASES:
        with tempfile.TemporaryDirectory(dir=home) as folder:
            taken: list[float] = []
            plain: list[float] = []
            for turn in range(ROUNDS):
                work = Path(folder) / str(turn)
                sources = _make(work / "source", count, size)
                # Whoever goes second finds the disk as the first one left it, so they take turns.
                for measured, act in sorted([(taken, _lodge), (plain, _copy)], key=lambda pair: pair[1] is _copy,
                                            reverse=bool(turn % 2)):
                    measured.append(_timed(act, sources, work))
                shutil.rmtree(work)
                os.sync()
        value, baseline = statistics.median(taken), statistics.median(plain)
        yield {"name": name, "value": round(value, 3), "unit": "s", "baseline": round(baseline, 3),
               "ratio": round(value / baseline, 2)}


def _make(folder: Path, count: int, size: int) -> list[Path]:
    folder.mkdir(parents=True)
    paths = [folder / f"{number:04}.bin" for number in range(count)]
    for path in paths:
        with open(path, "wb") as file:
            for start in range(0, size, CHUNK):
                file.write(os.urandom(min(CHUNK, size - start)))
    os.sync()
    return paths


def _timed(act: Callable[[list[Path], Path], None], sources: list[Path], work: Path) -> float:
    began = time.perf_counter()
    act(sources, work)
    return time.perf_counter() - began


def _copy(sources: list[Path], work: Path) -> None:
    (work / "copy").mkdir()
    subprocess.run(["cp", *sources, work / "copy"], check=True)
    subprocess.run(["sync"], check=True)
    copies = [work / "copy" / source.name for source in sources]
    subprocess.run(["openssl", "dgst", "-sha256", *copies], check=True, stdout=subprocess.DEVNULL)


def _lodge(sources: list[Path], work: Path) -> None:
    kept = {**settings.STORAGES, "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(work / "store")}}}
    with override_settings(STORAGES=kept):
        for source in sources:
            with transaction.atomic(), store.begin() as incoming, open(source, "rb", buffering=0) as file:
                while chunk := file.read(CHUNK):
                    incoming.write(chunk)
                intake.receive(incoming, name=source.name, claimed_type="application/octet-stream",
                               provenance={"source_url": "https://example.org/post/1", "platform": "x"},
                               context="case/CW-2026-0001", agent=custody.SYSTEM)
