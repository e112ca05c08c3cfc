"""Rows that were read from an exhibit go with its bytes, when two people dispose of it, and not a moment before."""

import pytest
from django.db import DatabaseError, transaction

from casework.cases.models import Case
from casework.exhibits import disposals
from casework.posts import clearing, listing, looking, reading, services, tasks
from casework.posts.models import Import, Post, Unread
from evidence.archive import services as archive
from evidence.derivatives import services as derivatives
from evidence.fixity import services as fixity
from evidence.jail import services as jail
from tests.casework.exporting import CHAT, COLUMNS, DOUBTFUL, KARACHI, TABLE, begin, imported, read
from tests.factories import Cast, bearer, make_case, make_cast, sign_in
from tests.reports.story import make_keys


@pytest.fixture
def cast(db: None) -> Cast:
    make_keys()
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def dispose(case: Case, cast: Cast, source: Import) -> None:
    item = source.exhibit.item
    fixity.rehash(item)
    derivatives.derive(item)
    archive.archive(item)
    made = disposals.propose(case, exhibits=[source.exhibit.label], ground="law", reason="A person asked for it",
                             basis="Section 7 of the invented Data Act", by=cast.legal)
    disposals.approve(case, made.id, by=cast.lead)


def test_rows_are_hidden_at_once_and_deleted_by_the_next_sweep(case: Case, cast: Cast,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "AT_ONCE", 2)
    gone = imported(case, TABLE, cast.investigator, "table", columns=COLUMNS)
    stays = imported(case, CHAT, cast.investigator, **KARACHI)
    dispose(case, cast, gone)
    assert {row.source_id for row in listing.listed(case, listing.Query(), by=cast.lead).rows} == {stays.pk}
    tasks.sweep()
    gone.refresh_from_db()
    assert not Post.objects.filter(source=gone).exists() and not Unread.objects.filter(source=gone).exists()
    assert gone.cleared_at is not None and gone.kept == 4 and Post.objects.filter(source=stays).count() == 5
    assert clearing.clear() == 0
    page = sign_in(cast.auditor).get(f"/cases/{case.ref}/posts/imports/{gone.label}/").content.decode()
    assert "the rows went with them" in page


def test_what_was_asked_of_an_import_that_kept_nothing_goes_too(case: Case, cast: Cast,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "LOOK", jail.Limits(wall=0.0))
    asked = imported(case, DOUBTFUL, cast.investigator, **KARACHI)
    assert asked.kept == 0 and "Bilal" in str(asked.asks)
    dispose(case, cast, asked)
    clearing.clear()
    asked.refresh_from_db()
    assert asked.asks is None and asked.cleared_at is not None


def test_the_database_lets_no_row_go_before_its_bytes(case: Case, cast: Cast) -> None:
    done = imported(case, CHAT, cast.investigator, **KARACHI)
    with pytest.raises(DatabaseError, match="rows stay"), transaction.atomic():
        Post.objects.filter(source=done).delete()
    assert clearing.clear() == 0 and Post.objects.filter(source=done).count() == 5


def test_what_was_disposed_of_is_neither_read_nor_begun(case: Case, cast: Cast) -> None:
    begun = begin(case, CHAT, cast.investigator, **KARACHI)
    dispose(case, cast, begun)
    assert read(begun).problem == "its bytes were disposed of"
    assert reading.waiting() == []
    answer = sign_in(cast.lead).post(f"/api/v1/cases/{case.ref}/imports/",
                                     {"exhibit": "E-001", "format": "whatsapp", "options": KARACHI},
                                     content_type="application/json", headers=bearer(cast.lead))
    assert answer.status_code == 422 and services.TASK == "casework.posts.read"
