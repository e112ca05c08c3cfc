"""One real PostgreSQL for each test process, migrated once by the owner role; tests run as the application's role.

`db` rolls back. `real_db` commits: it gets a fresh copy of the migrated template and is for what happens after
commit, in other processes or in several connections."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from stack import postgres

HOME = Path(tempfile.mkdtemp(prefix="casework-test-"))
SERVER = postgres.start(HOME)
postgres.execute(SERVER, "ALTER SYSTEM SET fsync = off")
# Nearly all that tests write is rolled back. A vacuum between two of them would leave behind that these pages hold no
# rows, and the planner would believe it of the next test's thousands: queries then take minutes. Copies are made.
postgres.execute(SERVER, "ALTER SYSTEM SET autovacuum = off")
postgres.execute(SERVER, "SELECT pg_reload_conf()")

os.environ |= {
    "CASEWORK_HOME": str(HOME), "SECRET_KEY": "tests only", "DATABASE_URL": SERVER.url(postgres.APP_ROLE),
    "STORAGE_URL": f"file://{HOME}/store", "ARCHIVE_URL": f"file://{HOME}/archive", "BROKER_URL": "memory://",
    "BASE_URL": "http://testserver", "DJANGO_SETTINGS_MODULE": "casework.settings",
}
(HOME / "incoming").mkdir()
(HOME / "static").mkdir()
# Test modules import models, so Django must be up before pytest collects them.
django.setup()
# A parallel test process inherits the environment, and pytest-django would read settings from it before this file.
del os.environ["DJANGO_SETTINGS_MODULE"]
# Argon2 is slow on purpose; a cast of nine people in every test would pay for it nine times.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages link to files by their plain names here: nobody collects static files for a test.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

TEMPLATE = "casework_template"
# Bytes of rows that were rolled back, from which on a database is replaced.
WASTE = 50_000_000


def pytest_sessionfinish(session: pytest.Session) -> None:
    postgres.stop(SERVER)
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    """Migrate as the owner, keep the result as a template, hand the tests a copy of it as the application's role."""
    from django.core.management import call_command
    from django.db import connections

    connection = connections["default"]
    mine = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        postgres.execute(SERVER, f"CREATE DATABASE {TEMPLATE} OWNER {postgres.OWNER_ROLE}")
        connection.settings_dict |= {"NAME": TEMPLATE, "USER": postgres.OWNER_ROLE,
                                     "PASSWORD": SERVER.password(postgres.OWNER_ROLE)}
        call_command("migrate", verbosity=0)
        connection.close()
        connection.settings_dict |= mine
    _fresh_copy()


@pytest.fixture(autouse=True)
def fresh_signer() -> None:
    """Each test begins with an empty log, and with a signer that has signed nothing yet."""
    from tests.factories import forget_what_was_signed

    forget_what_was_signed()


@pytest.fixture(scope="module", autouse=True)
def fresh_store() -> None:
    """Each module begins with empty storages: what another one damaged on purpose must not meet the same bytes here."""
    for name in ("store", "archive"):
        for path in (HOME / name).rglob("*"):
            if path.is_file():
                path.unlink()


@pytest.fixture(scope="module", autouse=True)
def small_database() -> None:
    """Rows that were rolled back stay in the way of every scan, until a module finds too many."""
    from django.db import connections

    sizes = dict(line.split("|") for line in postgres.execute(
        SERVER, "SELECT datname, pg_database_size(oid) FROM pg_database").splitlines())
    if int(sizes.get(postgres.DATABASE, 0)) > int(sizes.get(TEMPLATE, 0)) + WASTE:
        connections.close_all()
        _fresh_copy()


@pytest.fixture
def nobody_woken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if no process of this machine had sent a message yet."""
    monkeypatch.setattr("evidence.wake._starts", {})
    monkeypatch.setattr("evidence.wake._folder", lambda: str(tmp_path / "woken"))


@pytest.fixture
def real_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own in which commits happen; replaced by a fresh copy afterwards."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()
    _fresh_copy()


def _fresh_copy() -> None:
    postgres.execute(SERVER, f"DROP DATABASE IF EXISTS {postgres.DATABASE} WITH (FORCE)")
    postgres.execute(SERVER, f"CREATE DATABASE {postgres.DATABASE} TEMPLATE {TEMPLATE} OWNER {postgres.OWNER_ROLE} "
                             "STRATEGY FILE_COPY")
