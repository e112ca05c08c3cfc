"""The durable writer on folders, and every way in which a disk can fail it."""

import errno
import fcntl
import hashlib
import io
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from evidence.store import services as store
from evidence.store.errors import Damaged, HashMismatch, StoreFull, StoreUnavailable
from evidence.store.keys import key

DATA = bytes(range(256)) * 1024
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A store of its own for each test."""
    with override_settings(STORAGES={name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / name}}
            for name in ("evidence", "archive", "default", "staticfiles")}):
        yield tmp_path / "evidence"


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def visible(root: Path) -> list[Path]:
    return [path for path in files(root) if path.parent.name != "incoming"]


def put(data: bytes = DATA, declared: str = "") -> store.Stored:
    return store.put(io.BytesIO(data), declared)


@pytest.mark.parametrize("data", [b"", b"x", DATA, b"\0" * (3 * 1024 * 1024 + 1)])
def test_bytes_come_back_under_their_hash_and_nothing_else_is_left(root: Path, data: bytes) -> None:
    stored = put(data)
    assert stored == store.Stored(hashlib.sha256(data).hexdigest(), len(data))
    assert files(root) == [root / key(stored.sha256)]
    assert files(root)[0].stat().st_mode & 0o777 == 0o400
    assert store.read_verified(stored.sha256, len(data)) == data
    assert store.verify(stored.sha256)


def test_the_same_bytes_twice_are_one_file_that_is_not_touched(root: Path) -> None:
    put()
    before = os.stat(root / key(SHA))
    put()
    after = os.stat(root / key(SHA))
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(files(root)) == 1


def test_a_blob_of_another_size_under_the_hash_is_an_alarm_and_is_never_overwritten(root: Path) -> None:
    put()
    blob = root / key(SHA)
    blob.chmod(0o600)
    blob.write_bytes(b"short")
    with pytest.raises(Damaged):
        put()
    assert blob.read_bytes() == b"short"
    assert files(root) == [blob]


def test_a_wrong_declared_hash_leaves_nothing(root: Path) -> None:
    with pytest.raises(HashMismatch) as caught:
        put(declared="0" * 64)
    assert caught.value.received == SHA
    assert files(root) == []


def test_a_declared_hash_may_be_in_capitals(root: Path) -> None:
    assert put(declared=SHA.upper()).sha256 == SHA


@pytest.mark.parametrize("declared", ["x" * 64, SHA[:-1], SHA + "0", "../../etc/passwd", SHA + "\n"])
def test_a_declared_hash_that_is_none_is_a_value_error_and_leaves_nothing(root: Path, declared: str) -> None:
    with pytest.raises(ValueError, match="64 hex digits"):
        put(declared=declared)
    assert files(root) == []


def test_leaving_without_finish_leaves_nothing(root: Path) -> None:
    with store.begin() as incoming:
        incoming.write(DATA)
    assert files(root) == []
    with pytest.raises(ValueError, match="abandoned"):
        incoming.write(DATA)


def test_a_path_is_never_built_from_what_is_no_hash(root: Path) -> None:
    for word in ("../../../etc/passwd", "", SHA.upper(), SHA + "/x"):
        with pytest.raises(ValueError, match="not a SHA-256"):
            store.open_blob(word)


def test_short_writes_are_continued(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:max(1, min(len(data), 1000))]))
    assert put().sha256 == SHA
    monkeypatch.undo()
    assert (root / key(SHA)).read_bytes() == DATA


CALLS = ["open", "write", "fchmod", "fsync", "mkdir", "rename", "stat"]


class Failing:
    """Counts the store's system calls and fails the n-th of all with an errno."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: int, at: int):
        self.error, self.at, self.count, self.failed = error, at, 0, ""
        self.lock = threading.Lock()
        for name in CALLS:
            monkeypatch.setattr(os, name, self.wrap(name, getattr(os, name)))
        monkeypatch.setattr(fcntl, "flock", self.wrap("flock", fcntl.flock))

    def wrap(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self.lock:
                self.count += 1
                mine = self.count == self.at
            if mine:
                self.failed = name
                raise OSError(self.error, os.strerror(self.error))
            return call(*args, **kwargs)
        return wrapped


@pytest.mark.parametrize(("number", "expected"), [
    (errno.ENOSPC, StoreFull), (errno.EDQUOT, StoreFull), (errno.EFBIG, StoreFull), (errno.EIO, StoreUnavailable),
    (errno.EROFS, StoreUnavailable), (errno.EACCES, StoreUnavailable)])
def test_every_failing_system_call_in_turn_leaves_nothing_visible_and_nothing_behind(
        root: Path, number: int, expected: type[Exception]) -> None:
    seen = set()
    for at in range(1, 200):
        data = DATA + bytes([at])
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, number, at)
            try:
                put(data)
            except expected:
                pass
            else:
                assert failing.failed == ""
                break
        seen.add(failing.failed)
        assert files(root) == [], f"{failing.failed}, call {at}"
        shutil.rmtree(root, ignore_errors=True)
    assert seen == {*CALLS, "flock"}
    assert visible(root) == [root / key(hashlib.sha256(data).hexdigest())]


def test_a_failed_fsync_is_never_tried_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def broken(fd: int) -> None:
        calls.append(fd)
        raise OSError(errno.EIO, "Input/output error")

    put(b"so that the folders exist")
    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(StoreUnavailable):
        put()
    assert len(calls) == 1
    assert len(files(root)) == 1


def test_a_real_limit_on_file_size_is_a_full_store(root: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StoreFull):
            put()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(root) == []


def test_a_writer_killed_at_any_moment_leaves_at_most_a_temporary_file_that_is_purged(root: Path) -> None:
    put(b"so that the folders exist")
    ready = multiprocessing.get_context("fork").Event()

    def write_and_hang() -> None:
        incoming = store.begin()
        incoming.write(DATA)
        ready.set()
        time.sleep(60)

    child = multiprocessing.get_context("fork").Process(target=write_and_hang)
    child.start()
    assert ready.wait(20)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert len(visible(root)) == 1
    left = list((root / "incoming").iterdir())
    assert len(left) == 1
    assert store.purge_stale() == 0
    os.utime(left[0], (time.time() - 90_000,) * 2)
    (root / "incoming" / "somebody's notes").write_text("kept")
    os.utime(root / "incoming" / "somebody's notes", (time.time() - 90_000,) * 2)
    assert store.purge_stale() == 1
    assert [path.name for path in (root / "incoming").iterdir()] == ["somebody's notes"]


def test_many_writers_of_the_same_bytes_end_with_one_blob(root: Path) -> None:
    results: list[store.Stored] = []
    threads = [threading.Thread(target=lambda: results.append(put())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [store.Stored(SHA, len(DATA))] * 16
    assert len(files(root)) == 1


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: b"X" + data[1:], lambda data: data + b"X"])
def test_damage_is_told_before_the_last_chunk_leaves(root: Path, change: Callable[[bytes], bytes]) -> None:
    data = DATA * 10
    stored = put(data)
    blob = root / key(stored.sha256)
    blob.chmod(0o600)
    blob.write_bytes(change(data))
    sent = bytearray()
    with pytest.raises(Damaged):
        for chunk in store.chunks_verified(stored.sha256):
            sent += chunk
    assert len(sent) < len(data)
    assert not store.verify(stored.sha256)
    with pytest.raises(Damaged):
        store.read_verified(stored.sha256, 10**9)


def test_bytes_that_are_gone_are_damage(root: Path) -> None:
    assert not store.verify(SHA)
    assert store.size(SHA) is None
    with pytest.raises(Damaged):
        store.open_blob(SHA)
    with pytest.raises(Damaged):
        store.read_verified(SHA, 10)


def test_more_bytes_than_the_limit_are_not_read(root: Path) -> None:
    put()
    with pytest.raises(ValueError, match="more than"):
        store.read_verified(SHA, len(DATA) - 1)


@pytest.mark.parametrize("option", ["size=300k", "nr_inodes=4"])
def test_a_disk_that_is_really_full_keeps_what_it_has_and_takes_no_more(root: Path, option: str) -> None:
    root.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", option, "none", str(root)], capture_output=True,
                             check=False)
    if mounted.returncode:
        pytest.skip("only root can make a small disk")
    try:
        kept: list[store.Stored] = []
        with pytest.raises(StoreFull):
            for number in range(100):
                kept.append(put(bytes([number]) * 100_000))
        assert kept or option == "nr_inodes=4"
        assert {path.name for path in visible(root)} == {stored.sha256 for stored in kept}
        assert len(files(root)) == len(kept)
        assert all(store.verify(stored.sha256) for stored in kept)
    finally:
        subprocess.run(["umount", str(root)], check=True)


def test_good_bytes_are_refused_and_not_dropped_where_the_held_ones_are_damaged(root: Path) -> None:
    held = root / key(put().sha256)
    held.chmod(0o600)
    held.write_bytes(b"\xff" + DATA[1:])
    with pytest.raises(Damaged, match="what is held is damaged"):
        put()


def test_the_exercise_reads_back_what_it_wrote_and_leaves_nothing(
        root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.exercise()
    assert not [path for path in root.rglob("*") if path.is_file()]
    monkeypatch.setattr(os, "pread", lambda fd, length, at: b"\0" * length)
    assert not store.exercise()
    assert not [path for path in root.rglob("*") if path.is_file()]
