"""A real S3 server with Object Lock on this machine: one Ceph monitor, one OSD in memory, one RADOS gateway.

Needs Debian's ceph-mon, ceph-osd and radosgw. Everything it keeps goes with the process that started it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
PATIENCE = 90
_CONF = """
[global]
fsid = {fsid}
mon_host = [v2:127.0.0.1:{mon}/0,v1:127.0.0.1:{old_mon}/0]
public_addr = 127.0.0.1
keyring = {home}/keyring
run_dir = {home}/run
admin_socket = {home}/run/$name.asok
log_file = {home}/log/$name.log
pid_file = {home}/run/$name.pid
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
[mon]
mon_data = {home}/mon
mon_initial_members = a
mon_data_avail_crit = 1
[osd]
osd_data = {home}/osd
keyring = {home}/osd/keyring
osd_objectstore = memstore
memstore_device_bytes = 2147483648
osd_memory_target = 939524096
[client.rgw.a]
rgw_data = {home}/rgw
rgw_frontends = beast endpoint=127.0.0.1:{rgw}
rgw_crypt_require_ssl = false
"""


@dataclass(frozen=True)
class User:
    """Keys of one user of the gateway, and the name by which policies know it."""

    name: str
    access: str
    secret: str

    @property
    def principal(self) -> str:
        return f"arn:aws:iam:::user/{self.name}"


@dataclass(frozen=True)
class Gateway:
    """`owner` makes buckets; `program` is what Casework signs in as."""

    address: str
    owner: User
    program: User


def missing() -> str:
    """Which programs are not there, and how to get them; empty when all are."""
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    packages = "apt-get install --no-install-recommends ceph-mon ceph-osd radosgw"
    return f"{', '.join(absent)} ({packages})" if absent else ""


@contextmanager
def serving() -> Iterator[Gateway]:
    """A gateway that is up, with two users; gone at the end, whatever happens."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # The paths of Ceph's sockets are short or it does not start.
    home = Path(tempfile.mkdtemp(prefix="casework-rgw-", dir="/tmp"))
    cluster = _Cluster(home)
    try:
        yield cluster.start()
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


class _Cluster:
    def __init__(self, home: Path):
        self._home = home
        self._conf = home / "ceph.conf"
        self._mon, self._old_mon, self._rgw = _free_ports(3)
        self._daemons: list[subprocess.Popen[bytes]] = []

    def start(self) -> Gateway:
        for name in ("mon", "osd", "rgw", "run", "log"):
            (self._home / name).mkdir()
        fsid = str(uuid.uuid4())
        self._conf.write_text(_CONF.format(home=self._home, fsid=fsid, mon=self._mon, old_mon=self._old_mon,
                                           rgw=self._rgw))
        self._monitor(fsid)
        self._osd()
        self._daemon("radosgw", "-n", "client.rgw.a")
        address = f"http://127.0.0.1:{self._rgw}"
        _until(lambda: _answers(address), "the gateway does not answer")
        return Gateway(address, self._user("owner"), self._user("program"))

    def stop(self) -> None:
        for daemon in reversed(self._daemons):
            daemon.send_signal(signal.SIGKILL)
            daemon.wait()

    def _monitor(self, fsid: str) -> None:
        keys, caps = self._home / "keyring", ("--gen-key", "-n")
        self._run("ceph-authtool", "-C", keys, *caps, "mon.", "--cap", "mon", "allow *")
        self._run("ceph-authtool", keys, *caps, "client.admin", "--cap", "mon", "allow *", "--cap", "osd", "allow *",
                  "--cap", "mgr", "allow *")
        self._run("ceph-authtool", keys, *caps, "client.rgw.a", "--cap", "mon", "allow rwx", "--cap", "osd",
                  "allow rwx")
        places = f"[v2:127.0.0.1:{self._mon},v1:127.0.0.1:{self._old_mon}]"
        self._run("monmaptool", "--create", "--addv", "a", places, "--fsid", fsid, self._home / "monmap")
        self._run("ceph-mon", "-i", "a", "--mkfs", "--monmap", self._home / "monmap", "--keyring", keys)
        self._daemon("ceph-mon", "-i", "a")

    def _osd(self) -> None:
        name, key = str(uuid.uuid4()), self._run("ceph-authtool", "--gen-print-key").strip()
        _until(lambda: bool(self._run("ceph", "mon", "stat", check=False)), "the monitor does not answer")
        number = self._run("ceph", "osd", "new", name, "-i", "-", given=json.dumps({"cephx_secret": key})).strip()
        self._run("ceph-authtool", "-C", self._home / "osd" / "keyring", "-n", f"osd.{number}", "--add-key", key)
        self._run("ceph-osd", "-i", number, "--mkfs", "--osd-uuid", name)
        self._run("ceph", "osd", "crush", "add", f"osd.{number}", "1.0", "host=h", "root=default")
        self._daemon("ceph-osd", "-i", number)
        _until(lambda: "1 up" in self._run("ceph", "osd", "stat", check=False), "the OSD is not up")

    def _user(self, name: str) -> User:
        user = User(name, f"{name}key", uuid.uuid4().hex)
        self._run("radosgw-admin", "user", "create", f"--uid={name}", f"--display-name={name}",
                  f"--access-key={user.access}", f"--secret-key={user.secret}")
        return user

    def _daemon(self, program: str, *words: str) -> None:
        # In the foreground, so that it is a child of ours; as whoever starts it, so that it may write here.
        with open(self._home / "log" / f"{program}.out", "wb") as out:
            self._daemons.append(subprocess.Popen([program, "-c", str(self._conf), "-f", *words], stdout=out,
                                                  stderr=subprocess.STDOUT, env=os.environ))

    def _run(self, program: str, *words: str | Path, given: str = "", check: bool = True) -> str:
        own = [] if program in {"ceph-authtool", "monmaptool"} else ["-c", str(self._conf)]
        done = subprocess.run([program, *own, *map(str, words)], input=given, text=True, capture_output=True,
                              timeout=PATIENCE)
        if check and done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr[-500:]}")
        return done.stdout if done.returncode == 0 else ""


def _until(met: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > until:
            raise RuntimeError(otherwise)
        time.sleep(0.5)


def _answers(address: str) -> bool:
    with suppress(OSError):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return True
        return True
    return False


def _free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _number in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports
