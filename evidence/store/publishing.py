"""Bytes become visible under their hash: synced, renamed, and the folders synced too. Many small files together.

The disk ends many writes in the time of a few, so a batch first hands it everything and then waits for each. What
is promised stays the same for each file: an error before its last fsync leaves nothing of it visible."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from evidence.store.errors import Damaged
from evidence.store.spool import Spool

Fault = OSError | Damaged
T = TypeVar("T")

# How many files wait for the disk at the same time.
MOST_WAITING = 8

# Folders whose own entry this process has seen synced. A folder that merely exists may be the work of a process
# that died before its fsync, so the first use in each process syncs the parent once.
_settled: set[Path] = set()


def publish(arriving: Sequence[tuple[Spool, Path]]) -> list[Fault | None]:
    """Make each spool its target file, durably: None for it, or why not. Raises OSError when none could be begun."""
    batch = _Batch(arriving)
    batch.settle()
    with locked({target.parent for _spool, target in batch.sound()}) as folders:
        batch.rename()
        batch.sync(folders)
    return [batch.faults.get(spool) for spool, _target in arriving]


def make(folder: Path) -> list[Path]:
    """Make `folder` and its parents exist; those of them whose entry may not be on the disk yet."""
    try:
        os.mkdir(folder, 0o700)
    except FileNotFoundError:
        return make(folder.parent) + make(folder)
    except FileExistsError:
        return [] if folder in _settled else [folder]
    return [folder]


def sync_parents(folders: Iterable[Path]) -> None:
    """Put the entries of `folders` on the disk."""
    made = list(folders)
    for parent in {folder.parent for folder in made}:
        handle = _open(parent)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    _settled.update(made)


@contextmanager
def locked(folders: Iterable[Path]) -> Iterator[dict[Path, int]]:
    """The folders, open, each held by one writer: nobody may build on a name that is withdrawn again when its fsync
    fails. Taken in one order by everybody, so that no two wait for each other."""
    with ExitStack() as stack:
        handles = {}
        for folder in sorted(folders):
            handles[folder] = _open(folder)
            stack.callback(os.close, handles[folder])
            fcntl.flock(handles[folder], fcntl.LOCK_EX)
        yield handles


class _Batch:
    def __init__(self, arriving: Sequence[tuple[Spool, Path]]):
        self._arriving = arriving
        self._renamed: list[tuple[Spool, Path]] = []
        self.faults: dict[Spool, Fault] = {}

    def settle(self) -> None:
        """Every file's bytes, and the folders that they go to, on the disk."""
        made = [folder for parent in {target.parent for _spool, target in self._arriving} for folder in make(parent)]
        if len(self._arriving) > 1:
            self._each(self._arriving, lambda spool, _target: spool.begin_writing())
        # After the folders are made and before they are synced: a journal then takes both in one commit.
        with _pool(len(self._arriving)) as pool:
            waiting = [(spool, pool.submit(spool.settle)) for spool, _target in self._arriving]
        self.faults |= {spool: error for spool, done in waiting if (error := _fault(done))}
        if self.sound():
            sync_parents(made)

    def rename(self) -> None:
        self._each(self.sound(), self._rename)

    def _rename(self, spool: Spool, target: Path) -> None:
        try:
            held = os.stat(target).st_size
        except FileNotFoundError:
            os.rename(spool.path, target)
            self._renamed.append((spool, target))
            return
        if held != spool.size or not _hashes_to_its_name(target):
            # The good bytes are refused rather than dropped behind a receipt: their sender still has them.
            raise Damaged(f"{target.name} is held, and what is held is damaged")
        os.unlink(spool.path)

    def sync(self, folders: dict[Path, int]) -> None:
        """Also where nothing was renamed: the first writer of what is held may have died between rename and fsync."""
        with _pool(len(folders)) as pool:
            waiting = [(folder, pool.submit(os.fsync, handle)) for folder, handle in folders.items()]
        for folder, done in waiting:
            if error := _fault(done):
                for _spool, target in self._renamed:
                    if target.parent == folder:
                        with suppress(OSError):
                            os.unlink(target)
                self.faults |= {spool: error for spool, target in self.sound() if target.parent == folder}

    def sound(self) -> list[tuple[Spool, Path]]:
        """Those with which nothing is wrong so far."""
        return [(spool, target) for spool, target in self._arriving if spool not in self.faults]

    def _each(self, arriving: Iterable[tuple[Spool, Path]], act: Callable[[Spool, Path], None]) -> None:
        for spool, target in arriving:
            try:
                act(spool, target)
            except (OSError, Damaged) as error:
                self.faults[spool] = error


def _pool(count: int) -> Executor:
    """The disk waits for many at once in the time of one. A single file needs no thread."""
    return ThreadPoolExecutor(min(count, MOST_WAITING)) if count > 1 else _Here()


class _Here(Executor):
    """Does what it is given at once."""

    def submit(self, act: Callable[..., T], /, *arguments: Any, **_more: Any) -> "Future[T]":
        done: Future[T] = Future()
        try:
            done.set_result(act(*arguments))
        except OSError as error:
            done.set_exception(error)
        return done


def _fault(done: "Future[None]") -> OSError | None:
    """What the operating system refused; anything else is raised."""
    try:
        done.result()
    except OSError as error:
        return error
    return None


def _open(folder: Path) -> int:
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _hashes_to_its_name(blob: Path) -> bool:
    with blob.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == blob.name
