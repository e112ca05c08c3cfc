"""A backup of a vault in which rows stand on others comes back whole, with every guard in force."""

from pathlib import Path

import pytest
from django.db import connection

from casework.accounts import merging
from casework.accounts.assessments import assess
from casework.exhibits import packages
from casework.posts.models import Post, Unread
from evidence.derivatives import services as derivatives
from tests.casework.exporting import COLUMNS, TABLE, imported
from tests.casework.test_accounts_observed import named
from tests.casework.test_packages import PICTURES, checked, lodge_zip
from tests.evidence.backups import run, settle
from tests.evidence.foreign import make_bag, zipped
from tests.evidence.test_guards import fill
from tests.factories import lodge_capture, make_case, make_cast


@pytest.mark.usefixtures("real_db")
def test_what_stands_on_other_rows_comes_back_with_them(tmp_path: Path) -> None:
    fill()
    cast = make_cast()
    case = make_case(cast)
    lodge_capture(case, cast.investigator)
    bag = lodge_zip(case, cast.investigator, zipped(make_bag(tmp_path, PICTURES)))
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    assert packages.unpack(bag.pk) == len(PICTURES)
    # A row with too few cells is one that was not understood.
    imported(case, TABLE, cast.investigator, "table", columns=COLUMNS, kind="post")
    assert Post.objects.exists() and Unread.objects.exists()
    # What a merge stood on when it was made may be otherwise since.
    kept, again = named(case, cast), named(case, cast, handle="saba_again", shade=2)
    merging.merge(kept, other=again, reason="One account", by=cast.lead)
    assess(kept, to_role="participant", indicators=["payment"], exhibits=[bag], reason="Paid", against="Once",
           by=cast.lead)
    derivatives.derive_waiting()
    settle()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'stands'")
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0], f"{table} is empty, so nothing is shown of it"
    assert {"evidence_part", "evidence_origin", "evidence_screening", "evidence_tombstone"} <= set(tables)
    assert run("backup", str(tmp_path / "backups"))[0] == 0
    code, said = run("restore", "--check", str(tmp_path / "backups"))
    assert (code, said.startswith("VERIFIED: can be restored")) == (0, True), said
