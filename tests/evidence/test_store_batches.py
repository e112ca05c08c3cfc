"""Many files kept together: what is said of each is so, whichever system call fails."""

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from evidence.store import services as store
from evidence.store.errors import HashMismatch, StoreFull, StoreUnavailable
from evidence.store.keys import key
from tests.evidence.test_store_filesystem import Failing, files, visible

BATCH = [f"file {number}".encode() * 100 for number in range(12)]


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "evidence"
    settings.STORAGES = {**settings.STORAGES, "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}}
    return folder


def begun(batch: list[bytes]) -> list[store.Incoming]:
    found = []
    for data in batch:
        found.append(store.begin())
        found[-1].write(data)
    return found


def kept(batch: list[bytes], declared: list[str] | None = None) -> list[store.Stored | store.Refusal]:
    return store.finish_all(begun(batch), declared or [""] * len(batch))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_each_file_of_a_batch_lies_under_its_own_hash(root: Path) -> None:
    assert kept(BATCH) == [store.Stored(sha(data), len(data)) for data in BATCH]
    assert {path.read_bytes() for path in visible(root)} == set(BATCH)
    assert len(files(root)) == len(BATCH)


def test_the_same_bytes_twice_in_a_batch_are_one_file(root: Path) -> None:
    assert len(set(kept([BATCH[0], BATCH[0]]))) == 1
    assert len(files(root)) == 1


def test_a_wrong_hash_takes_nothing_from_the_others(root: Path) -> None:
    found = kept(BATCH[:3], ["", "0" * 64, sha(BATCH[2])])
    assert [type(one) for one in found] == [store.Stored, HashMismatch, store.Stored]
    assert {path.name for path in files(root)} == {sha(BATCH[0]), sha(BATCH[2])}


def test_a_batch_has_as_many_folders_open_as_it_needs_and_leaves_none_open(root: Path) -> None:
    kept(BATCH)
    before = len(os.listdir("/proc/self/fd"))
    kept([data + b"!" for data in BATCH])
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_whichever_system_call_fails_each_answer_is_so(root: Path, number: int) -> None:
    points = 0
    for at in range(1, 400):
        batch = [data + at.to_bytes(2, "big") for data in BATCH[:4]]
        arriving = begun(batch)
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, number, at)
            try:
                found = store.finish_all(arriving, [""] * len(batch))
            except (StoreFull, StoreUnavailable) as error:
                found = [error] * len(batch)
        if not failing.failed:
            break
        points += 1
        for data, one in zip(batch, found, strict=True):
            path = root / key(sha(data))
            assert path.exists() == isinstance(one, store.Stored), f"{failing.failed}, call {at}"
            assert not path.exists() or path.read_bytes() == data
        assert not list((root / "incoming").iterdir()), f"{failing.failed}, call {at}"
    assert points > 20
    assert all(isinstance(one, store.Stored) for one in found)
