"""The battery of `script/drill tamper`: each tampering is done, judged, and undone."""

import argparse
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections
from stack import postgres
from stack.install import say

from drills.kit import bare, forger
from drills.kit.edits import edits
from drills.kit.vault import Battery, Tally
from evidence.custody import checkpoints, memory
from evidence.custody.kinds import Kind
from evidence.custody.models import Leaf
from evidence.store import services as store
from evidence.store.errors import Damaged

YESTERDAY, OTHER = "yesterday", "other"


def run(server: postgres.Server, wanted: argparse.Namespace) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="casework-held-") as folder:
        battery = Battery(server, wanted.seed, Path(folder))
        if found := battery.verify(battery.held):
            say(f"tamper: the vault is not clean before anything was done to it: {found}")
            return 1
        tallies = list(_attack(battery, wanted))
        false = clean_runs(battery, wanted.clean)
    missed = sum(len(tally.missed) for tally in tallies)
    say(f"tamper: {sum(tally.done for tally in tallies)} tamperings, {missed} missed; {wanted.clean} clean runs, "
        f"{len(false)} false alarms; {time.monotonic() - started:.0f} s")
    return 1 if missed or false else 0


def _attack(battery: Battery, wanted: argparse.Namespace) -> Iterator[Tally]:
    yield _said(flips(battery, wanted.flips))
    forger.as_superuser(battery.server)
    yield _said(refusals(battery, wanted.edits))
    for tally in edits(battery, wanted.edits):
        yield _said(tally)
    yield _said(rewrites(battery, wanted.rewrites))
    yield _said(rewinds(battery, wanted.rewinds))
    yield _said(forks(battery, wanted.forks))


def _said(tally: Tally) -> Tally:
    say(str(tally))
    for what in tally.missed:
        say(f"    MISSED {what}")
    return tally


def flips(battery: Battery, count: int) -> Tally:
    """One bit of one stored file; the first and the last byte of each file are among them."""
    tally = Tally("flipped bits")
    files = [(alias, path) for alias in (store.EVIDENCE, store.ARCHIVE)
             for path in sorted(Path(settings.STORAGES[alias]["OPTIONS"]["location"]).glob("??/*"))]
    for number in range(count):
        alias, path = files[number % len(files)]
        size = path.stat().st_size
        at = [0, size - 1][number // len(files)] if number < 2 * len(files) else battery.chosen.randrange(size)
        _flip(path, at, bit := battery.chosen.randrange(8))
        named = f"blob {path.name}" if alias == store.EVIDENCE else f"archive copy of {path.name}"
        if any(found.startswith(named) for found in battery.verify()) and _refused_to_readers(path.name, alias):
            tally.inside += 1
        else:
            tally.missed.append(f"bit {bit} of byte {at} of {size}, {named}")
        _flip(path, at, bit)
    return tally


def _flip(path: Path, at: int, bit: int) -> None:
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))
    path.chmod(0o400)


def _refused_to_readers(sha256: str, alias: str) -> bool:
    try:
        store.read_verified(sha256, 2**20, alias)
    except Damaged:
        return True
    return False


def refusals(battery: Battery, at_most: int) -> Tally:
    """What the database does not let happen at all: the application, the owner, and replica mode."""
    tally = Tally("rows, guards on")
    for role, before in ((postgres.APP_ROLE, ""), (postgres.OWNER_ROLE, ""),
                         (postgres.SUPERUSER, "SET session_replication_role = replica;")):
        for table in forger.GUARDED:
            column = next(column.name for column in forger.columns() if column.table == table)
            for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}",
                           f"TRUNCATE {table} CASCADE")[:at_most]:
                try:
                    postgres.execute(battery.server, before + change, postgres.DATABASE, role)
                except Exception as error:  # noqa: BLE001 - whatever refuses is looked at by its class
                    if type(error).__name__ == "InsufficientPrivilege":
                        tally.refused += 1
                        continue
                tally.missed.append(f"{change} as {role}")
    return tally


def rewrites(battery: Battery, count: int) -> Tally:
    """The whole chain after one entry, remade and signed with the stolen key."""
    tally = Tally("rewrites with the stolen key")
    for number in range(count):
        index = _of_a_view(battery)
        with forger.undone():
            match number % 4:
                case 0:
                    forger.change(index, {"number": number})
                case 1:
                    forger.take_out(index)
                case 2:
                    forger.slip_in(index, {"number": number})
                case 3:
                    forger.swap(index, index - 1)
            forger.make_true_again()
            # Who has the key has the file beside it, in which the signer keeps what it signed.
            memory.path_of().unlink(missing_ok=True)
            battery.judge(tally, f"{number % 4} at {index}")
    return tally


def _of_a_view(battery: Battery) -> int:
    """A covered entry that no item stands on: taking it out leaves nothing behind."""
    leaves = Leaf.objects.filter(event__payload__kind=Kind.ACCESS, index__gt=0, index__lt=battery.covered)
    return battery.chosen.choice(list(leaves.values_list("index", flat=True)))


@contextmanager
def _database(name: str) -> Iterator[None]:
    connection = connections["default"]
    connection.close()
    mine, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = mine


def rewinds(battery: Battery, count: int) -> Tally:
    """Yesterday's database put back; every other time life goes on from there, past what was handed out."""
    tally = Tally("rewinds")
    connections.close_all()
    bare.copy(battery.server, postgres.DATABASE, YESTERDAY)
    for number in range(count):
        battery.grow(battery.chosen.randrange(1, 20), "lost")
        held = battery.hand_out("lost")
        connections.close_all()
        bare.copy(battery.server, YESTERDAY, postgres.DATABASE)
        if number % 2:
            battery.grow(30, "instead")
            battery.hand_out("instead")
        battery.judge(tally, held.name, held)
        connections.close_all()
        bare.copy(battery.server, YESTERDAY, postgres.DATABASE)
    return tally


def forks(battery: Battery, count: int) -> Tally:
    """Two copies go on side by side, signed with one key; each person is shown another one."""
    tally = Tally("forks")
    for number in range(count):
        connections.close_all()
        bare.copy(battery.server, postgres.DATABASE, OTHER)
        battery.grow(1 + number, "one")
        one = battery.hand_out("one")
        with _database(OTHER):
            battery.grow(1 + number, "other")
            other = battery.hand_out("other")
            if not battery.verify() and not battery.verify(one):
                tally.missed.append(f"{one.name} beside the other history")
                continue
        battery.judge(tally, f"{other.name} beside the one history", other)
    connections.close_all()
    bare.drop(battery.server, OTHER)
    return tally


def clean_runs(battery: Battery, count: int) -> list[str]:
    """Nothing is wrong and nothing may be said: alone after every step of a growing log, then beside a writer."""
    # The signer of the log that was forked last remembers the other branch.
    memory.path_of().unlink(missing_ok=True)
    held, alarms = [battery.held], Counter[str]()
    alone = count - count // 4
    for number in range(alone):
        if number % 10 == 9:
            battery.lodge(10 + number % 240)
        battery.grow(number % 3, "clean")
        if number % 5 == 4:
            held = [battery.held, battery.hand_out("clean")]
        alarms.update(battery.verify(*held))
    say(f"tamper clean: {alone} runs after as many steps, {alarms.total()} false alarms")
    beside = Counter[str]()
    with _writer(battery):
        for _number in range(count - alone):
            beside.update(battery.verify(*held))
    say(f"tamper clean: {count - alone} runs beside people at work, {beside.total()} false alarms")
    for alarm, times in (alarms + beside).most_common(20):
        say(f"    FALSE ALARM ({times} times) {alarm}")
    return list((alarms + beside).elements())


@contextmanager
def _writer(battery: Battery) -> Iterator[None]:
    """Another process that lodges, works, sequences and signs without end."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            _write_on(battery)
        finally:
            os._exit(1)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _write_on(battery: Battery) -> None:
    until, number = time.monotonic() + 1800, 0
    while time.monotonic() < until:
        number += 1
        battery.lodge(2 + number % 250)
        battery.grow(number % 3, "beside")
        checkpoints.sign_checkpoint()
        time.sleep(0.02)
