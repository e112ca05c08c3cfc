"""The rows of `script/drill disks` that take the database and the broker away. A row is as in `broken`."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import redis
from celery import Celery
from stack import postgres, sockets
from stack.postgres import APP_ROLE, Server

from drills.kit.bench import Bench
from tests.journeys import server as journeys


@contextmanager
def _stopped(pids: list[int]) -> Iterator[None]:
    try:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def silent(bench: Bench) -> str:
    """First all of PostgreSQL stands still under thirty clients, then its postmaster alone."""
    master = bench.server.pids("postmaster")[0]
    children = list(map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split()))
    seen = []
    for what, pids in (("all of it", [master, *children]), ("the postmaster", [master])):
        answers, longest, alive = _crowd(bench, pids)
        allowed = {"503"} if len(pids) > 1 else {"503", "201"}
        assert set(answers) <= allowed, f"{what} silent: answers {dict(answers)}"
        assert longest <= bench.within, f"{what} silent: the slowest answer took {longest:.1f} s"
        assert alive <= bench.within, f"{what} silent: /healthz took {alive:.1f} s"
        seen.append(f"{what} silent for {bench.seconds:.0f} s: {dict(answers)}, slowest {longest:.1f} s, /healthz at "
                    f"most {alive:.1f} s, works again after {bench.recovers():.1f} s")
    return "; ".join(seen)


def _crowd(bench: Bench, pids: list[int], many: int = 30) -> tuple[Counter[str], float, float]:
    """What `many` clients hear while `pids` stand still: answers, the slowest, the slowest of /healthz."""
    answers: Counter[str] = Counter()
    seconds, alive = [0.0], [0.0]

    def one() -> None:
        while time.monotonic() < until:
            _data, _key, status, took = bench.upload()
            answers[str(status)] += 1
            seconds.append(took)
            time.sleep(1)

    with _stopped(pids):
        until = time.monotonic() + bench.seconds
        # What was on its way when the server fell silent is not what is measured.
        threads = [threading.Thread(target=one) for _number in range(many)]
        for thread in threads:
            thread.start()
        while time.monotonic() < until:
            began = time.monotonic()
            bench.client.plain("GET", "/healthz")
            alive.append(time.monotonic() - began)
            time.sleep(1)
        for thread in threads:
            thread.join()
    return answers, max(seconds), max(alive)


def no_connections(bench: Bench) -> str:
    bench.superuser(f"ALTER ROLE {APP_ROLE} CONNECTION LIMIT 2")
    bench.superuser(f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '{APP_ROLE}'")
    try:
        answers, longest, _alive = _crowd_for(bench, 10)
    finally:
        bench.superuser(f"ALTER ROLE {APP_ROLE} CONNECTION LIMIT -1")
    assert set(answers) <= {"201", "503"}, f"answers {dict(answers)}"
    return f"{dict(answers)}, slowest {longest:.1f} s, then 201"


def _crowd_for(bench: Bench, seconds: float) -> tuple[Counter[str], float, float]:
    whole, bench.seconds = bench.seconds, min(seconds, bench.seconds)
    try:
        return _crowd(bench, [], 50)
    finally:
        bench.seconds = whole


def deadlock(bench: Bench) -> str:
    """Another session holds the case and wants the bytes' row, which the upload has; the upload wants the case."""
    data = os.urandom(1000)
    found: list[int | str] = []
    with psycopg.connect(Server(bench.home).url(APP_ROLE)) as other:
        other.execute("SELECT 1 FROM casework_case WHERE ref = %s FOR UPDATE", [bench.server.ref])
        upload = threading.Thread(target=lambda: found.append(bench.again(data, "deadlock-1")))
        upload.start()
        time.sleep(0.5)
        with suppress(psycopg.errors.DeadlockDetected):
            other.execute("INSERT INTO evidence_blob (sha256, size, stored_at) VALUES (%s, 1000, now())",
                          [hashlib.sha256(data).hexdigest()])
        other.rollback()
        upload.join()
    assert found[0] in {201, 503}, f"answered {found[0]}"
    again = bench.again(data, "deadlock-1")
    assert again in {200, 201}, f"sent again it was answered {again}"
    return f"{found[0]}, sent again {again}, lodged once"


def _redis(bench: Bench) -> redis.Redis:
    socket = sockets.folder(bench.home / "redis", {os.geteuid()}) / "redis.sock"
    return redis.Redis(unix_socket_path=str(socket), password=(bench.home / "keys" / "redis-password").read_text())


def broker_gone(bench: Bench) -> str:
    os.kill(bench.server.pids("broker")[0], signal.SIGKILL)
    statuses = Counter(str(bench.upload()[2]) for _number in range(5))
    assert set(statuses) == {"201"}, f"while it is down: {dict(statuses)}"
    back = bench.recovers()
    statuses = Counter(str(bench.upload()[2]) for _number in range(20))
    _redis(bench).flushall()
    emptied = bench.recovers()
    return f"down: 201, worked on after {back:.0f} s; emptied: {dict(statuses)}, worked on after {emptied:.0f} s"


def broker_full(bench: Bench) -> str:
    broker = _redis(bench)
    broker.config_set("maxmemory-policy", "noeviction")
    broker.config_set("maxmemory", "1mb")
    try:
        statuses = Counter(str(bench.upload()[2]) for _number in range(10))
    finally:
        broker.config_set("maxmemory", "0")
    assert set(statuses) == {"201"}, f"answers {dict(statuses)}"
    return f"{dict(statuses)}, worked on after there is room"


def delivered_ten_times(bench: Bench) -> str:
    lines = dict(line.split("=", 1) for line in (bench.home / "environment").read_text().splitlines() if "=" in line)
    sender = Celery(broker=lines["BROKER_URL"])
    for _number in range(5):
        bench.upload(5_000)
        for _time in range(10):
            for task in ("evidence.fixity", "evidence.archive", "evidence.derive", "evidence.custody.sequence",
                         "evidence.custody.checkpoint"):
                sender.send_task(task)
    bench.recovers()
    repeated = bench.server.judged([])["repeated"]
    assert repeated == 0, f"{repeated} steps were recorded twice"
    return "250 messages, each step recorded once"


def database_disk_full(bench: Bench) -> str:
    bench.need_mounts()
    filler = bench.home / "postgres" / "filler"
    answers: Counter[str] = Counter()
    room = os.statvfs(filler.parent)
    size = max(4096, room.f_bavail * room.f_frsize - 300_000)
    subprocess.run(["fallocate", "-l", str(size), str(filler)], check=True)
    with filler.open("ab") as rest, suppress(OSError):
        while True:
            rest.write(bytes(4096))
            rest.flush()
    try:
        until = time.monotonic() + 90
        while answers["503"] < 5 and time.monotonic() < until:
            # Enough to outgrow what is left of the journal that is allocated already.
            _data, _key, status, _seconds = bench.upload(20_000)
            answers[str(status)] += 1
            with suppress(psycopg.Error):
                bench.superuser("SELECT pg_switch_wal()")
    finally:
        filler.unlink()
    assert answers["503"] and set(answers) <= {"201", "503"}, f"answers {dict(answers)}"
    return f"{dict(answers)}, works again after {bench.recovers():.0f} s"


def unsafe_database(bench: Bench) -> str:
    """A home that was served from once, and then each setting that could lose what was committed."""
    folder = Path(tempfile.mkdtemp(prefix="casework-unsafe-"))
    try:
        journeys.stop(journeys.start(folder / "home", "--empty"))
        return "; ".join(_refusal(folder / "home", setting)
                         for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"))
    finally:
        shutil.rmtree(folder)


def _refusal(home: Path, setting: str) -> str:
    _set(home, setting, on=False)
    try:
        stack = journeys.start(home, "--empty")
    except RuntimeError as refused:
        said = str(refused).strip().splitlines()
        line = next((line for line in said if setting in line), said[-1])
        assert setting in line, f"{setting} off: {line}"
        return f"{setting} off: does not start"
    else:
        journeys.stop(stack)
        raise AssertionError(f"{setting} off: it started")
    finally:
        _set(home, setting, on=True)


def _set(home: Path, setting: str, *, on: bool) -> None:
    if setting == "data_checksums":
        postgres.checksums(Server(home), on=on)
        return
    server = postgres.start(home)
    postgres.execute(server, f"ALTER SYSTEM {'RESET' if on else 'SET'} {setting}{'' if on else ' = off'}")
    postgres.stop(server)
