"""script/server as a person runs it: started, killed, started again, with its port taken and its parts given."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from stack import postgres
from stack.processes import MARK

pytestmark = pytest.mark.stack
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180


class Started:
    """One run of script/server; what it prints goes to a file beside the home."""

    def __init__(self, home: Path, *arguments: str, **environment: str) -> None:
        self.home = home
        self.output = home.with_suffix(".output")
        self.output.unlink(missing_ok=True)
        # The settings of the tests are not those of a deployment: only what a shell has is handed on.
        plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with open(self.output, "wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "script" / "server", "--empty", *arguments], stdout=out, stderr=out, cwd="/",
                env=plain | {"CASEWORK_HOME": str(home)} | environment)

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, pattern: str) -> re.Match[str]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := re.search(pattern, self.said()):
                return found
            assert self.process.poll() is None, self.said()
            time.sleep(0.1)
        raise AssertionError(f"never said {pattern!r}:\n{self.said()}")

    def address(self) -> str:
        return self.wait_for(r"Casework is ready: (http://\S+)")[1]

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home that was served from once, at a path with a space in it that is too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="casework-server-") as folder:
        path = Path(folder) / ("a home at the end of a path that is too long for any socket " + "x" * 40)
        first = Started(path)
        first.address()
        assert all(said in first.said() for said in ("Preparing the database", "create_admin"))
        assert first.end() == 0
        yield path
        # A test that failed may have left the server; nothing of this home may outlive the file.
        for pid in working_for(path):
            os.kill(pid, signal.SIGKILL)


def working_for(home: Path) -> list[int]:
    """Every process that carries this home in its environment or command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(home) in told:
                found.append(int(entry.name))
    return found


def marked(home: Path, program: str) -> list[int]:
    return [pid for pid in working_for(home) if program.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]


def status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return int(answer.status)


def database_url(home: Path) -> str:
    lines = dict(line.split("=", 1) for line in (home / "environment").read_text().splitlines() if "=" in line)
    return lines["DATABASE_URL"]


def test_what_it_started_serves_and_ends_with_ctrl_c(home: Path) -> None:
    server = Started(home)
    address = server.address()
    assert status(address + "/readyz") == 200
    assert status(address + "/accounts/login/") == 200
    assert server.end(signal.SIGINT) == 0
    assert working_for(home) == []


def test_secrets_are_readable_by_their_owner_alone(home: Path) -> None:
    assert home.stat().st_mode & 0o777 == 0o700
    kept = [home / "environment", *(home / "keys").iterdir()]
    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []


def test_a_second_start_has_lost_nothing_and_prepares_nothing_again(home: Path) -> None:
    first = Started(home)
    first.address()
    with psycopg.connect(database_url(home)) as connection:
        connection.execute("INSERT INTO django_session VALUES ('kept', 'through a restart', now())")
    assert first.end(signal.SIGTERM) == 0
    second = Started(home)
    assert status(second.address() + "/readyz") == 200
    assert "Preparing" not in second.said()
    assert "Collecting" not in second.said()
    with psycopg.connect(database_url(home)) as connection:
        kept = connection.execute("SELECT session_data FROM django_session WHERE session_key = 'kept'").fetchall()
    assert kept == [("through a restart",)]
    assert second.end() == 0


def test_a_second_server_on_the_same_home_says_so_and_ends(home: Path) -> None:
    first = Started(home)
    address = first.address()
    plain = {"PATH": os.environ["PATH"], "CASEWORK_HOME": str(home)}
    second = subprocess.run([sys.executable, ROOT / "script" / "server"], env=plain, capture_output=True, text=True)
    assert second.returncode == 2
    assert f"already runs on {home}: {address}" in second.stdout
    assert status(address + "/readyz") == 200
    assert first.end() == 0


def test_a_restore_without_the_keys_begins_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    plain = {"PATH": os.environ["PATH"], "CASEWORK_HOME": str(home)}
    done = subprocess.run([sys.executable, ROOT / "script" / "server", "--restore", str(home)], env=plain, text=True,
                          capture_output=True)
    assert done.returncode == 2
    assert f"put the keys of the backup's log in their place first ({home}/keys/log.key" in done.stdout + done.stderr
    assert not home.exists() or not list(home.iterdir())


@pytest.mark.parametrize("part", ["gunicorn", "--concurrency", "--schedule", "redis-server", "postgres"])
def test_a_part_that_dies_is_named_and_started_again(home: Path, part: str) -> None:
    server = Started(home)
    address = server.address()
    before = marked(home, part)
    os.kill(before[0], signal.SIGKILL)
    server.wait_for("started again")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and (not answers(address) or not set(marked(home, part)) - set(before)):
        time.sleep(0.2)
    assert answers(address), server.said()
    assert server.end() == 0
    assert working_for(home) == []


def answers(address: str) -> bool:
    try:
        return status(address + "/readyz") == 200
    except OSError:
        return False


def test_after_the_supervisor_was_killed_the_next_start_clears_up_and_serves(home: Path) -> None:
    killed = Started(home)
    killed.address()
    killed.end(signal.SIGKILL)
    server = Started(home)
    assert status(server.address() + "/readyz") == 200
    assert len(marked(home, "--schedule")) == 1
    assert server.end() == 0
    assert working_for(home) == []


def test_a_taken_port_is_said_and_another_taken_unless_one_was_asked_for(home: Path) -> None:
    with closing(socket.socket()) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = Started(home, "--port", str(port))
        assert refused.process.wait(PATIENCE) == 2
        assert f"Port {port} cannot be had" in refused.said()
    with closing(socket.socket()) as usual:
        usual.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            usual.bind(("127.0.0.1", 8000))
            usual.listen()
        except OSError:
            pass  # Somebody else has it, which serves as well.
        server = Started(home)
        address = server.address()
        assert "Port 8000 is taken" in server.said()
        assert not address.endswith(":8000")
        assert status(address + "/readyz") == 200
        assert server.end() == 0
    asked = Started(home, "--port", str(port))
    assert asked.address().endswith(f":{port}")
    assert asked.end() == 0


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_database_that_could_lose_what_was_committed_is_refused_at_every_start(home: Path, setting: str) -> None:
    cluster = postgres.start(home)
    postgres.execute(cluster, f"ALTER SYSTEM SET {setting} = off")
    postgres.stop(cluster)
    try:
        refused = Started(home)
        assert refused.process.wait(PATIENCE) == 2
        assert f"PostgreSQL's {setting} is off" in refused.said()
        assert working_for(home) == []
    finally:
        cluster = postgres.start(home)
        postgres.execute(cluster, f"ALTER SYSTEM RESET {setting}")
        postgres.stop(cluster)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[postgres.Server]:
    """A database server that script/server did not start. Durable: the product refuses the tests' own, which is not."""
    server = postgres.start(tmp_path / "elsewhere")
    yield server
    postgres.stop(server)


def test_given_urls_switch_the_embedded_parts_off(home: Path, tmp_path: Path, elsewhere: postgres.Server) -> None:
    given = {"DATABASE_URL": elsewhere.url(postgres.APP_ROLE), "BROKER_URL": "memory://",
             "DATABASE_OWNER_URL": elsewhere.url(postgres.OWNER_ROLE), "STATIC_ROOT": str(home / "static"),
             "STORAGE_URL": f"file://{tmp_path}/store", "ARCHIVE_URL": f"file://{tmp_path}/archive"}
    other = tmp_path / "other"
    server = Started(other, **given)
    assert status(server.address() + "/readyz") == 200
    assert not (other / "postgres").exists()
    assert not (other / "redis").exists()
    web = Path(f"/proc/{marked(other, 'gunicorn')[0]}/environ").read_text().split("\0")
    assert f"{MARK}={other}" in web
    assert not any(line.startswith("DATABASE_OWNER_URL") for line in web)
    assert server.end() == 0


def test_the_owner_of_the_tables_is_refused_as_the_application(tmp_path: Path) -> None:
    owner = "postgresql://same:secret@localhost/casework"
    server = Started(tmp_path / "home", DATABASE_URL=owner, DATABASE_OWNER_URL=owner, BROKER_URL="memory://")
    assert server.process.wait(PATIENCE) == 2
    assert "must not be able to change the log" in server.said()


def test_an_ordinary_user_can_run_it(tmp_path: Path) -> None:
    become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    probe = [*become, "setpriv", "--pdeathsig", "TERM", sys.executable, str(ROOT / "script" / "server"), "--help"]
    if os.geteuid() or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("needs root to become another user, and an interpreter and a project that this user can read")
    folder = Path(tempfile.mkdtemp(prefix="casework-nobody-"))
    os.chown(folder, 65534, 65534)
    try:
        with open(folder / "output", "wb") as out:
            server = subprocess.Popen(
                [*become, sys.executable, ROOT / "script" / "server", "--empty"], stdout=out, stderr=out, cwd="/",
                env={"PATH": os.environ["PATH"], "HOME": str(folder), "CASEWORK_HOME": str(folder / "home")})
        until = time.monotonic() + PATIENCE
        while b"Casework is ready" not in (folder / "output").read_bytes():
            assert server.poll() is None and time.monotonic() < until, (folder / "output").read_text()
            time.sleep(0.2)
        server.send_signal(signal.SIGINT)
        assert server.wait(PATIENCE) == 0
        assert working_for(folder / "home") == []
    finally:
        shutil.rmtree(folder)
