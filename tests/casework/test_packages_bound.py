"""What was found in a package is bound by the event of its check: whoever changes the rows behind the triggers is
noticed. And what a reader that was taken over may answer."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from casework.exhibits import packages
from casework.exhibits.models import Exhibit
from evidence.fixity import witnessed
from evidence.jail import services as jail
from evidence.packages import answers
from evidence.packages import services as vault
from evidence.packages.models import Package
from tests.casework.test_packages import PICTURES, bag, case, cast, checked, lodge_zip
from tests.evidence import custody_log as given
from tests.evidence.foreign import make_bag, zipped
from tests.factories import Cast, make_case, make_cast

__all__ = ["bag", "case", "cast"]

CHANGES = {
    "claims": "UPDATE evidence_package SET claims = '[[\"Source-Organization\", \"Somebody Else\"]]'",
    "problems": "UPDATE evidence_package SET state = 'invalid', problem_count = 1",
    "declared": "UPDATE evidence_packagefile SET declared = '{}' WHERE path = 'data/note.txt'",
    "path": "UPDATE evidence_packagefile SET path = 'data/other.txt' WHERE path = 'data/note.txt'",
    "one file less": "DELETE FROM evidence_packagefile WHERE path = 'data/note.txt'",
    "forgotten": "UPDATE evidence_package SET state = 'waiting', checked_at = NULL",
}


def test_what_was_found_cannot_be_changed_unnoticed(real_db: None, tmp_path: Path) -> None:
    cast = make_cast()
    bag = lodge_zip(make_case(cast), cast.investigator, zipped(make_bag(tmp_path, PICTURES, claims={"Contact": "One"})))
    checked(bag, cast.investigator)
    assert list(witnessed.items([bag.item])) == []
    with given.superuser():
        for name, change in CHANGES.items():
            with transaction.atomic(), connection.cursor() as cursor:
                for table in ("evidence_package", "evidence_packagefile"):
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                cursor.execute(change)
                found = list(witnessed.items([bag.item]))
                assert [problem.object for problem in found] == [f"item/{bag.item_id}"], name
                assert "package" in found[0].problem
                transaction.set_rollback(True)


FILE = {"position": 1, "path": "data/a", "size": 1, "sha256": "0" * 64, "declared": {"md5": "0" * 32}, "fits": True}
WHOLE = {"version": "1.0", "folder": "", "algorithms": ["md5"], "ignored": [], "claims": [], "problems": [],
         "problem_count": 0, "files": [FILE]}


@pytest.mark.parametrize("lie", [
    {"declared": {"md5": "\x00"}}, {"declared": {"md5": "x" * 32}}, {"declared": {"md5": "0" * 64}},
    {"size": 2**53 - 1}])
def test_an_answer_that_no_table_could_keep_is_nonsense_and_ends_the_check(
        bag: Exhibit, cast: Cast, lie: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    told = WHOLE | {"files": [FILE | lie, FILE | {"position": 2}]}
    monkeypatch.setattr(jail, "run", lambda *args, **more: jail.Result(True, parts={"told": json.dumps(told).encode()}))
    assert answers.read(json.dumps(WHOLE).encode()).files == [FILE]
    assert checked(bag, cast.investigator).state == "failed"


@pytest.mark.parametrize("reason", ["\x00", "\ud800"])
def test_any_reason_that_the_reader_gives_can_be_kept(bag: Exhibit, cast: Cast, reason: str,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jail, "run", lambda *args, **more: jail.Result(False, reason))
    assert checked(bag, cast.investigator).state == "failed"


def test_a_package_that_kills_its_worker_each_time_is_given_up(bag: Exhibit, cast: Cast,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """As if the worker were."""

    def kill(*args: Any, **more: Any) -> Any:
        raise Killed

    monkeypatch.setattr(jail, "run", kill)
    package = packages.ask(bag, by=cast.investigator)
    for _ in range(vault.MOST_ATTEMPTS):
        with pytest.raises(Killed):
            vault.check(str(package.pk))
        Package.objects.update(claimed_until=timezone.now() - vault.GRACE)
    assert not vault.check(str(package.pk))
    package.refresh_from_db()
    assert (package.state, package.reason) == ("failed", "its reader was cut off too often")
