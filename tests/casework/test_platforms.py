"""Routes and policies as rows: checked, kept in every wording, recorded, and never written over."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from stack import postgres

from casework.cases.models import Case
from casework.editions import Changed
from casework.lifecycle import NotAllowed
from casework.takedowns import references, services
from casework.takedowns.reference_models import Policy, Route
from evidence.custody import history
from tests.casework.notices import WEIGHED, WORDS, draft, ready
from tests.casework.platforms import policy, reword, route
from tests.casework.test_campaigns import refused
from tests.evidence import custody_log as given
from tests.factories import Cast, make_case, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def test_a_new_wording_is_a_new_row_beside_the_ones_before(cast: Cast) -> None:
    one = route(cast)
    two = reword(one, cast, most_urls=5, reason="The form takes five.")
    assert (one.key, one.edition, two.edition) == ("mastodon-report-form", 1, 2)
    assert [row.most_urls for row in Route.objects.filter(key=one.key)] == [5, 10]
    assert [row.most_urls for row in Route.objects.standing()] == [5]
    assert (two.recorded_by, two.reason) == (cast.admin, "The form takes five.")
    told = history.entries(subject=one.word, limit=2)
    assert [(entry.detail["act"], entry.detail["edition"], entry.detail["most_urls"]) for entry in told] == [
        ("route_written", 2, 5), ("route_written", 1, 10)]
    gone = references.end(two, reason="The form is gone.", by=cast.admin)
    assert (gone.edition, gone.in_use, Route.objects.standing().exists()) == (3, False, False)
    assert history.entries(subject=one.word, limit=1)[0].detail["act"] == "route_ended"
    with pytest.raises(NotAllowed):
        references.end(two, reason="Again", by=cast.admin)
    assert reword(gone, cast).in_use, "what comes back is in use again, and the time between stays readable"
    assert Route.objects.filter(key=one.key).count() == 4


def test_a_fact_without_a_source_is_unverified(cast: Cast) -> None:
    one = route(cast)
    assert one.unverified == ["kind", "wants", "most_urls", "used_by", "not_where", "languages", "answer"]
    assert one.source_of("address") == {"field": "address", "url": "https://rules.example/report",
                                        "read_on": "2026-03-01"}
    assert policy(cast, sources=[]).read_on is None


def test_administrators_alone_maintain_them(cast: Cast) -> None:
    one = policy(cast)
    for act in (lambda: policy(cast, by=cast.lead, name="Other"), lambda: reword(one, cast, by=cast.lead),
                lambda: references.end(one, reason="Mine", by=cast.lead)):
        with pytest.raises(PermissionDenied):
            act()
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(("bad", "field"), [
    ({"platforms": []}, "platforms"), ({"platforms": ["myspace"]}, "platforms"), ({"name": " "}, "name"),
    ({"name": "x" * 201}, "name"), ({"kind": "fax"}, "kind"), ({"kind": ""}, "kind"),
    ({"address": "javascript:alert(1)"}, "address"), ({"address": "https://me:secret@form.example/"}, "address"),
    ({"address": "report@form.example"}, "address"), ({"kind": "mail"}, "address"),
    ({"address": "http://[::1"}, "address"),
    ({"wants": [{"name": ""}]}, "wants"), ({"wants": [{"name": "Why", "most": 0}]}, "wants"),
    ({"wants": [{"name": "Why"}] * 61}, "wants"), ({"most_urls": 0}, "most_urls"), ({"languages": "xx"}, "languages"),
    ({"answer_within": None}, "answer_within"), ({"answer_unit": ""}, "answer_unit"),
    ({"answer_unit": "weeks"}, "answer_unit"), ({"answer_within": 4000}, "answer_within"),
    ({"sources": [{"field": "colour", "url": "https://a.example/", "read_on": "2026-03-01"}]}, "sources"),
    ({"sources": [{"field": "kind", "url": "ftp://a.example/", "read_on": "2026-03-01"}]}, "sources"),
    ({"sources": [{"field": "kind", "url": "https://a.example/", "read_on": "1 March"}]}, "sources"),
    ({"sources": [{"field": "kind", "url": "https://a.example/", "read_on": "2999-01-01"}]}, "sources"),
    ({"sources": [{"field": "kind", "url": "https://a.example/", "read_on": "2026-03-01"}] * 2}, "sources")])
def test_what_is_wrong_with_a_route_is_named(cast: Cast, bad: dict[str, Any], field: str) -> None:
    assert refused(lambda: route(cast, **bad)) == {field}
    assert not Route.objects.exists()


def test_all_that_is_wrong_is_named_at_once_and_odd_characters_are_kept_out(cast: Cast) -> None:
    assert refused(lambda: route(cast, name="", platforms=[], kind="fax", languages="xx")) == {
        "name", "platforms", "kind", "languages"}
    assert refused(lambda: reword(route(cast), cast, reason=" ")) == {"reason"}
    odd = route(cast, name="A \x00B \ud800", wants=[{"name": "C \x00\ud800"}])
    assert (odd.name, odd.wants[0]["name"]) == ("A B ?", "C ?")
    mail = route(cast, kind="mail", name="Mail", address="report@form.example")
    assert mail.address == "report@form.example"
    assert refused(lambda: policy(cast, fits=["opinion"])) == {"fits"}


def test_one_name_means_one_thing_on_a_platform(cast: Cast) -> None:
    one = policy(cast)
    assert refused(lambda: policy(cast, name="AUTHENTICITY")) == {"name"}
    other = policy(cast, platforms=["reddit"])
    assert other.key != one.key
    assert refused(lambda: reword(other, cast, platforms=["reddit", "x"])) == {"name"}
    assert policy(cast, name="صداقت").key == "x" and policy(cast, name="دیانت").key == "x-2"


def test_who_comes_second_is_told_what_stands(cast: Cast) -> None:
    one = policy(cast)
    version = references.edition(one).version
    reword(one, cast, wording="Be yourself.", made_from=[version])
    with pytest.raises(Changed) as told:
        reword(one, cast, wording="Be nobody.", made_from=[version])
    assert (told.value.stands.words["wording"], told.value.by) == ("Be yourself.", str(cast.admin))
    reword(one, cast)
    assert references.edition(Policy.objects.newest().get()).version != version, "the same words again are a later row"


def test_a_notice_keeps_the_wording_that_it_was_drafted_on(case: Case, cast: Cast) -> None:
    one = policy(cast)
    notice = draft(case, cast)
    assert notice.policy_row == one and references.reworded(notice.policy_row) is None
    told = history.entries(subject=notice.word, limit=1)[0].detail
    assert (told["policy"], told["policy_row"]) == ("Authenticity", "policy/x-authenticity/1")
    reword(one, cast, wording="Be yourself.")
    notice.refresh_from_db()
    assert notice.policy_row is not None and notice.policy_row.wording == "Be who you are."
    newer = references.reworded(notice.policy_row)
    assert newer is not None and newer.wording == "Be yourself."
    edited = services.edit(notice, **WORDS, **WEIGHED, by=cast.takedown)
    assert edited.policy_row == newer, "its words were saved again"


def test_a_name_of_ones_own_is_taken_and_relies_on_no_row(case: Case, cast: Cast) -> None:
    policy(cast)
    assert draft(case, cast, policy="A rule that nobody wrote down").policy_row is None
    assert draft(case, cast, platform="reddit").policy_row is None, "the policy of another platform is none of this one"
    references.end(Policy.objects.get(), reason="Gone", by=cast.admin)
    assert draft(case, cast).policy_row is None


def test_an_approval_binds_the_wording(case: Case, cast: Cast) -> None:
    notice = ready(case, cast)
    bound = services.digest(notice)
    policy(cast)
    assert services.digest(notice) == bound, "a row that came later is not what it relies on"
    services.edit(notice, **WORDS, **WEIGHED, by=cast.takedown)
    notice.refresh_from_db()
    assert services.digest(notice) != bound


@pytest.mark.parametrize("bad", [
    {"edition": 0}, {"platforms": []}, {"name": ""}, {"recorded_by": None}, {"issue": 1}, {"edition": 2},
    {"kind": "fax"}, {"answer_unit": "days", "answer_within": None}, {"answer_unit": "", "answer_within": 3}])
def test_the_database_refuses_a_row_that_cannot_be(cast: Cast, bad: dict[str, Any]) -> None:
    words: dict[str, Any] = {"key": "k", "edition": 1, "platforms": ["x"], "name": "N", "kind": "form",
                             "recorded_by": cast.admin, "recorded_at": cast.admin.date_joined}
    Route.objects.create(**words | {"key": "good"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Route.objects.create(**words | bad)


@pytest.mark.parametrize("table", [Policy, Route])
def test_the_application_cannot_rewrite_the_history(cast: Cast, table: Any) -> None:
    route(cast)
    policy(cast)
    for change in (partial(table.objects.update, name="Other"), partial(table.objects.all()._raw_delete, "default")):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()


@pytest.mark.usefixtures("real_db")
@pytest.mark.parametrize("table", ["casework_policy", "casework_route"])
def test_nor_can_the_owner(table: str) -> None:
    cast = make_cast()
    route(cast)
    policy(cast)
    connection.close()
    for sql in (f"UPDATE {table} SET name = 'Other'", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(Exception, match="insert-only"):
            postgres.execute(given.SERVER, sql, postgres.DATABASE, postgres.OWNER_ROLE)


def test_two_of_one_edition_are_refused(cast: Cast) -> None:
    one = route(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Route.objects.create(key=one.key, edition=1, platforms=["x"], name="N", kind="form", recorded_by=cast.admin,
                             recorded_at=one.recorded_at)
    with pytest.raises(ValidationError):
        route(cast)
