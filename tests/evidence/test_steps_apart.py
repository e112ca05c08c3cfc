"""Work on bytes, which may take minutes: it holds nothing in the database meanwhile, and nothing else waits for it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import connection, connections
from django.test import override_settings
from stack import serve
from stack.environment import Home

from casework.celery import LONG, QUEUES, ROUTES, app
from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy
from evidence.derivatives import services as derivatives
from evidence.fixity import services as fixity
from evidence.jail import services as jail
from evidence.screening import services as screening
from evidence.screening.clamd import Clamd
from evidence.store import services as store
from evidence.store.errors import Damaged
from tests.evidence.scanner import Scanner
from tests.evidence.test_steps import events, later, own_storages, picture, step, take

__all__ = ["own_storages"]
WORKS = {"derive": derivatives.derive, "fixity": fixity.rehash, "archive": archive.archive}
# What reads the bytes of each, by module and name.
READING = {"derive": (jail, "run"), "fixity": (store, "verify"), "archive": (store, "verify"),
           "screen": (Clamd, "scan")}
KINDS = {"derive": "derivation", "fixity": "fixity", "archive": "replication", "screen": "virus_check"}


def during(monkeypatch: pytest.MonkeyPatch, name: str, act: Any) -> None:
    """Let `act` happen once, while the bytes are read for the step `name`."""
    where, what = READING[name]
    real = getattr(where, what)

    def run(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(where, what, real)
        act()
        return real(*args, **more)

    monkeypatch.setattr(where, what, run)


@contextmanager
def beside() -> Iterator[Any]:
    """A cursor of somebody else's connection."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


@pytest.mark.parametrize("name", [*WORKS, "screen"])
def test_no_transaction_and_no_row_is_held_while_bytes_are_read(real_db: None, monkeypatch: pytest.MonkeyPatch,
                                                                name: str) -> None:
    seen = []
    with Scanner() as there, override_settings(CLAMD_URL=there.address):
        item = take(picture(), "a.png")

        def look() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                mine = cursor.fetchone()[0]
            with beside() as cursor:
                cursor.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [mine])
                seen.append(cursor.fetchone()[0])
                cursor.execute("SELECT name FROM evidence_step WHERE item_id = %s AND name = %s FOR UPDATE NOWAIT",
                               [item.pk, name])
                seen.append(cursor.fetchone()[0])

        during(monkeypatch, name, look)
        assert (WORKS | {"screen": screening.screen})[name](item)
    assert seen == ["idle", name]
    assert step(item, name).state == "done"


@pytest.mark.parametrize("name", WORKS)
def test_what_another_is_at_is_left_to_it_and_the_next_is_taken(real_db: None, name: str) -> None:
    first, second = take(picture(), "a.png"), take(b"hello", "b.txt")
    waiting = {"derive": derivatives.derive_waiting, "fixity": fixity.rehash_waiting,
               "archive": archive.archive_waiting}[name]
    with beside() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"{name} {first.blob_id}"])
        assert not WORKS[name](first)
        assert waiting() == 1
        assert (step(first, name).state, step(second, name).state) == ("pending", "done")
        # A closed connection lets go too, but only once the database has noticed.
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert waiting() == 1
    assert step(first, name).state == "done"


@pytest.mark.django_db
@pytest.mark.parametrize("name", WORKS)
def test_who_comes_late_finds_it_done_and_keeps_nothing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    item = take(picture(), "a.png")
    # The lock is the connection's, so on the same one it does not keep the second away: as after a lost connection.
    during(monkeypatch, name, lambda: WORKS[name](item))
    assert not WORKS[name](item)
    assert step(item, name).state == "done"
    assert len(events(item, KINDS[name])) == 1
    assert item.derivatives.count() == (3 if name == "derive" else 0)


@pytest.mark.django_db
def test_a_copy_that_another_noted_meanwhile_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = take(), take()
    during(monkeypatch, "archive", lambda: archive.archive(second))
    assert not archive.archive(first)
    assert (step(first, "archive").state, step(first, "archive").attempts) == ("pending", 1)
    assert "noted meanwhile" in step(first, "archive").detail
    later()
    assert archive.archive(first)
    assert (ArchiveCopy.objects.count(), len(events(first, "replication"))) == (1, 1)


@pytest.mark.django_db
def test_a_failure_that_comes_late_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        derivatives.derive(item)
        raise Damaged(item.blob_id)

    item = take(picture(), "a.png")
    during(monkeypatch, "derive", fail)
    assert not derivatives.derive(item)
    assert (step(item, "derive").state, step(item, "derive").attempts) == ("done", 0)


WORKER = """
import sys, time
import django
django.setup()
from evidence.derivatives import services as derivatives
from evidence.intake.models import Item
from evidence.jail import services as jail
def hang(*args, **more):
    print("reading", flush=True)
    time.sleep(60)
jail.run = hang
derivatives.derive(Item.objects.get(pk=sys.argv[1]))
"""


def test_a_worker_that_dies_while_it_reads_lets_go_of_its_work(real_db: None, tmp_path: Path) -> None:
    item = take(picture(), "a.png")
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[2]), "DJANGO_SETTINGS_MODULE": "casework.settings",
        "STORAGE_URL": f"file://{tmp_path}/evidence", "ARCHIVE_URL": f"file://{tmp_path}/archive"}
    with subprocess.Popen([sys.executable, "-c", WORKER, str(item.pk)], stdout=subprocess.PIPE,
                          env=environment) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"reading\n"
        assert not derivatives.derive(item), "somebody is at it"
        worker.send_signal(signal.SIGKILL)
    assert step(item, "derive").state == "pending"
    with connection.cursor() as cursor:
        # Until the database has noticed that nobody is there any more.
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"derive {item.blob_id}"])
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"derive {item.blob_id}"])
    later()
    assert derivatives.derive_waiting() == 1
    assert len(events(item, "derivation")) == 1


@pytest.mark.django_db
def test_the_sweep_wakes_derivations_and_does_none_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    item = take(picture(), "a.png")
    monkeypatch.setattr("evidence.wake.soon", woken.append)
    fixity.sweep()
    assert woken.count("evidence.derive") == 1
    assert step(item, "derive").state == "pending"
    derivatives.derive_waiting()
    fixity.sweep()
    assert woken.count("evidence.derive") == 1, "nothing waits any more"


def test_a_worker_that_is_told_no_queue_takes_from_all_and_the_log_has_its_own() -> None:
    app.loader.import_default_modules()
    assert {queue.name for queue in app.conf.task_queues} == set(QUEUES) <= set(app.amqp.queues.consume_from)
    routed = {name: app.amqp.router.route({}, name)["queue"].name for name in app.tasks}
    assert {name: queue for name, queue in routed.items() if queue != "celery"} == ROUTES
    assert set(routed.values()) == set(QUEUES)
    # The way of every message that wakes.
    with current_app.connection_for_write() as link, link.channel() as channel:
        current_app.send_task("evidence.derive")
        sent: Any = channel
        assert sent.basic_get(LONG, no_ack=True).headers["task"] == "evidence.derive"


def test_one_machine_has_a_worker_for_each_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stack.processes.Child.start", lambda child: None)
    stack = serve.Stack(Home(tmp_path))
    stack._start_background()
    workers = [child.command for child in stack.children if "worker" in child.command]
    taken = [command[command.index("--queues") + 1] for command in workers]
    assert sorted(taken) == sorted(QUEUES)
    assert len({child.name for child in stack.children}) == len(stack.children) == 4
