"""A log to throw away: PostgreSQL, the product's settings and a signing key in a folder of its own."""

import os
import secrets
import sys
from pathlib import Path

from stack import postgres

ROOT = Path(__file__).resolve().parents[2]


class Log:
    """Migrated and empty. The process that makes one is the application from then on: one for each process."""

    def __init__(self, folder: Path, origin: str, **settings: str):
        self._server = postgres.start(folder)
        postgres.execute(self._server, "ALTER SYSTEM SET fsync = off")
        postgres.execute(self._server, "SELECT pg_reload_conf()")
        sys.path[:0] = [str(ROOT)]
        os.environ |= {
            "CASEWORK_HOME": str(folder), "SECRET_KEY": secrets.token_hex(32), "BROKER_URL": "memory://",
            "DATABASE_URL": self._server.url(postgres.APP_ROLE), "STORAGE_URL": f"file://{folder}/store",
            "ARCHIVE_URL": f"file://{folder}/archive", "SIGNING_KEY": str(folder / "log.key"),
            "DJANGO_SETTINGS_MODULE": "casework.settings", **settings}
        (folder / "incoming").mkdir()
        self._set_up()
        from evidence.custody import signer

        self.vkey = str(signer.make_key(folder / "log.key", origin))

    def grow(self, entries: int) -> str:
        """Record so many entries, give them their places, sign; the new checkpoint's note."""
        from evidence.custody import checkpoints, sequencer, services
        from evidence.custody.kinds import Kind

        for number in range(entries):
            services.record(Kind.ACCESS, subject=f"drill/{number}", context="drill/throwaway", agent=services.SYSTEM,
                            detail={"number": number})
        while sequencer.sequence():
            pass
        made = checkpoints.sign_checkpoint()
        assert made is not None
        return str(made.note)

    def copy(self, name: str) -> None:
        """Keep the database as it is now under another name."""
        self._let_go()
        postgres.execute(self._server, f"CREATE DATABASE {name} TEMPLATE {postgres.DATABASE}")

    def put_back(self, name: str) -> None:
        """What a restored backup is: the database as it was when it was copied."""
        self._let_go()
        postgres.execute(self._server, f"DROP DATABASE {postgres.DATABASE} WITH (FORCE)")
        postgres.execute(self._server, f"CREATE DATABASE {postgres.DATABASE} TEMPLATE {name} "
                                       f"OWNER {postgres.OWNER_ROLE}")

    def end(self) -> None:
        self._let_go()
        postgres.stop(self._server)

    def _set_up(self) -> None:
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        mine = dict(connection.settings_dict)
        connection.settings_dict |= {"USER": postgres.OWNER_ROLE,
                                     "PASSWORD": self._server.password(postgres.OWNER_ROLE)}
        call_command("migrate", verbosity=0)
        connection.close()
        connection.settings_dict |= mine

    def _let_go(self) -> None:
        from django.db import connections

        connections.close_all()
