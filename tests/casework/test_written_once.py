"""The database keeps what receipts are made of: nobody rewrites it, not the application and not the owner."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, models, transaction
from django.db.migrations.exceptions import IrreversibleError
from psycopg import errors
from stack import postgres

from casework.cases.models import Case
from casework.exhibits import services
from casework.exhibits.models import Exhibit, LodgingKey, Sighting
from evidence.intake.models import Step
from tests.evidence import custody_log as given
from tests.factories import Cast, lodge_png, make_case, make_cast

WRITTEN_ONCE = ("case_id", "number", "item_id", "lodged_by_id", "lodged_at", "event_id", "leaf_hash")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.mark.parametrize("column", WRITTEN_ONCE)
def test_the_application_may_not_rewrite_what_an_exhibit_is(case: Case, cast: Cast, column: str) -> None:
    lodge_png(case, cast.lead)
    change: dict[str, Any] = {column.removesuffix("_id") if column != "event_id" else column: models.F(column)}
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Exhibit.objects.update(**change)


def test_what_people_say_of_an_exhibit_may_change_and_nothing_goes_away(case: Case, cast: Cast) -> None:
    lodged = lodge_png(case, cast.lead)
    lodge_png(case, cast.lead)
    services.edit(lodged.exhibit, title="Another", note="A note", sensitive=True, by=cast.lead)
    services.withdraw(lodged.exhibit, reason="Cropped.", by=cast.lead)
    assert Sighting.objects.exists() and Step.objects.exists()
    for table in (Exhibit, Sighting, LodgingKey, Step):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            table._base_manager.all()._raw_delete(using="default")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Sighting.objects.update(seen_at=models.F("seen_at"))


@pytest.mark.usefixtures("real_db")
@pytest.mark.parametrize("room", ["casework", "evidence"])
def test_no_migration_takes_the_guards_away(room: str) -> None:
    with given.connected_as(postgres.OWNER_ROLE), pytest.raises(IrreversibleError):
        call_command("migrate", room, "0001_tables", verbosity=0)


@pytest.mark.usefixtures("real_db")
@pytest.mark.parametrize("sql", [
    "UPDATE casework_exhibit SET leaf_hash = '0'", "UPDATE casework_exhibit SET number = 9",
    "DELETE FROM casework_exhibit", "TRUNCATE casework_exhibit CASCADE", "UPDATE casework_sighting SET seen_at = now()",
    "SET session_replication_role = replica; UPDATE casework_exhibit SET leaf_hash = '0'"])
def test_the_owner_is_refused_too(sql: str) -> None:
    cast = make_cast()
    case = make_case(cast)
    lodge_png(case, cast.lead)
    lodge_png(case, cast.lead)
    role = postgres.SUPERUSER if "replica" in sql else postgres.OWNER_ROLE
    with pytest.raises(errors.InsufficientPrivilege, match="insert-only"):
        postgres.execute(given.SERVER, sql, postgres.DATABASE, role)
    postgres.execute(given.SERVER, "UPDATE casework_exhibit SET title = 'Another'", postgres.DATABASE, role)
