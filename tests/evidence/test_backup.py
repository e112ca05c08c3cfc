"""Back up, destroy, restore, prove: with the real programs, real files and a real database."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError
from stack import postgres

from evidence.backup import holding, making, manifest
from evidence.backup.models import Backup
from evidence.custody import memory, tree
from evidence.custody.models import Payload
from evidence.store import services as store
from evidence.store.errors import StoreFull
from evidence.store.models import Blob
from evidence.tlog import canonical
from tests.evidence import custody_log as given
from tests.evidence.backups import clean, killed, lodge, run, settle, use_store


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
