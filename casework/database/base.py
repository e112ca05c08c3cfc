"""The backend that settings name as `casework.database`."""

from functools import partial
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from casework.database import silence


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's own; no connection is asked of, and no question put to, a server that is silent."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        silence.door.enter()
        try:
            connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            if host := conn_params.get("host"):
                silence.door.silent(silence.Place(host, int(conn_params.get("port") or 5432)))
            raise
        except OSError as error:
            raise _unreachable(error) from error
        lives = partial(silence.look, silence.Place(connection.info.host, connection.info.port))
        # psycopg offers no other place: every question of the connection goes through this method.
        setattr(connection, "wait", partial(_wait, connection, connection.wait, lives))  # noqa: B010
        return connection


def _wait(connection: psycopg.Connection[Any], wait: Any, lives: Any, questions: Any, *more: Any, **named: Any) -> Any:
    try:
        return wait(silence.watched(questions, lives), *more, **named)
    except silence.Silent:
        # What was asked may still be answered to nobody: nothing else may be asked on this connection.
        connection.pgconn.finish()
        raise
    except OSError as error:
        connection.pgconn.finish()
        raise _unreachable(error) from error


def _unreachable(error: OSError) -> psycopg.OperationalError:
    """Waiting for the server takes a descriptor, and this process may have none left: to whoever asks, a database that
    cannot be asked."""
    return psycopg.OperationalError(f"the server cannot be waited for: {error.strerror or error}")
