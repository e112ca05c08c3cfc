"""The embedded Redis: the broker's messages in memory, on a socket that only this user opens, with a password.

Nothing is written to disk: a message is only a wake-up, and the sweep finds what a lost one would have woken."""

import os
import sys
from pathlib import Path
from urllib.parse import quote

from stack import sockets


def command(home: Path, password: str) -> list[str]:
    """Write the configuration (mode 0600) and return what starts the server in the foreground."""
    folder = _socket(home).parent
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    conf = home / "redis" / "redis.conf"
    with os.fdopen(os.open(conf, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        # A changed process title would hide the environment by which script/server knows its own.
        out.write(f"port 0\nunixsocket {_socket(home)}\nunixsocketperm 700\nrequirepass {password}\n"
                  f'dir "{folder}"\nsave ""\nappendonly no\ndaemonize no\nset-proc-title no\n')
    return [str(Path(sys.prefix) / "bin" / "redis-server"), str(conf)]


def url(home: Path, password: str) -> str:
    """The broker URL as Celery reads it."""
    return f"redis+socket://:{password}@{quote(str(_socket(home)))}?virtual_host=0"


def _socket(home: Path) -> Path:
    return sockets.folder(home / "redis", {os.geteuid()}) / "redis.sock"
