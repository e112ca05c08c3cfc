"""Back up, destroy, restore, prove: with the real programs, real files and a real database."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from stack import postgres

from evidence.archive import services as archive
from evidence.backup import holding, making, manifest
from evidence.backup.models import Backup
from evidence.custody import behind, checkpoints, memory, recovery, sequencer, tree, verify
from evidence.custody.models import Payload
from evidence.custody.rewound import Recovered
from evidence.intake import services as intake
from evidence.store import services as store
from evidence.store.errors import StoreFull
from evidence.store.models import Blob
from evidence.tlog import canonical
from tests.evidence import custody_log as given
from tests.evidence.test_recovery import ONE, TWO

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(real_db: None, tmp_path: Path) -> Iterator[Path]:
    """A vault with six items in a store of its own, and an empty folder for backups. The store goes afterwards."""
    given.key()
    mine = {alias: settings.STORAGES[alias]["OPTIONS"]["location"] for alias in ("evidence", "archive")}
    use_store(tmp_path / "vault")
    lodge(*range(6))
    yield tmp_path / "backups"
    for alias, location in mine.items():
        settings.STORAGES[alias]["OPTIONS"]["location"] = location
    store.storages._storages.clear()  # type: ignore[attr-defined]


def use_store(folder: Path) -> None:
    for alias in ("evidence", "archive"):
        settings.STORAGES[alias]["OPTIONS"]["location"] = str(folder / alias)
    store.storages._storages.clear()  # type: ignore[attr-defined]


def lodge(*numbers: int) -> None:
    for number in numbers:
        item = intake.receive_bytes(f"{number} ".encode() * 1000, name=f"{number}.txt", context="case/CW-2026-0001",
                                    agent=ONE, provenance={}).item
        archive.archive(item)
    settle()


def settle() -> None:
    while sequencer.sequence():
        pass
    recovery.sign()


def run(command: str, *words: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    os.environ["DATABASE_OWNER_URL"] = given.SERVER.url(postgres.OWNER_ROLE)
    try:
        call_command(command, *words, stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        del os.environ["DATABASE_OWNER_URL"]
    return code, out.getvalue()


def destroy(folder: Path) -> None:
    """The database goes, an empty one of the same version takes its place; so does the store."""
    connections.close_all()
    postgres.execute(given.SERVER, f"DROP DATABASE {postgres.DATABASE} WITH (FORCE)")
    postgres.execute(given.SERVER, f"CREATE DATABASE {postgres.DATABASE} TEMPLATE casework_template "
                                   f"OWNER {postgres.OWNER_ROLE} STRATEGY FILE_COPY")
    use_store(folder)


def clean() -> list[str]:
    code, out = run("verify", "--all", "--json")
    return [f"{one['object']}: {one['problem']}" for one in json.loads(out)["problems"]]


def test_a_backup_is_whole_proven_and_recorded(place: Path) -> None:
    code, said = run("backup", str(place))
    assert code == 0
    assert "6 files" in said
    assert "6 were new" in said
    [folder] = manifest.finished(place)
    made = manifest.read(folder)
    manifest.check_files(folder, made)
    assert (made.log_size, made.blobs, made.missing) == (tree.log_size(), 6, [])
    assert made.checkpoint_size == made.log_size
    assert sorted(dict(manifest.blobs(folder))) == sorted(Blob.objects.values_list("sha256", flat=True))
    row = Backup.objects.get()
    assert (str(row.id), row.log_size, row.manifest_sha256) == (
        made.id, made.log_size, manifest.digest(folder / manifest.NAME)[1])
    told = canonical.decode(bytes(Payload.objects.get(subject=f"backup/{made.id}").content))
    assert (told["kind"], told["detail"]["act"], told["detail"]["blobs"]) == ("replication", "backup_made", 6)
    assert [one.id for one in holding.holding(Blob.objects.first() or Blob())] == [row.id]
    # No key travels along: neither the log's nor the server's.
    private = Path(settings.SIGNING_KEY).read_text().strip()
    for path in place.rglob("*"):
        assert path.is_dir() or private.encode() not in path.read_bytes()
    settle()
    assert clean() == []


def test_the_next_backup_copies_what_is_new_and_mends_what_was_damaged(place: Path) -> None:
    run("backup", str(place))
    lodge(6, 7)
    bad = next((place / "blobs").glob("??/*"))
    bad.chmod(0o600)
    bad.write_bytes(b"x" + bad.read_bytes()[1:])
    _, said = run("backup", str(place))
    assert "8 files" in said
    assert "2 were new, 1 lay damaged" in said
    assert len(manifest.finished(place)) == 2
    newest = Blob.objects.order_by("-stored_at").first()
    assert newest
    assert len(holding.holding(newest)) == 1, "the first backup cannot hold it"


def test_bytes_come_from_the_archive_where_the_store_has_lost_them_and_are_named_where_both_have(place: Path) -> None:
    blobs = sorted(Path(settings.STORAGES["evidence"]["OPTIONS"]["location"]).glob("??/*"))
    blobs[0].unlink()
    assert "6 were new" in run("backup", str(place))[1]
    shutil.rmtree(place)
    copy = Path(settings.STORAGES["archive"]["OPTIONS"]["location"]) / blobs[0].parent.name / blobs[0].name
    copy.unlink()
    with pytest.raises(CommandError, match=f"1 files .* neither store nor archive: {copy.name}"):
        run("backup", str(place))
    assert manifest.finished(place) == []
    assert not list(place.glob(".partial-*"))
    _, said = run("backup", str(place), "--incomplete")
    assert f"MISSING {copy.name}" in said


def test_a_full_disk_leaves_no_half_backup(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        def full(*_more: Any) -> None:
            raise StoreFull("no room: No space left on device")

        patched.setattr(making, "_bytes", full)
        with pytest.raises(CommandError, match="No space left on device. No backup was made"):
            run("backup", str(place))
    assert manifest.finished(place) == []
    assert not list(place.glob(".partial-*"))
    assert not Backup.objects.exists()
    run("backup", str(place))
    assert len(manifest.finished(place)) == 1


def test_two_at_once_do_not_get_into_each_others_way(place: Path) -> None:
    place.mkdir()
    with making.alone(place), pytest.raises(CommandError, match="another backup or check is at work"):
        run("backup", str(place))


def test_a_check_proves_a_backup_and_touches_nothing(place: Path) -> None:
    run("backup", str(place))
    lodge(6)
    before = tree.log_size(), memory.text()
    code, said = run("restore", "--check", str(place))
    assert code == 0, said
    assert said.startswith("VERIFIED: can be restored")
    assert (tree.log_size(), memory.text()) == before
    assert not postgres.execute(given.SERVER, "SELECT datname FROM pg_database WHERE datname LIKE '%check'")


@pytest.mark.parametrize("name", ["database.dump", "checkpoint.txt", "log.vkey", "blobs.txt", "manifest.json", "blob"])
def test_a_check_finds_every_changed_byte(place: Path, name: str) -> None:
    run("backup", str(place))
    [folder] = manifest.finished(place)
    file = next((place / "blobs").glob("??/*")) if name == "blob" else folder / name
    file.chmod(0o600)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    if name == "blob":
        code, said = run("restore", "--check", str(place))
        assert code == 1
        assert f"FAILED blob {file.name}" in said
    else:
        with pytest.raises(CommandError):
            run("restore", "--check", str(place))


def test_a_restore_of_the_whole_log_goes_on_at_once(place: Path, tmp_path: Path) -> None:
    run("backup", str(place))
    # What the backup recorded of itself came after it; here even that was never signed.
    destroy(tmp_path / "new")
    code, said = run("restore", str(place))
    assert code == 0, said
    assert "READ-ONLY" not in said
    assert not behind.is_behind()
    settle()
    assert clean() == []
    assert "backup_restored" in {canonical.decode(bytes(content))["detail"].get("act")
                                 for content in Payload.objects.values_list("content", flat=True)}
    run("backup", str(place))
    assert Backup.objects.count() == 2, "the one that it came from is known again"


def test_a_restore_that_lost_entries_starts_read_only_names_them_and_goes_on_by_two(
        place: Path, tmp_path: Path) -> None:
    run("backup", str(place))
    was = tree.log_size()
    settle()
    lodge(6, 7, 8)
    lost = checkpoints.latest()
    assert lost
    held = tmp_path / "held"
    held.write_text(lost.note)
    destroy(tmp_path / "new")
    code, said = run("restore", str(place))
    assert code == 0, said
    assert f"READ-ONLY: the log has {was} entries, and {lost.size} were witnessed." in said
    assert f"Lost are entries {was} to {lost.size - 1}" in said
    rewind = recovery.current()
    assert rewind
    given.tell()
    assert Recovered.objects.count() == 1
    recovery.declare(rewind, reason="The disk was lost", agent=ONE, approver=TWO)
    settle()
    lodge(9, 10)
    assert clean() == []
    [problem] = verify.verify_all(held=[held.read_text()])
    assert "it was given up by the restore" in problem.problem


def test_what_was_kept_outside_counts_where_the_signer_remembers_nothing(place: Path, tmp_path: Path) -> None:
    run("backup", str(place))
    settle()
    lodge(6)
    lost = checkpoints.latest()
    assert lost
    held = tmp_path / "held"
    held.write_text(lost.note)
    memory.path_of().unlink()
    destroy(tmp_path / "new")
    (tmp_path / "nonsense").write_text(lost.note.replace(str(lost.size), "999", 1))
    with pytest.raises(CommandError, match="nonsense"):
        run("restore", str(place), "--held", str(tmp_path / "nonsense"))
    _, said = run("restore", str(place), "--held", str(held))
    assert "READ-ONLY" in said


def test_a_restore_goes_into_nothing_that_holds_anything(place: Path, tmp_path: Path) -> None:
    run("backup", str(place))
    lodge(6)
    with pytest.raises(CommandError, match="the store holds .* it must be empty"):
        run("restore", str(place))
    use_store(tmp_path / "new")
    with pytest.raises(CommandError, match="the database holds something already"):
        run("restore", str(place))
    with pytest.raises(CommandError, match="no finished backup"):
        run("restore", str(tmp_path))


def test_an_interrupted_restore_is_gone_on_with(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backup", str(place))
    destroy(tmp_path / "new")
    for owner, name in [("evidence.backup.restoring", "_copy"), ("evidence.backup.postgres", "load"),
                        ("evidence.backup.restoring", "_second_copies"), ("evidence.backup.restoring", "_proven")]:
        def stop(*_more: Any) -> None:
            raise OSError("cut off")

        with monkeypatch.context() as patched:
            patched.setattr(f"{owner}.{name}", stop)
            with pytest.raises(CommandError, match="cut off"):
                run("restore", str(place))
    code, said = run("restore", str(place))
    assert code == 0, said
    settle()
    assert clean() == []


def killed(seconds: float, begun: Callable[[], object], *words: str) -> None:
    """Run a command in a process of its own; kill it so many seconds after it has `begun`."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "casework.settings",
                                "DATABASE_OWNER_URL": given.SERVER.url(postgres.OWNER_ROLE)} | {
        f"{name}_URL": f"file://{settings.STORAGES[alias]['OPTIONS']['location']}"
        for name, alias in (("STORAGE", "evidence"), ("ARCHIVE", "archive"))}
    process = subprocess.Popen([sys.executable, str(ROOT / "manage.py"), *words], env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not begun() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.1, 0.2, 0.4])
def test_a_backup_that_is_killed_is_never_taken_for_one(place: Path, seconds: float) -> None:
    killed(seconds, lambda: list(place.glob(".partial-*")), "backup", str(place))
    for folder in manifest.finished(place):
        manifest.check_files(folder, manifest.read(folder))
    code, _said = run("backup", str(place))
    assert code == 0
    assert not list(place.glob(".partial-*"))
    assert Backup.objects.count() == len(manifest.finished(place))
    assert run("restore", "--check", str(place))[0] == 0


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.15, 0.3, 0.6])
def test_a_restore_that_is_killed_is_gone_on_with(place: Path, tmp_path: Path, seconds: float) -> None:
    run("backup", str(place))
    destroy(tmp_path / "new")
    killed(seconds, lambda: list((tmp_path / "new" / "evidence").glob("??/*")), "restore", str(place))
    # The server needs a moment to see that its client is gone.
    until = time.monotonic() + 20
    while postgres.execute(given.SERVER, "SELECT pid FROM pg_stat_activity WHERE usename = 'casework_owner'"
                                         " AND pid <> pg_backend_pid()") and time.monotonic() < until:
        time.sleep(0.05)
    code, said = run("restore", str(place))
    assert code == 0, said
    settle()
    assert clean() == []
