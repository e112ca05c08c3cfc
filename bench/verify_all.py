"""`verify --all` over a store on disk, beside hashlib alone over the same files on as many threads.

Both read from the disk, not from what the kernel remembers, one after the other in turns. Ours proves the log, compares
rows and events and looks for orphans besides."""

import hashlib
import os
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages

from evidence.custody import checkpoints, sequencer, signer
from evidence.custody import services as custody
from evidence.fixity import audit, hashing
from evidence.intake import services as intake
from evidence.store.keys import key
from evidence.store.models import Blob

ROUNDS = 5
CHUNK = 1024 * 1024
# Name, files, and bytes of each; the second comes on top of the first.
CASES = [("verify --all, 100 files of 10 MB", 100, 10_000_000), ("the same and 5,000 files of 200 KB", 5000, 200_000)]


def run() -> Iterator[dict[str, Any]]:
    """Bytes a second, the median of interleaved rounds; ratio 1 is as fast as hashlib alone."""
    signer.make_key(Path(settings.SIGNING_KEY), "bench.local/log")
    for name, count, size in CASES:
        _fill(count, size)
        files = [Path(storages["evidence"].path(key(sha256))) for sha256 in Blob.objects.values_list("pk", flat=True)]
        total = sum(file.stat().st_size for file in files)
        ours: list[float] = []
        plain: list[float] = []
        for turn in range(ROUNDS):
            for act in (_verify, _hash) if turn % 2 else (_hash, _verify):
                began = time.perf_counter()
                act(files)
                (ours if act is _verify else plain).append(total / 1e6 / (time.perf_counter() - began))
        value, baseline = statistics.median(ours), statistics.median(plain)
        yield {"name": name, "value": round(value), "unit": "MB/s", "baseline": round(baseline),
               "ratio": round(value / baseline, 2)}


def _fill(count: int, size: int) -> None:
    for _number in range(count):
        intake.receive_bytes(os.urandom(size), name="a.bin", provenance={}, context="case/CW-2026-0001",
                             agent=custody.SYSTEM)
    while sequencer.sequence():
        pass
    checkpoints.sign_checkpoint()
    os.sync()


def _verify(_files: list[Path]) -> None:
    found = list(audit.audit_all(checked=Counter()))
    assert not found, found[:3]


def _hash(files: list[Path]) -> None:
    with ThreadPoolExecutor(hashing.AT_ONCE) as pool:
        assert all(digest == file.name for file, digest in zip(files, pool.map(_digest, files), strict=True))


def _digest(path: Path) -> str:
    digest, buffer = hashlib.sha256(), memoryview(bytearray(CHUNK))
    with path.open("rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while count := file.readinto(buffer):
            digest.update(buffer[:count])
    return digest.hexdigest()
