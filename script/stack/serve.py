"""script/server: start every part, say when it is ready and how to sign in, keep it running, end all of it."""

import argparse
import hashlib
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from stack import environment, postgres, redis
from stack.environment import Home, Refused
from stack.install import ROOT, say
from stack.options import restoring
from stack.processes import MARK, Child, end_all, end_leftovers, run_to_end
from stack.ready import answers

FIRST_PORT = 8000
PATIENCE = 12.0
LONGEST_START = 120.0


class Stop(Exception):
    """A signal asked to end."""


def main(options: argparse.Namespace) -> int:
    os.umask(0o077)
    stack = Stack(Home(Path(os.environ.get("CASEWORK_HOME") or ROOT / ".casework").absolute()))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stack.on_signal)
    try:
        stack.run(options)
    except Stop:
        return 0
    except Refused as refusal:
        say(str(refusal))
        return 2
    except RuntimeError as failure:
        say(str(failure))
        return 1
    finally:
        stack.end()
    return 0


class Stack:
    """The parts of one machine, in the order in which they need each other."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.asked_to_end = 0
        self.listener: socket.socket | None = None
        self.database: postgres.Server | None = None
        self.database_again_at = 0.0
        self.brokers: list[Child] = []
        self.children: list[Child] = []
        self.values: dict[str, str] = {}

    def on_signal(self, number: int, frame: object) -> None:
        self.asked_to_end += 1

    def run(self, options: argparse.Namespace) -> None:
        environment.read_secret_files()
        self.home.open()
        if end_leftovers(self.home.path):
            say("Ended what an earlier server had left behind.")
        self.listener = listen(options.port)
        address = f"http://localhost:{self.listener.getsockname()[1]}"
        if self.home.recall("demo") is None:
            self.home.remember("demo", not options.empty and options.restore is None)
        embedded = self._embedded_servers()
        self.values = environment.settings(self.home, embedded, address)
        self.home.write_environment(self.values)
        owner = environment.owner_url(embedded)
        self._prepare(owner)
        if words := restoring(options):
            # Before a worker looks: to the signer an empty database is a log that was taken away.
            self._manage("Restoring", *words, tell=say, **({"DATABASE_OWNER_URL": owner} if owner else {}))
        self._start_web()
        self._wait_until_ready()
        self._start_background()
        self._demo()
        self.home.remember("address", self.values["BASE_URL"])
        self._announce()
        self._watch()

    def _embedded_servers(self) -> dict[str, str]:
        """Start what was not given by URL; returns the URLs of what was started."""
        given: dict[str, str] = {}
        if not os.environ.get("BROKER_URL"):
            password = self.home.secret("redis-password")
            command = redis.command(self.home.path, password)
            self.brokers.append(self._child("redis", command))
            self.brokers[0].start()
            given["BROKER_URL"] = redis.url(self.home.path, password)
        if not os.environ.get("DATABASE_URL"):
            say("Starting PostgreSQL …")
            self.database = postgres.Server(self.home.path)
            self.database = postgres.start(self.home.path)
            if found := postgres.unsafe(self.database):
                raise Refused(f"PostgreSQL's {' and '.join(found)} is off: committed evidence could be lost. "
                              "Turn it on again (ALTER SYSTEM RESET, pg_checksums --enable), then start.")
            given["DATABASE_URL"] = self.database.url(postgres.APP_ROLE)
            given["DATABASE_OWNER_URL"] = self.database.url(postgres.OWNER_ROLE)
        return given

    def _prepare(self, owner: str | None) -> None:
        """Migrate as the owner, make the keys, collect static files: each only when something changed."""
        self._check()
        tables = fingerprint(ROOT.glob("*/migrations/*.py"), self.values["DATABASE_APP_ROLE"],
                             self.values["DATABASE_ERASER_ROLE"])
        # Another's database may be restored behind our back: there the question is asked at every start.
        if self.database is None or self._kept("migrated") != tables:
            if owner is None:
                self._manage("Checking the database", "migrate", "--check")
            else:
                self._manage("Preparing the database", "migrate", "--no-input", DATABASE_URL=owner)
            self._keep("migrated", tables)
        if not Path(self.values["SIGNING_KEY"]).exists():
            # The name stands in every checkpoint: no two logs may share one.
            name = f"{urlsplit(self.values['BASE_URL']).hostname}/log/{secrets.token_hex(4)}"
            self._manage("Making the log's key", "log_key", "--name", name)
        if not Path(self.values["PDF_SIGNING_KEY"]).exists():
            self._manage("Making the key that signs PDFs", "pdf_key")
        files = fingerprint((ROOT / "static").rglob("*"), (ROOT / "requirements.txt").read_text())
        collected = Path(self.values["STATIC_ROOT"]) / "collected-from"
        if not collected.exists() or collected.read_text() != files:
            # Redoc and REST framework's own pages are not served here.
            self._manage("Collecting static files", "collectstatic", "--no-input", "--clear", "--verbosity", "0",
                         "--ignore", "redoc", "--ignore", "rest_framework")
            collected.write_text(files)

    def _kept(self, name: str) -> str:
        """What was noted beside the database, so that it goes when the database goes."""
        path = self.home.path / "postgres" / name
        return path.read_text() if path.exists() else ""

    def _keep(self, name: str, value: str) -> None:
        if self.database is not None:
            (self.home.path / "postgres" / name).write_text(value)

    def _manage(self, doing: str, *arguments: str, tell: Callable[[str], None] | None = None, **changed: str) -> None:
        """Run one management command to its end, ready to stop at a signal; RuntimeError with its last words."""
        say(f"{doing} …")
        command = self._child(arguments[0], [sys.executable, str(ROOT / "manage.py"), *arguments])
        command.environment |= changed
        if run_to_end(command, self._check, tell):
            raise RuntimeError(f"{doing} failed. The whole of it is in {command.log}"
                               + (f":\n{command.last_words()}" if tell is None else ""))

    def _start_web(self) -> None:
        self._check()
        assert self.listener is not None
        web = self._child("web", gunicorn(self.listener.fileno(), str(self.home.path / "run")))
        web.inherited = (self.listener.fileno(),)
        self.children.append(web)
        web.start()

    def _start_background(self) -> None:
        """Once pages are served: on a small machine the three would only hold each other up."""
        celery = [sys.executable, "-m", "celery", "--workdir", str(ROOT), "--app", "casework", "--quiet"]
        worker = self._child("worker", [
            *celery, "worker", "--pool", "prefork", "--concurrency", "2", "--hostname", "casework@localhost",
            "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"])
        imports = self._child("imports", [
            *celery, "worker", "--pool", "prefork", "--concurrency", "1", "--hostname", "imports@localhost",
            "--queues", "imports", "--without-gossip", "--without-mingle", "--without-heartbeat",
            "--loglevel", "WARNING"])
        scheduler = self._child("scheduler", [
            *celery, "beat", "--schedule", str(self.home.path / "run" / "schedule"), "--pidfile", "",
            "--loglevel", "WARNING"])
        for child in (worker, imports, scheduler):
            self.children.append(child)
            child.start()

    def _child(self, name: str, command: list[str]) -> Child:
        return Child(name, command, self._environment(), self.home.path / "log" / f"{name}.log")

    def _environment(self) -> dict[str, str]:
        """Ours with the settings in it; the owner's URL stays here, it is for migrations alone."""
        ours = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        return ours | self.values | {MARK: str(self.home.path), "DJANGO_SETTINGS_MODULE": "casework.settings",
                                     "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONUTF8": "1"}

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + LONGEST_START
        while not answers(self.listener, self.values["BASE_URL"]):
            self._check()
            for child in self.brokers + self.children:
                if not child.alive():
                    raise RuntimeError(f"{child.name} does not start. Its log is {child.log}:\n{child.last_words()}")
            if time.monotonic() > until:
                raise RuntimeError(f"No answer after {LONGEST_START:.0f} s. The logs are in {self.home.path / 'log'}.")
            time.sleep(0.05)

    def _demo(self) -> None:
        """Fill the demo case on the first start, and keep what it prints about its people: address and role."""
        if self.home.recall("demo") is True:
            people: list[str] = []
            self._manage("Making the demo case: a minute or two", "demo",
                         tell=lambda line: people.append(line) if "@" in line else say(line))
            self.home.remember("demo", people)

    def _announce(self) -> None:
        say(f"\nCasework is ready: {self.values['BASE_URL']}\n")
        password = self.home.path / "demo-password"
        if password.exists():
            say(f"Sign in as one of the demo's invented people, each with the password {password.read_text()}")
            for line in self.home.recall("demo") or []:
                say(f"    {line}")
        else:
            say("Make the first administrator in another terminal: python3 manage.py create_admin you@example.org")
        say(f"\nEverything is kept in {self.home.path}. Ctrl-C stops it; the data stays.")

    def _watch(self) -> None:
        while True:
            self._check()
            for child in self.brokers + self.children:
                if news := child.look_after():
                    say(news)
            self._look_after_database()
            time.sleep(0.2)

    def _look_after_database(self) -> None:
        if self.database is None or postgres.is_running(self.database) or time.monotonic() < self.database_again_at:
            return
        self.database_again_at = time.monotonic() + 5.0
        say("PostgreSQL ended; it is started again.")
        try:
            postgres.start(self.home.path)
        except RuntimeError as failure:
            say(str(failure))

    def _check(self) -> None:
        if self.asked_to_end:
            raise Stop

    def end(self) -> None:
        """End what was started, last started first. A second signal does not wait."""
        if not (self.children or self.brokers or self.database):
            return
        say("\nStopping …")
        end_all(self.children, PATIENCE)
        end_all(self.brokers, PATIENCE)
        if self.database is not None:
            postgres.stop(self.database)
        end_leftovers(self.home.path, patience=1.0)
        say("Stopped. The data stays.")


def listen(wanted: int | None) -> socket.socket:
    """The socket that the web process will answer on. It is ours from here on: nothing can take the port between."""
    for port in [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + 100):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(2048)
        except (OSError, OverflowError) as error:
            listener.close()
            if wanted:
                raise Refused(f"Port {wanted} cannot be had: {getattr(error, 'strerror', error)}.") from None
            say(f"Port {port} is taken; trying the next.")
        else:
            return listener
    raise Refused(f"No port is free from {FIRST_PORT} to {FIRST_PORT + 99}.")


def gunicorn(listener: int, scratch: str) -> list[str]:
    """The web process on an open socket; `scratch` is where its heartbeat files go without /dev/shm."""
    if os.access("/dev/shm", os.W_OK):
        scratch = "/dev/shm"
    return [sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), "--bind", f"fd://{listener}", "--preload",
            "--worker-class", "casework.serving.Worker", "--workers", "2", "--threads", "8", "--worker-tmp-dir",
            scratch, "--timeout", "120", "--graceful-timeout", "10", "--no-control-socket", "casework.wsgi:application"]


def fingerprint(paths: Iterator[Path], *more: str) -> str:
    """One hash over names and content."""
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
