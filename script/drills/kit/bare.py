"""A vault without its processes: PostgreSQL, a migrated database and Django in this process, in a home that goes."""

import importlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from stack import postgres
from stack.install import ROOT, say

# What an operator's shell may hold must not reach the home of a drill.
OWN = ("SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_APP_ROLE", "STORAGE_URL", "ARCHIVE_URL",
       "BROKER_URL", "BASE_URL", "DJANGO_SETTINGS_MODULE", "CASEWORK_HOME", "SIGNING_KEY", "PDF_SIGNING_KEY",
       "PDF_SIGNING_PASSPHRASE", "STATIC_ROOT", "UPLOAD_TEMP_DIR", "CASEWORK_DEMO", "EMAIL_URL", "TSA_URLS")


def run(module: str, *arguments: Any) -> int:
    """Start PostgreSQL in a fresh home, migrate, and answer what `module`.run(server, *arguments) answers."""
    signal.signal(signal.SIGTERM, _leave)
    home = Path(tempfile.mkdtemp(prefix="casework-drill-"))
    server = postgres.Server(home)
    try:
        server = postgres.start(home)
        # Nobody pulls a plug in these drills, and a copy of a database is made for every fault.
        postgres.execute(server, "ALTER SYSTEM SET fsync = off")
        postgres.execute(server, "SELECT pg_reload_conf()")
        _settle(home, server)
        _migrate(server)
        ready: Callable[..., int] = importlib.import_module(module).run
        return ready(server, *arguments)
    finally:
        postgres.stop(server)
        shutil.rmtree(home, ignore_errors=True)


def copy(server: postgres.Server, source: str, target: str) -> None:
    """`target` becomes a copy of the database `source`, to which nobody may be connected."""
    drop(server, target)
    postgres.execute(server, f"CREATE DATABASE {target} TEMPLATE {source} OWNER {postgres.OWNER_ROLE} "
                             "STRATEGY FILE_COPY")


def drop(server: postgres.Server, name: str) -> None:
    postgres.execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


def _settle(home: Path, server: postgres.Server) -> None:
    for name in OWN:
        os.environ.pop(name, None)
    os.environ |= {
        "CASEWORK_HOME": str(home), "SECRET_KEY": "drills only", "DATABASE_URL": server.url(postgres.APP_ROLE),
        "STORAGE_URL": f"file://{home}/store", "ARCHIVE_URL": f"file://{home}/archive", "BROKER_URL": "memory://",
        "PDF_SIGNING_PASSPHRASE": "drills only", "DJANGO_SETTINGS_MODULE": "casework.settings"}
    (home / "incoming").mkdir()
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.conf import settings

    # Argon2 is slow on purpose; nobody attacks the passwords of a drill's people.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LOGGING_CONFIG = None


def _migrate(server: postgres.Server) -> None:
    """As the owner of the tables; everything after it goes as the application's role."""
    from django.core.management import call_command
    from django.db import connection

    say("Preparing a vault …")
    mine = dict(connection.settings_dict)
    connection.settings_dict |= {"USER": postgres.OWNER_ROLE, "PASSWORD": server.password(postgres.OWNER_ROLE)}
    call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict |= mine
