"""Naming channels, and what is seen of them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from casework.accounts import moments
from casework.accounts import services as accounts
from casework.cases import services as cases
from casework.cases.models import Case
from casework.channels import compose, links, services
from casework.channels.models import Channel, ChannelObservation
from casework.editions import Changed
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody import history
from tests.factories import Cast, exhibits_of, lodge_png, make_case, make_cast

Fact = ChannelObservation.Fact
LINK = "https://chat.whatsapp.com/H4rbourEveningPosts"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


def name(case: Case, cast: Cast, shade: int = 1, **more: Any) -> Channel:
    words: dict[str, Any] = {"platform": "whatsapp", "name": "Evening posts", "at": "2026-03-14 18:05",
                             "exhibit": lodge_png(case, cast.investigator, shade).exhibit, "by": cast.investigator}
    return services.name_channel(case, **words | more)


def observe(channel: Channel, cast: Cast, fact: Fact, at: str, **more: Any) -> ChannelObservation:
    words: dict[str, Any] = {"exhibit": exhibits_of(channel.case)[0], "by": cast.investigator}
    return services.observe(channel, fact=fact, at=at, **words | more)


def state(channel: Channel) -> str:
    found: Channel = Channel.objects.with_life().get(pk=channel.pk)
    return found.state


def refused(act: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        act()
    return dict(found.value.message_dict)


def raw_delete(model: Any) -> None:
    model.objects.all()._raw_delete(using="default")


def said_of(channel: Channel) -> list[dict[str, Any]]:
    """The details of what the custody log holds of it."""
    return [entry.detail for entry in history.entries(subject=channel.word, limit=99)]


def test_a_channel_is_named_on_an_exhibit_with_its_name_and_link_as_observations(case: Case, cast: Cast) -> None:
    channel = name(case, cast, invite_link=f"  {LINK}?mode=x ", stable_id="1203630")
    first, second = channel.observations.all()
    assert (channel.label, channel.stable_id, first.fact, first.text) == ("C-001", "1203630", "name", "Evening posts")
    assert (second.text, second.spelled) == (f"{LINK}?mode=x", LINK)
    assert (first.shown_at, first.at_resolution, first.at_given) == ("2026-03-14 18:05 UTC", "minute",
                                                                     "2026-03-14 18:05")
    assert sorted(told["act"] for told in said_of(channel)) == ["channel_named", "channel_observed", "channel_observed"]


def test_numbers_have_no_gap_and_each_case_counts_its_own(case: Case, cast: Cast) -> None:
    refused(lambda: name(case, cast, name=""))
    labels = [name(case, cast, shade=shade).label for shade in (1, 2)]
    assert labels == ["C-001", "C-002"] and name(make_case(cast, "Another case"), cast).label == "C-001"


@pytest.mark.parametrize(("bad", "field"), [
    ({"name": " "}, "name"), ({"name": "x" * 501}, "name"), ({"platform": "myspace"}, "platform"),
    ({"stable_id": "1" * 121}, "stable_id"), ({"at": ""}, "at"), ({"at": "yesterday"}, "at"),
    ({"at": "2999-01-01"}, "at"), ({"at": "2026-02-30"}, "at"), ({"invite_link": "https://wa.me/923005550101"},
                                                                 "invite_link"),
    ({"invite_link": "t.me/+923005550101"}, "invite_link"), ({"invite_link": "https://signal.me/#p/+92300"},
                                                            "invite_link")])
def test_what_is_missing_or_is_no_group_is_said(case: Case, cast: Cast, bad: dict[str, Any], field: str) -> None:
    assert list(refused(lambda: name(case, cast, **bad))) == [field]
    assert not Channel.objects.exists()


def test_only_a_captured_exhibit_of_the_case_shows_a_channel(case: Case, cast: Cast) -> None:
    foreign = lodge_png(make_case(cast, "Another case"), cast.lead, 9).exhibit
    assert list(refused(lambda: name(case, cast, exhibit=foreign))) == ["exhibit"]
    own = exhibits.withdraw(lodge_png(case, cast.lead, 8).exhibit, reason="wrong file", by=cast.lead)
    assert list(refused(lambda: name(case, cast, exhibit=own))) == ["exhibit"]
    channel = name(case, cast)
    assert list(refused(lambda: observe(channel, cast, Fact.CREATED, "2026-03-14", exhibit=foreign))) == ["exhibit"]


def test_one_id_and_one_code_have_one_channel_in_a_case_and_no_case_tells_of_another(case: Case, cast: Cast) -> None:
    known: dict[str, Any] = {"invite_link": LINK, "stable_id": "1203630"}
    name(case, cast, **known)
    assert refused(lambda: name(case, cast, stable_id="1203630")) == {
        "stable_id": ["C-001 has this id: observe it there."]}
    hidden = LINK.replace("https", "hxxps").replace(".", "[.]")
    assert refused(lambda: name(case, cast, invite_link=hidden)) == {
        "invite_link": ["C-001 was seen with this link: observe it there."]}
    assert name(make_case(cast, "Another case"), cast, **known).label == "C-001"


def test_a_public_name_may_be_taken_over_by_the_next_group(case: Case, cast: Cast) -> None:
    first = name(case, cast, platform="telegram", invite_link="https://t.me/harbour_posts")
    again = name(case, cast, platform="telegram", invite_link="https://t.me/harbour_posts")
    assert (first.label, again.label) == ("C-001", "C-002")


@pytest.mark.parametrize(("text", "spelled", "code", "person"), [
    ("chat.whatsapp.com/AbC123", "https://chat.whatsapp.com/AbC123", True, False),
    ("HXXPS://chat[.]whatsapp(dot)com/AbC123", "https://chat.whatsapp.com/AbC123", True, False),
    ("https://t.me/joinchat/AbC\u200b123", "https://t.me/+AbC123", True, False),
    ("https://signal.group/#CjQKINc_1234567890", "https://signal.group/#CjQKINc_1234567890", True, False),
    ("Harbour Posts", "harbour posts", False, False),
    ("wa.me/+923005550101", "https://wa.me/923005550101", False, True),
])
def test_a_link_has_one_spelling(text: str, spelled: str, code: bool, person: bool) -> None:
    found = links.read(text)
    assert (found.spelled, found.is_code, found.is_person) == (spelled, code, person)


@pytest.mark.parametrize(("given", "shown", "typed"), [
    ("2026-10-03", "2026-10-03", ""), ("2026-10-03 19:41", "2026-10-03 19:41 UTC", ""),
    ("2026-10-03T19:41:07Z", "2026-10-03 19:41:07 UTC", ""),
    ("2026-10-03 19:41 +05:00", "2026-10-03 14:41 UTC", "2026-10-03 19:41 +05:00")])
def test_a_moment_is_shown_as_exactly_as_it_is_known(given: str, shown: str, typed: str) -> None:
    found = moments.read(f" {given} ")
    assert moments.shown(found.at, found.resolution) == shown
    assert moments.typed(found.at, found.resolution, found.given) == typed


def test_each_fact_says_what_it_is_about_and_nothing_else(case: Case, cast: Cast) -> None:
    channel, shown = name(case, cast), lodge_png(case, cast.investigator, 7).exhibit
    other = name(case, cast, shade=2)
    admin = accounts.name_account(case, platform="whatsapp", handle="+92 300 555 0101", exhibit=shown, by=cast.lead)
    good: dict[Fact, dict[str, Any]] = {
        Fact.FIRST_SEEN: {}, Fact.CREATED: {}, Fact.DELETED: {}, Fact.NAME: {"text": "Night posts"},
        Fact.INVITE: {"text": LINK}, Fact.MEMBERS: {"members": 47}, Fact.ADMIN: {"subject": admin},
        Fact.RECREATED: {"became": other}}
    every = {"text": "x", "members": 4, "subject": admin, "became": other}
    assert set(good) == set(Fact)
    for fact, words in good.items():
        observe(channel, cast, fact, "2026-03-15", **words)
        allowed = {"text", "subject"} if fact == Fact.ADMIN else set(words)
        for stray in set(every) - allowed:
            assert list(refused(lambda fact=fact, words=words, stray=stray: observe(
                channel, cast, fact, "2026-03-15", **words, **{stray: every[stray]}))) == [stray]
        if words:
            assert set(refused(lambda fact=fact: observe(channel, cast, fact, "2026-03-15"))) == allowed
    observe(channel, cast, Fact.ADMIN, "2026-03-15", text="~ Bilal, +92 300 555 0101")
    admin.refresh_from_db()
    assert admin.role == "bystander", "an admin named is nobody assessed"


def test_admin_and_successor_are_of_this_case(case: Case, cast: Cast) -> None:
    other = make_case(cast, "Another case")
    channel, foreign = name(case, cast), name(other, cast)
    shown = exhibits_of(other)[0]
    stranger = accounts.name_account(other, platform="whatsapp", handle="bilal", exhibit=shown, by=cast.lead)
    for fact, words in ((Fact.ADMIN, {"subject": stranger}), (Fact.RECREATED, {"became": foreign}),
                        (Fact.RECREATED, {"became": channel})):
        assert list(refused(lambda fact=fact, words=words: observe(
            channel, cast, fact, "2026-03-14", **words))) == list(words)


def test_state_is_what_the_last_telling_observation_says_and_is_never_inferred(case: Case, cast: Cast) -> None:
    channel, later = name(case, cast, name="", invite_link=LINK), name(case, cast, shade=2)
    assert state(channel) == "unknown", "a link shows no group"
    observe(channel, cast, Fact.RECREATED, "2026-03-20", became=later)
    assert state(channel) == "unknown", "that it came again says not that it went"
    observe(channel, cast, Fact.MEMBERS, "2026-03-15 10:00", members=12)
    assert state(channel) == "there"
    gone = observe(channel, cast, Fact.DELETED, "2026-03-15")
    assert state(channel) == "deleted", "on its day the deletion is the end"
    observe(channel, cast, Fact.NAME, "2026-03-16 08:00", text="Evening posts")
    assert state(channel) == "there"
    services.withdraw_observation(channel.observations.get(fact="name"), reason="Another group", by=cast.lead)
    assert state(channel) == "deleted"
    services.withdraw_observation(gone, reason="Misread", by=cast.lead)
    assert state(channel) == "there"
    exhibits.withdraw(exhibits_of(case)[0], reason="A forgery", by=cast.lead)
    assert state(channel) == "unknown", "what stands on a withdrawn exhibit shows nothing"


def test_what_is_withdrawn_stays_with_its_reason_and_changes_no_more(case: Case, cast: Cast) -> None:
    channel, later = name(case, cast), name(case, cast, shade=2)
    row = observe(channel, cast, Fact.RECREATED, "2026-03-20", became=later)
    with pytest.raises(ValidationError, match="withdraw that first"):
        services.withdraw(later, reason="Twice", by=cast.lead)
    assert list(refused(lambda: services.withdraw_observation(row, reason=" ", by=cast.lead))) == ["reason"]
    services.withdraw_observation(row, reason="It was another group", by=cast.lead)
    row.refresh_from_db()
    assert (row.withdrawn_reason, row.withdrawn_by) == ("It was another group", cast.lead)
    services.withdraw(later, reason="Twice", by=cast.lead)
    for act in (lambda: services.withdraw_observation(row, reason="Again", by=cast.lead),
                lambda: services.withdraw(later, reason="Again", by=cast.lead),
                lambda: services.edit(later, platform="signal", by=cast.lead),
                lambda: observe(later, cast, Fact.CREATED, "2026-03-20")):
        with pytest.raises(NotAllowed):
            act()
    assert list(refused(lambda: observe(channel, cast, Fact.RECREATED, "2026-03-20", became=later))) == ["became"]


def test_an_edit_leaves_the_earlier_words_in_the_log_and_tells_of_another_edit(case: Case, cast: Cast) -> None:
    channel = name(case, cast, stable_id="12")
    version = services.edition(channel).version
    services.edit(channel, platform="signal", stable_id="13", note="Seen twice", made_from=[version], by=cast.lead)
    with pytest.raises(Changed):
        services.edit(channel, platform="whatsapp", made_from=[version], by=cast.investigator)
    assert {"12", "13"} <= {told.get("stable_id") for told in said_of(channel)}
    assert list(refused(lambda: services.edit(channel, platform="x", note="call 0300 555 0142", by=cast.lead))) == [
        "note"]


def test_who_may_not_edit_channels_cannot_and_a_closed_case_takes_none(case: Case, cast: Cast) -> None:
    channel = name(case, cast)
    for person in cast.everybody().values():
        if person not in (cast.lead, cast.investigator):
            for act in (lambda person=person: name(case, cast, exhibit=exhibits_of(case)[0], by=person),
                        lambda person=person: observe(channel, cast, Fact.CREATED, "2026-03-14", by=person),
                        lambda person=person: services.withdraw(channel, reason="x", by=person)):
                with pytest.raises(PermissionDenied):
                    act()
    cases.close(case, by=cast.lead)
    with pytest.raises(NotAllowed):
        observe(channel, cast, Fact.CREATED, "2026-03-14")


def test_the_line_runs_from_what_shows_the_channel_to_its_deletion(case: Case, cast: Cast) -> None:
    channel = name(case, cast, at="2026-03-12")
    observe(channel, cast, Fact.CREATED, "2026-03-10")
    observe(channel, cast, Fact.DELETED, "2026-03-14")
    observe(channel, cast, Fact.FIRST_SEEN, "2026-03-18")
    life = compose.life(list(channel.observations.in_order()))
    assert life and [mark.x for mark in life.marks] == ["4.00%", "27.00%", "50.00%", "96.00%"]
    assert [span[:2] for span in life.spans] == [("4.00%", "50.00%"), ("96.00%", "96.00%")]
    assert life.legend == [("created", "Created"), ("deleted", "Deleted"), ("seen", "First seen, Name")]
    assert compose.life([]) is None


BAD_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("observation_says_its_fact_and_no_other", {"fact": "members"}),
    ("observation_says_its_fact_and_no_other", {"fact": "deleted", "text": "x"}),
    ("observation_says_its_fact_and_no_other", {"fact": "rumour", "text": "x"}),
    ("observation_has_a_time", {"at": None, "at_resolution": "", "at_given": ""}),
    ("time_has_a_resolution", {"at_resolution": ""}),
    ("withdrawn_with_a_reason", {"withdrawn_at": timezone.now()})]


@pytest.mark.parametrize(("constraint", "change"), BAD_ROWS)
def test_the_database_refuses_a_bad_observation(case: Case, cast: Cast, constraint: str,
                                                change: dict[str, Any]) -> None:
    row: dict[str, Any] = {"channel": name(case, cast), "fact": "created", "exhibit": exhibits_of(case)[0],
                           "at": timezone.now(), "at_resolution": "second", "at_given": "now",
                           "recorded_by": cast.lead, "recorded_at": timezone.now(), **change}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ChannelObservation.objects.create(**row)


def test_the_application_can_neither_delete_nor_rewrite_what_was_seen(case: Case, cast: Cast) -> None:
    name(case, cast)
    for act in (lambda: ChannelObservation.objects.update(text="Other posts"),
                lambda: raw_delete(ChannelObservation),
                lambda: raw_delete(Channel)):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            act()
