"""A database server that is stopped is noticed within seconds; one that only takes long is waited for."""

import errno
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from stack import postgres

from casework.database import base, silence
from tests.factories import make_person, sign_in

# What people are promised is 5 seconds; the machine of a test does other things too.
SOON = 8.0


@pytest.fixture
def server(tmp_path: Path, django_db_blocker: Any) -> Iterator[postgres.Server]:
    """A cluster of its own, because it is stopped; Django's connection is to it, in no transaction."""
    found = postgres.start(tmp_path / "home")
    mine = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= {"HOST": str(found.socket_dir), "USER": postgres.SUPERUSER, "NAME": "postgres",
                                     "PASSWORD": found.password(postgres.SUPERUSER)}
        yield found
        connection.close()
        connection.settings_dict |= mine
    send(found, signal.SIGCONT)
    opened()
    postgres.stop(found)


def postmaster(server: postgres.Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])


def send(server: postgres.Server, what: signal.Signals) -> None:
    """To the postmaster and its children."""
    master = postmaster(server)
    for pid in [master, *map(int, Path(f"/proc/{master}/task/{master}/children").read_text().split())]:
        # A child may have gone by itself since.
        with suppress(ProcessLookupError):
            os.kill(pid, what)


def opened() -> None:
    """The server was heard again: soon after it lives."""
    until = time.monotonic() + SOON
    while silence.door.shut:
        assert time.monotonic() < until
        time.sleep(0.05)


def place(server: postgres.Server) -> silence.Place:
    return silence.Place(str(server.socket_dir), 5432)


def ask(question: str = "SELECT 1") -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_a_stopped_server_is_noticed_and_then_refused_at_once_until_it_answers(server: postgres.Server) -> None:
    assert ask() == 1
    send(server, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(OperationalError, match="does not answer"):
        ask()
    assert silence.SILENCE < time.monotonic() - began < SOON
    until = time.monotonic() + silence.REST + silence.LOOK + 1
    while time.monotonic() < until:
        connection.close()
        began = time.monotonic()
        with pytest.raises(OperationalError, match="silent a moment ago"):
            ask()
        assert time.monotonic() - began < 0.5, "nobody who asks is the one that waits"
        time.sleep(0.2)
    send(server, signal.SIGCONT)
    opened()
    assert ask() == 1


def test_while_it_is_looked_for_all_else_goes_on(server: postgres.Server) -> None:
    send(server, signal.SIGSTOP)
    looked = threading.Thread(target=silence.look, args=(place(server),))
    looked.start()
    longest, before = 0.0, time.monotonic()
    while looked.is_alive():
        time.sleep(0.01)
        longest, before = max(longest, time.monotonic() - before), time.monotonic()
    assert longest < 1
    assert silence.door.shut


def test_where_nobody_listens_is_no_silence(server: postgres.Server, tmp_path: Path) -> None:
    assert silence.look(place(server))
    assert not silence.look(silence.Place(str(tmp_path), 5432))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        there = silence.Place(*deaf.getsockname())
        assert not silence.look(there)
        assert silence.door.shut
    opened()
    assert not silence.look(there)
    assert not silence.door.shut


def test_a_connection_is_not_waited_for_longer(server: postgres.Server) -> None:
    os.kill(postmaster(server), signal.SIGSTOP)
    connection.close()
    began = time.monotonic()
    with pytest.raises(OperationalError):
        ask()
    assert time.monotonic() - began < SOON
    assert silence.door.shut


def test_a_process_without_descriptors_has_a_database_that_cannot_be_asked(server: postgres.Server,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    def no_descriptor(*given: Any, **named: Any) -> Any:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as without:
        without.setattr(psycopg.waiting, "wait_conn", no_descriptor)
        with pytest.raises(OperationalError, match="Too many open files"):
            connection.ensure_connection()
    with connection.cursor() as cursor:
        setattr(connection.connection, "wait", partial(  # noqa: B010
            base._wait, connection.connection, no_descriptor, lambda: True))
        with pytest.raises(OperationalError, match="Too many open files"):
            cursor.execute("SELECT 1")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_a_slow_answer_of_a_living_server_is_waited_for(server: postgres.Server) -> None:
    began = time.monotonic()
    ask(f"SELECT pg_sleep({silence.SILENCE * 2.5})")
    assert time.monotonic() - began > silence.SILENCE * 2


def test_pages_and_programs_get_503_also_when_nobody_can_tell_who_asks(
        db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(make_person())
    client.raise_request_exception = False

    def gone(*_words: Any, **_named: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    page, call = client.get("/cases/"), client.get("/api/v1/cases/", headers={"Accept": "application/json"})
    assert (page.status_code, call.status_code) == (503, 503)
    assert "The database does not answer" in page.content.decode()
    assert call.json()["code"] == "database_unavailable"
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", lambda _store: 1 / 0)
    assert Client(raise_request_exception=False).get("/cases/").status_code == 302
    assert client.get("/cases/").status_code == 500
