"""What accounts showed of themselves, and what platforms say of them."""

from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from casework.accounts import claims, compose, services
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.models import MOST_COUNTED, Observation, Subject
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody import history
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def named(case: Case, cast: Cast, handle: str = "saba_writes", shade: int = 1, **more: Any) -> Subject:
    shown = lodge_png(case, cast.lead, shade, captured_at="2026-03-14T18:05:09Z").exhibit
    return services.name_account(case, platform="x", handle=handle, exhibit=shown, by=cast.lead, **more)


def observe(subject: Subject, cast: Cast, **more: Any) -> Observation:
    words: dict[str, Any] = {"handle": "saba_writes", "exhibit": exhibits_of(subject.case)[0], "by": cast.investigator}
    return services.observe(subject, **words | more)


def claim(subject: Subject, cast: Cast, **more: Any) -> PlatformClaim:
    words: dict[str, Any] = {"kind": "country", "text": "Norland", "exhibit": exhibits_of(subject.case)[0],
                             "at": "2026-03-15", "by": cast.investigator}
    return claims.note(subject, **words | more)


def refused(act: Any) -> set[str]:
    with pytest.raises(ValidationError) as found:
        act()
    return set(found.value.message_dict)


def seen(subject: Subject) -> Subject:
    found: Subject = Subject.objects.with_names().get(pk=subject.pk)
    return found


def test_an_observation_says_when_and_how_exactly_its_time_is_known(case: Case, cast: Cast) -> None:
    subject = named(case, cast)
    day = observe(subject, cast, at="2026-03-20", handle="saba_2", followers=1200, following=0, posts=17,
                  biography="ماں، شاعرہ", place="Lahore", created="2021-03", status="active",
                  picture=exhibits_of(case)[0])
    minute = observe(subject, cast, at="2026-03-20 10:05 +05:00", handle="saba_3")
    assert [(row.observed_resolution, row.shown_at, row.typed_at) for row in (day, minute)] == [
        ("day", "2026-03-20", ""), ("minute", "2026-03-20 05:05 UTC", "2026-03-20 10:05 +05:00")]
    first = Observation.objects.get(handle="saba_writes")
    assert (first.shown_at, first.typed_at) == ("2026-03-14 18:05:09 UTC", "")
    told = history.entries(subject=subject.word, limit=5)[1].detail
    assert told | {"act": "account_observed", "handle": "saba_2", "followers": 1200, "following": 0, "posts": 17,
                   "place": "Lahore", "created": "2021-03", "status": "active", "picture": "E-001",
                   "at_resolution": "day", "at_given": "2026-03-20"} == told
    assert "biography" in told and "status" not in history.entries(subject=subject.word, limit=5)[0].detail


def test_the_status_is_what_was_shown_last_and_what_shows_none_changes_none(case: Case, cast: Cast) -> None:
    subject = named(case, cast)
    assert seen(subject).status == "unknown"
    observe(subject, cast, at="2026-03-20", status="suspended")
    observe(subject, cast, at="2026-03-21", handle="saba_later")
    assert (seen(subject).status, seen(subject).handle) == ("suspended", "saba_later")
    observe(subject, cast, at="2026-03-15", status="active")
    assert seen(subject).status == "suspended", "what was seen before says nothing of now"


def test_the_words_of_a_status_say_who_did_it_only_where_that_is_shown() -> None:
    words = {value: str(label) for value, label in Observation.Status.choices}
    assert words["missing"] == "Nothing found at its address" and words["deleted"] == "Shown as deleted"
    assert not any("owner" in word for word in words.values())


def test_the_history_is_newest_first_and_marks_what_changed(case: Case, cast: Cast) -> None:
    subject = named(case, cast, display_name="Saba")
    observe(subject, cast, at="2026-03-20", display_name="", place="Lahore", status="active")
    observe(subject, cast, at="2026-03-21", handle="cricket_now", display_name="Cricket", place="", status="renamed")
    rows = compose.history(subject.account.observations.all())
    assert [(one.row.handle, sorted(one.changed)) for one in rows] == [
        ("cricket_now", ["display_name", "handle", "status"]), ("saba_writes", []), ("saba_writes", [])]


@pytest.mark.parametrize(("bad", "fields"), [
    ({"at": "soon"}, {"at"}), ({"at": "2999-01-01"}, {"at"}), ({"at": "2026-02-30"}, {"at"}),
    ({"created": "last year"}, {"created"}), ({"created": "2021-13"}, {"created"}), ({"created": "21"}, {"created"}),
    ({"created": "2021-02-30"}, {"created"}), ({"created": "2026-03-15"}, {"created"}),
    ({"created": "2027"}, {"created"}), ({"created": "0000"}, {"created"}), ({"created": "٢٠٢١"}, {"created"}),
    ({"followers": -1}, {"followers"}), ({"posts": MOST_COUNTED + 1}, {"posts"}), ({"status": "gone"}, {"status"}),
    ({"biography": "x" * 2001}, {"biography"}), ({"place": "x" * 201}, {"place"}), ({"handle": " "}, {"handle"}),
    ({"handle": "", "at": "soon", "followers": -1, "created": "x"}, {"handle", "at", "followers", "created"})])
def test_what_is_wrong_is_named_and_nothing_is_kept(case: Case, cast: Cast, bad: dict[str, Any],
                                                    fields: set[str]) -> None:
    subject = named(case, cast)
    assert refused(lambda: observe(subject, cast, **bad)) == fields
    assert subject.account.observations.count() == 1


def test_what_another_case_or_nobody_shows_is_refused(case: Case, cast: Cast) -> None:
    subject = named(case, cast)
    foreign = lodge_png(make_case(cast, "Another"), cast.lead, 7).exhibit
    assert refused(lambda: observe(subject, cast, exhibit=foreign)) == {"exhibit"}
    assert refused(lambda: observe(subject, cast, picture=foreign)) == {"picture"}
    assert refused(lambda: claim(subject, cast, exhibit=foreign)) == {"exhibit"}
    exhibits.withdraw(exhibits_of(case)[0], reason="Cropped", by=cast.lead)
    assert refused(lambda: observe(subject, cast)) == {"exhibit"}
    assert refused(lambda: claim(subject, cast)) == {"exhibit"}


def test_a_claim_of_the_platform_is_kept_with_its_time_and_is_withdrawn_with_a_reason(case: Case, cast: Cast) -> None:
    subject = named(case, cast)
    made = claim(subject, cast, text=" Norland ")
    assert (made.text, made.shown_at) == ("Norland", "2026-03-15")
    assert history.entries(subject=subject.word, limit=1)[0].detail["act"] == "platform_claim_noted"
    assert refused(lambda: claims.withdraw(made, subject=subject, reason=" ", by=cast.lead)) == {"reason"}
    gone = claims.withdraw(made, subject=subject, reason="Another account", by=cast.lead)
    assert PlatformClaim.objects.get().withdrawn_reason == "Another account"
    with pytest.raises(NotAllowed):
        claims.withdraw(gone, subject=subject, reason="Again", by=cast.lead)


@pytest.mark.parametrize(("bad", "field"), [({"kind": "party"}, "kind"), ({"kind": ""}, "kind"),
                                            ({"text": " "}, "text"), ({"text": "x" * 301}, "text"),
                                            ({"at": ""}, "at"), ({"at": "2999"}, "at")])
def test_a_claim_that_is_none_is_refused(case: Case, cast: Cast, bad: dict[str, Any], field: str) -> None:
    subject = named(case, cast)
    assert refused(lambda: claim(subject, cast, **bad)) == {field}
    assert not PlatformClaim.objects.exists()


def test_who_may_not_edit_and_a_closed_case_add_nothing(case: Case, cast: Cast) -> None:
    subject = named(case, cast)
    made = claim(subject, cast)
    for person in (cast.reviewer, cast.auditor, cast.outsider):
        acts: list[Any] = [partial(observe, subject, cast), partial(claim, subject, cast),
                           partial(claims.withdraw, made, subject=subject, reason="No")]
        for act in acts:
            with pytest.raises(PermissionDenied):
                act(by=person)
    cases.close(case, by=cast.lead)
    for act in (lambda: observe(subject, cast), lambda: claim(subject, cast),
                lambda: claims.withdraw(made, subject=subject, reason="No", by=cast.lead)):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(("constraint", "change"), [
    ("observation_words_known", {"status": "gone"}), ("observation_words_known", {"observed_resolution": "hour"}),
    ("observation_counts_can_be", {"followers": MOST_COUNTED + 1}), ("followers_check", {"followers": -1}),
    ("observation_created_is_a_day_or_less", {"created": "spring"})])
def test_the_database_refuses_what_no_account_can_show(case: Case, cast: Cast, constraint: str,
                                                       change: dict[str, Any]) -> None:
    subject = named(case, cast)
    row = {"account": subject.account, "exhibit": exhibits_of(case)[0], "handle": "a", "observed_at": timezone.now(),
           "recorded_by": cast.lead}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Observation.objects.create(**row | change)


@pytest.mark.parametrize(("constraint", "change"), [
    ("platform_claim_kind_known", {"kind": "party"}), ("platform_claim_has_a_text_and_a_time", {"text": ""}),
    ("platform_claim_has_a_text_and_a_time", {"at": None, "at_resolution": "", "at_given": ""}),
    ("platformclaim_withdrawn_with_a_reason", {"withdrawn_reason": "x"})])
def test_the_database_refuses_a_claim_that_is_none(case: Case, cast: Cast, constraint: str,
                                                   change: dict[str, Any]) -> None:
    subject = named(case, cast)
    row = {"account": subject.account, "exhibit": exhibits_of(case)[0], "kind": "other", "text": "a",
           "at": timezone.now(), "at_resolution": "day", "at_given": "2026-03-14", "recorded_by": cast.lead,
           "recorded_at": timezone.now()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PlatformClaim.objects.create(**row | change)


def test_what_was_observed_and_claimed_is_written_once(case: Case, cast: Cast) -> None:
    claim(named(case, cast), cast)
    for act in (lambda: Observation.objects.update(handle="other"), lambda: Observation.objects.all().delete(),
                lambda: PlatformClaim.objects.update(text="other"), lambda: PlatformClaim.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_what_is_seen_is_written_down_on_pages_and_read_there(case: Case, cast: Cast) -> None:
    named(case, cast)
    pages, at = sign_in(cast.investigator), f"/cases/{case.ref}/accounts/S-001/"
    wrong = pages.post(f"{at}observe/", {"handle": "صبا", "exhibit": "E-001", "at": "soon", "followers": "-4"})
    assert wrong.status_code == 422 and "صبا" in wrong.content.decode()
    assert pages.post(f"{at}observe/", {
        "handle": "saba_2", "exhibit": "E-001", "at": "2026-03-20", "status": "suspended", "followers": "1200",
        "biography": "شاعرہ", "created": "2021", "picture": "E-001"}).status_code == 302
    assert pages.post(f"{at}claims/new/", {"kind": "country", "text": "Norland", "exhibit": "E-001",
                                           "at": "2026-03-15"}).status_code == 302
    html = pages.get(at).content.decode()
    for words in ("saba_2", "Shown as suspended by the platform", "1200", "شاعرہ", "2021", "changed", "2026-03-20",
                  "What the platform says", "Norland", "They prove nothing"):
        assert words in html, words
    assert "Shown as suspended by the platform" in pages.get(f"/cases/{case.ref}/accounts/").content.decode()
    row = PlatformClaim.objects.get()
    assert "Norland" in pages.get(f"{at}claims/{row.pk}/withdraw/").content.decode()
    assert pages.post(f"{at}claims/{row.pk}/withdraw/", {"reason": "Misread"}).status_code == 302
    assert "Misread" in pages.get(at).content.decode()
    assert pages.post(f"{at}claims/{row.pk}/withdraw/", {"reason": "Again"}).status_code == 422


def test_what_is_seen_goes_by_calls(case: Case, cast: Cast) -> None:
    named(case, cast)

    def call(method: str, path: str, answered: int, /, **body: Any) -> Any:
        answer = getattr(Client(), method)(f"/api/v1/cases/{case.ref}/accounts/{path}", body or None,
                                           headers=bearer(cast.investigator), content_type="application/json")
        assert answer.status_code == answered, answer.content
        return answer.json()

    made = call("post", "S-001/observations/", 201, handle="saba_2", exhibit="E-001", at="2026-03-20", followers=7,
                status="missing", picture="E-001")
    assert (made["observed_resolution"], made["followers"], made["picture"]) == ("day", 7, "E-001")
    for bad in ({"followers": -1}, {"followers": 10**20}, {"followers": "many"}, {"status": "gone"}, {"at": "soon"},
                {"created": "x" * 11}, {"picture": "E-099"}):
        call("post", "S-001/observations/", 422, handle="saba_2", exhibit="E-001", **bad)
    said = call("post", "S-001/claims/", 201, kind="verified", text="Blue mark", exhibit="E-001", at="2026-03-15")
    call("post", f"S-001/claims/{said['id']}/withdraw/", 200, reason="Misread")
    call("post", f"S-001/claims/{said['id']}/withdraw/", 409, reason="Again")
    told = call("get", "S-001/", 200)
    assert (told["status"], len(told["observations"])) == ("missing", 2)
    assert told["claims"][0]["withdrawn_reason"] == "Misread"
    assert call("get", "", 200)["results"][0]["status"] == "missing"


def test_what_one_case_saw_of_an_account_stays_unknown_to_another(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another", by=cast.outsider)
    other.memberships.exclude(user=cast.outsider).update(ended_at=other.opened_at)
    shown = lodge_png(other, cast.outsider, 4).exhibit
    there = services.name_account(other, platform="x", handle="seen_there", stable_id="77", exhibit=shown,
                                  by=cast.outsider)
    services.observe(there, handle="seen_there", exhibit=shown, at="2026-03-20", biography="Bio of theirs",
                     place="Place of theirs", status="suspended", followers=424242, by=cast.outsider)
    secret = claims.note(there, kind="country", text="Country of theirs", exhibit=shown, at="2026-03-20",
                         by=cast.outsider)
    ours = named(case, cast, stable_id="77")
    assert ours.account == there.account and seen(ours).status == "unknown"
    pages, calls, at = sign_in(cast.lead), bearer(cast.lead), f"/cases/{case.ref}/accounts/"
    for path in (at, f"{at}S-001/", f"/api/v1{at}", f"/api/v1{at}S-001/"):
        html = pages.get(path, headers=calls if "api" in path else {}).content.decode()
        assert "theirs" not in html and "424242" not in html and "seen_there" not in html and "uspended" not in html
    for path in (f"{at}S-001/claims/{secret.pk}/withdraw/", f"/api/v1{at}S-001/claims/{secret.pk}/withdraw/"):
        answer = Client().post(path, {"reason": "x"}, headers=calls, content_type="application/json") \
            if "api" in path else pages.post(path, {"reason": "x"})
        assert answer.status_code == 404
    assert not PlatformClaim.objects.visible_to(cast.lead).exists()


@pytest.mark.parametrize("rows", [2, 20])
def test_the_page_of_an_account_asks_as_often_for_20_observations_as_for_2(
        case: Case, cast: Cast, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    subject = named(case, cast)
    for at in range(rows):
        observe(subject, cast, at=f"2026-03-{at + 1:02d}", handle=f"saba_{at}", picture=exhibits_of(case)[0])
        claim(subject, cast, text=f"Norland {at}")
    pages = sign_in(cast.lead)
    pages.get(f"/cases/{case.ref}/accounts/S-001/")
    with django_assert_max_num_queries(18):
        assert f"saba_{rows - 1}" in pages.get(f"/cases/{case.ref}/accounts/S-001/").content.decode()
