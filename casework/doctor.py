"""HALL: what is missing, misconfigured or unsafe on this machine, each with its mend. `manage.py doctor` prints it.

A check is a function that yields what it found wrong; to add one, write it and name it in CHECKS."""

import ctypes.util
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.checks import ERROR
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError as KombuError

from casework import checks as own_checks
from casework import env
from casework.people.factors import with_standing
from casework.people.models import User
from evidence import checks
from evidence.archive import locktest
from evidence.archive import services as archive
from evidence.archive.models import ArchiveCopy, LockTest
from evidence.custody import authorities, policies, recovery, signer, standing, timestamps, witnesses
from evidence.fixity import routine
from evidence.machine import services as machine
from evidence.screening import examined
from evidence.store import services as store
from evidence.store.errors import Damaged, StoreFull, StoreUnavailable

BROKER_SECONDS = 3
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Trouble:
    """`bad` stops work or breaks a promise; otherwise it is worth knowing."""

    bad: bool
    what: str
    mend: str


Troubles = Iterator[Trouble]


def python_version() -> Troubles:
    if sys.version_info < (3, 11, 14):
        yield Trouble(False, f"Python {sys.version.split()[0]} has known flaws in reading zip files.",
                      "Use Python 3.11.14 or later. Archives are checked by our own code as well.")


def pango() -> Troubles:
    if not ctypes.util.find_library("pango-1.0") or not ctypes.util.find_library("pangoft2-1.0"):
        yield Trouble(True, "Pango is missing: no PDF can be made.", "apt install libpango-1.0-0 libpangoft2-1.0-0")


def database() -> Troubles:
    for found in [*checks.durable(["default"]), *checks.insert_only(["default"])]:
        yield Trouble(found.level >= ERROR, str(found.msg), found.hint or "")


def migrations() -> Troubles:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Trouble(True, f"{len(waiting)} migrations were not applied.",
                      "Run manage.py migrate as the role that owns the tables.")


def log_key() -> Troubles:
    try:
        signer.signer()
    except signer.SignerMissing as missing:
        yield Trouble(True, f"The log's signing key cannot be used: {missing}",
                      "script/server makes one; else put the key's path into SIGNING_KEY.")
    yield from _private(Path(settings.SIGNING_KEY))


def pdf_key() -> Troubles:
    path = Path(settings.PDF_SIGNING_KEY)
    if not path.is_file():
        yield Trouble(True, f"There is no PDF signing key at {path}: no dossier can be sealed.",
                      "script/server makes one; else put a PKCS#12 file's path into PDF_SIGNING_KEY.")
    yield from _private(path)


def secret_files() -> Troubles:
    for path in env.secret_files():
        yield from _private(path)


def stores() -> Troubles:
    for alias, variable in (("evidence", "STORAGE_URL"), ("archive", "ARCHIVE_URL")):
        try:
            store.probe(alias)
        except (StoreFull, StoreUnavailable, Damaged, OSError) as error:
            yield Trouble(True, f"The {alias} storage takes nothing: {error}",
                          f"Look at {variable} and at the folder or bucket that it names.")
    if settings.STORAGES["evidence"] == settings.STORAGES["archive"]:
        yield Trouble(True, "Store and archive are one place: there is no second copy.",
                      "Point ARCHIVE_URL at another disk or bucket.")


def broker() -> Troubles:
    try:
        with current_app.connection_for_write(connect_timeout=BROKER_SECONDS) as link:
            link.ensure_connection(max_retries=0, timeout=BROKER_SECONDS)
    except (KombuError, OSError) as error:
        yield Trouble(True, f"The broker does not answer ({type(error).__name__}): work waits in its rows.",
                      "Start it, or look at BROKER_URL.")


def web() -> Troubles:
    for found in own_checks.policy():
        yield Trouble(found.level >= ERROR, str(found.msg), found.hint or "")
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        yield Trouble(True, "SECRET_KEY is short enough to guess.", "Set it to 50 random characters.")
    host = urlsplit(settings.BASE_URL).hostname
    if not settings.HTTPS and host not in {"localhost", "127.0.0.1", "::1"}:
        yield Trouble(True, "People sign in without HTTPS.", "Put a TLS proxy in front and set BASE_URL=https://…")
    if settings.DEMO:
        yield Trouble(False, "This is a demo: its sign-ins are shown on the sign-in page.",
                      "For real cases start with script/server --empty in another CASEWORK_HOME.")


def outside() -> Troubles:
    if not settings.TSA_URLS:
        yield Trouble(False, "No outside timestamps: times are self-asserted, and dossiers say so.",
                      "Set TSA_URLS to one or two time-stamping authorities.")
    for host in authorities.hosts():
        try:
            authorities.load(host)
        except authorities.Unusable as missing:
            yield Trouble(True, f"The time-stamping authority {host} is not asked: {missing}",
                          "Put its own certificate, then its chain to the root, into that file.")
    if not settings.EMAIL_URL:
        yield Trouble(False, "No mail: invitation links are copied by hand.", "Set EMAIL_URL to change that.")
        if settings.CHECKPOINT_MAIL:
            yield Trouble(True, "CHECKPOINT_MAIL names mailboxes and there is no mail.", "Set EMAIL_URL.")
    if policies.has_quorum() and not policies.asked():
        yield Trouble(True, "LOG_POLICY asks for a quorum, and none of its witnesses has an address.",
                      "Write the submission prefix of each after its key.")


def policy_key() -> Troubles:
    try:
        if not policies.names_our_key():
            yield Trouble(True, "LOG_POLICY names logs, and this log's key is not among them.",
                          "Put the line into it that the log's page shows under its public key.")
    except signer.SignerMissing:
        return


def held_outside() -> Troubles:
    now = standing.standing()
    if now.exposure == standing.Exposure.NEVER:
        yield Trouble(False, "Outside holder: never. Whoever runs this server could rewrite the log without trace.",
                      "Set TSA_URLS, LOG_POLICY or CHECKPOINT_MAIL, or keep a receipt outside.")
    elif now.exposure == standing.Exposure.LOST:
        yield Trouble(True, "Somebody outside holds a checkpoint of more entries than the log has: entries are lost.",
                      "Tell its holders before anything else. Restore a newer backup if there is one.")
    elif now.exposure == standing.Exposure.OVER:
        yield Trouble(True, f"For {now.exposed.total_seconds() / 60:.0f} minutes nothing of the log left the machine.",
                      "Look at the witnesses, authorities and mailboxes on the log's page.")
    for authority in timestamps.states():
        if authority.late:
            yield Trouble(True, f"{authority.host} has stamped no checkpoint for more than an hour: "
                          f"{authority.party.detail or 'it was not asked'}", "Look whether it can be reached.")
        if authority.skew is not None and authority.skewed:
            yield Trouble(True, f"The clock of {authority.host} is {authority.skew.total_seconds():+.0f} s from ours.",
                          "Keep this machine's clock by NTP.")
    for witness in witnesses.states():
        if witness.alarm:
            problem = f"{witness.party.get_problem_display()}. {witness.party.detail}"
            yield Trouble(True, f"{witness.witness.name}: {problem}",
                          "Find out whose history is another before anything else: manage.py verify --all.")


def rewound() -> Troubles:
    rewind, awaited = recovery.current(), recovery.awaited()
    if awaited:
        yield Trouble(True, f"Nothing is recorded here, and the signer remembers {awaited} entries.",
                      "manage.py restore DIRECTORY, or another CASEWORK_HOME for another log.")
    if rewind is not None:
        yield Trouble(True, f"Read-only: the log has {rewind.size} entries or another history, and {rewind.head_size} "
                      "were witnessed.", "Restore a newer backup if there is one; else two administrators declare the "
                      "restore on the page /recovery/.")


def self_test() -> Troubles:
    last = machine.latest()
    if last is None:
        yield Trouble(False, "No self-test was made yet.", "Start the worker, or run manage.py selftest.")
    elif not last.ok:
        yield Trouble(True, f"The last self-test failed: {machine.failures(last)}", "Mend it, then manage.py selftest.")


def archive_lock() -> Troubles:
    last, asked = locktest.latest(), settings.ARCHIVE_LOCK in {"governance", "compliance"}
    if last is None:
        yield Trouble(asked, "Whether the archive is write-once was not tried in the last two days: it counts as not.",
                      "Start the worker, or run manage.py locktest.")
    elif last.result == LockTest.Result.NO_LOCK:
        yield Trouble(asked, f"The archive is not write-once: {last.detail}.",
                      "Point ARCHIVE_URL at a bucket with Object Lock, under another administration.")
    elif last.result == LockTest.Result.BYPASSABLE:
        yield Trouble(False, f"The archive's lock holds against mistakes, not against malice: {last.detail}.",
                      "Deny s3:BypassGovernanceRetention to this credential, or set ARCHIVE_LOCK=compliance.")
    elif last.result != LockTest.Result.ENFORCED:
        yield Trouble(True, f"The archive's lock is not proven ({last.result}): {last.detail}.",
                      "docs/operations.md says what the lock asks of a bucket. Then manage.py locktest.")


def ended_locks() -> Troubles:
    last = locktest.latest()
    if last and last.result in {LockTest.Result.ENFORCED, LockTest.Result.BYPASSABLE} and (
            without := archive.unlocked().count()):
        yield Trouble(False, f"{without} second copies have no lock: they were made before it.",
                      "manage.py lock_copies")
    ended = ArchiveCopy.objects.filter(locked_until__lt=timezone.now(), legal_hold=False).count()
    if ended:
        yield Trouble(False, f"The locks of {ended} second copies have ended: nothing but rights protects them.",
                      "Extend them with the archive's own tools; choose a longer ARCHIVE_LOCK_DAYS for those to come.")


def fixity() -> Troubles:
    now = routine.state()
    if now.damaged:
        yield Trouble(True, f"{now.damaged} stored files are damaged.",
                      "Find out why, then two people heal them from the other copy: custody page, Damaged bytes.")
    if now.overdue:
        yield Trouble(True, f"{now.overdue} stored files were not read again for {settings.FIXITY_DAYS} days.",
                      "Look whether a worker runs; raise FIXITY_RATE or FIXITY_DAYS.")


def scanner() -> Troubles:
    for bad, what, mend in examined.troubles():
        yield Trouble(bad, what, mend)


def second_factors() -> Troubles:
    """Silent where every person of weight must have one and has it."""
    unasked = [word for word in ("administrator", "lead", "legal") if word not in settings.SECOND_FACTOR_FOR]
    if unasked:
        yield Trouble(False, f"No second factor is asked of: {', '.join(unasked)}. A password alone signs them in.",
                      "Set SECOND_FACTOR_FOR=\"administrator lead legal\", as it is without a word over HTTPS.")
    waiting = with_standing(User.objects.filter(is_active=True)).filter(must_enrol=True).count()
    if waiting:
        yield Trouble(False, f"{waiting} people must add a second factor before they go on: a role asks for it.",
                      "They are led there when they sign in.")


def administrators() -> Troubles:
    if not User.objects.filter(is_administrator=True, is_active=True).exists():
        yield Trouble(True, "Nobody can invite people.", "manage.py create_admin EMAIL --name NAME")


CHECKS: list[Callable[[], Troubles]] = [python_version, pango, log_key, pdf_key, secret_files, stores, broker, web,
                                           outside, policy_key]
# These need a database that answers and that is migrated.
DATABASE_CHECKS: list[Callable[[], Troubles]] = [database, administrators, second_factors, held_outside, rewound,
                                                 self_test, archive_lock, ended_locks, fixity, scanner]


def examine() -> Troubles:
    """Everything that is wrong here, in the order of the checks."""
    for check in CHECKS:
        yield from check()
    try:
        connection.ensure_connection()
    except OperationalError as error:
        yield Trouble(True, f"PostgreSQL does not answer: {str(error).splitlines()[0]}",
                      "Start it (script/server does), or look at DATABASE_URL.")
        return
    waiting = list(migrations())
    yield from waiting
    if not waiting:
        for check in DATABASE_CHECKS:
            yield from check()


def _private(path: Path) -> Troubles:
    if path.is_file() and path.stat().st_mode & 0o077:
        yield Trouble(True, f"Others on this machine can read {path}.", f"chmod 600 {path}")
    elif path.is_file() and os.geteuid() and path.stat().st_uid != os.geteuid():
        yield Trouble(False, f"{path} belongs to another user.", "Run the worker as the user that owns it.")
