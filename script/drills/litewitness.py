"""FiloSottile's litewitness, a witness that shares nothing with ours: built from its Go module, run on loopback.

It comes once, by the pinned version, into CASEWORK_HOME/judges. Go holds every module of it to the public checksum
database, and the version and hash that the program carries are held to the pin at each run."""

import base64
import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from drills.judge_pdf import CACHE

MODULE, VERSION = "filippo.io/torchwood", "v0.10.0"
SUM = "h1:zgBIImawK53X7lM0qHKcjn0pbDtFLqU04NU9qDvBnjs="
PROGRAM = CACHE / "bin" / "litewitness"
NEEDED = ("go", "ssh-agent", "ssh-add", "ssh-keygen")
NAME = "witness.example/drill"
PATIENCE = 20.0


class Witness:
    """A running one. `vkey` is its verifier key, `url` its submission prefix."""

    def __init__(self, folder: Path, vkey: str, url: str):
        self._folder, self.vkey, self.url = folder, vkey, url

    def know(self, origin: str, vkey: str) -> None:
        """Let it watch this log from now on: what its operator does with its `witnessctl`."""
        with closing(sqlite3.connect(self._folder / "witness.db")) as book, book:
            book.execute("INSERT INTO log (origin, tree_size, tree_hash) VALUES (?, 0, ?)",
                         [origin, base64.b64encode(hashlib.sha256(b"").digest()).decode()])
            book.execute("INSERT INTO key (origin, key) VALUES (?, ?)", [origin, vkey])

    def known_size(self, origin: str) -> int:
        """The largest checkpoint of the log that it has cosigned, by its own book."""
        with closing(sqlite3.connect(self._folder / "witness.db")) as book:
            return int(book.execute("SELECT tree_size FROM log WHERE origin = ?", [origin]).fetchone()[0])


def fetch() -> None:
    """Build the program unless it is there, and stop unless it is the one we know."""
    if missing := [program for program in NEEDED if shutil.which(program) is None]:
        raise SystemExit(f"judges witness needs {', '.join(missing)} on the path")
    if not PROGRAM.exists():
        print(f"building {MODULE} {VERSION}; the first time this takes a minute or two …", flush=True)
        # Nothing is left outside the cache; a newer Go that the module asks for comes the same way, verified too.
        _run("go", "install", f"{MODULE}/cmd/{PROGRAM.name}@{VERSION}", GOPATH=str(CACHE / "go"),
             GOBIN=str(PROGRAM.parent), GOTOOLCHAIN="auto", GOWORK="off", GOFLAGS="-modcacherw",
             GOSUMDB="sum.golang.org", GONOSUMDB="", GOPRIVATE="", GOINSECURE="")
    told = _run("go", "version", "-m", str(PROGRAM)).split()
    if (MODULE, VERSION, SUM) not in zip(told, told[1:], told[2:], strict=False):
        raise SystemExit(f"{PROGRAM} is not {MODULE} {VERSION} {SUM}; delete it to build it again")


@contextmanager
def running(folder: Path) -> Iterator[Witness]:
    """One with a key of its own, in `folder`; it ends with the block."""
    key, agent_socket = folder / "witness.pem", folder / "agent"
    _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "drill", "-f", str(key))
    fingerprint = _run("ssh-keygen", "-l", "-f", str(key)).split()[1]
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(agent_socket)], stdout=subprocess.DEVNULL)
    port, log, program = _free_port(), folder / "witness.log", None
    try:
        _until(agent_socket.exists, "ssh-agent")
        _run("ssh-add", "-q", str(key), SSH_AUTH_SOCK=str(agent_socket))
        with log.open("wb") as out:
            program = subprocess.Popen(
                [str(PROGRAM), "-db", str(folder / "witness.db"), "-name", NAME, "-key", fingerprint,
                 "-ssh-agent", str(agent_socket), "-listen", f"127.0.0.1:{port}", "-obscurity"],
                stdout=out, stderr=out)
        _until(lambda: _answers(port), f"litewitness (its log is {log})")
        yield Witness(folder, _vkey(key.with_suffix(".pem.pub")), f"http://127.0.0.1:{port}")
    finally:
        for process in (program, agent):
            if process is not None:
                process.terminate()
                process.wait(10)


def _vkey(public: Path) -> str:
    """The key of an OpenSSH file as a C2SP verifier key for cosignatures: the last 32 bytes are Ed25519's."""
    material = b"\x04" + base64.b64decode(public.read_text().split()[1])[-32:]
    key_id = hashlib.sha256(NAME.encode() + b"\n" + material).digest()[:4]
    return f"{NAME}+{key_id.hex()}+{base64.b64encode(material).decode()}"


def _run(*command: str, **environment: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:2])} failed: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(there: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not there():
        if time.monotonic() > until:
            raise SystemExit(f"{what} does not start")
        time.sleep(0.05)
