"""The way back from a backup: whole, read-only where entries are lost, and gone on with after a kill."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from stack import postgres

from evidence.backup.models import Backup
from evidence.custody import behind, checkpoints, memory, recovery, tree, verify
from evidence.custody.models import Payload
from evidence.custody.rewound import Recovered
from evidence.store import services as store
from evidence.tlog import canonical
from tests.evidence import custody_log as given
from tests.evidence.backups import clean, killed, lodge, run, settle, use_store
from tests.evidence.test_recovery import ONE, TWO


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


def destroy(folder: Path) -> None:
    """The database goes, an empty one of the same version takes its place; so does the store."""
    connections.close_all()
    postgres.execute(given.SERVER, f"DROP DATABASE {postgres.DATABASE} WITH (FORCE)")
    postgres.execute(given.SERVER, f"CREATE DATABASE {postgres.DATABASE} TEMPLATE casework_template "
                                   f"OWNER {postgres.OWNER_ROLE} STRATEGY FILE_COPY")
    use_store(folder)


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
