"""What is sealed is what the case still says: changes behind the frozen facts stop it, mere growth does not."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from casework import approvals
from casework.accounts import notes
from casework.accounts import services as accounts
from casework.accounts.models import Subject
from casework.cases import services as cases
from casework.exhibits import reading
from casework.exhibits import services as exhibits
from casework.findings import services as findings
from casework.people import services as people
from casework.takedowns import services as takedowns
from casework.takedowns.models import Notice
from reports.dossiers import services as dossiers
from reports.dossiers.changes import changes
from tests.factories import make_person
from tests.reports.changing import KINDS, acknowledged, edited, lowered, sent
from tests.reports.story import HANDLE, NAME, NOTE, STRANGER, Story, make_story, work
from tests.weighed import others, submit

pytestmark = pytest.mark.django_db
COMPOSE = "Compose it again."


@pytest.fixture
def story() -> Story:
    story = make_story(1)
    sent(story)
    work(*story.case.exhibits.filter(number=3))
    return story


def written_anew(story: Story, **words: Any) -> None:
    finding = story.finding
    finding.refresh_from_db()
    whole = {name: getattr(finding, name) for name in ("kind", "likelihood", "confidence", *findings.TEXTS)}
    whole |= {"alternatives": list(finding.alternatives.values("hypothesis", "why"))}
    whole |= {"exhibits_for": story.exhibits, "subjects": list(finding.subjects.all())}
    findings.edit(finding, **whole | words, by=story.cast.investigator)
    submit(finding, by=story.cast.investigator)
    findings.review(finding, by=story.cast.reviewer)


def raised(story: Story) -> None:
    step = accounts.assess(story.subject, to_role="knowing", indicators=["payment"], exhibits=story.exhibits[:1],
                           reason="Paid twice.", against="Two receipts only.", by=story.cast.investigator)
    accounts.confirm(step, by=story.cast.reviewer)


def named(story: Story, handle: str) -> Subject:
    return accounts.name_account(story.case, platform="x", handle=handle, exhibit=story.exhibits[0],
                                 by=story.cast.investigator)


def decided(story: Story) -> None:
    takedowns.decide(story.case.notices.get().targets.get(), outcome="suspended", by=story.cast.takedown)


# The change → what is named in a referral, and in a briefing; nothing where the document would say the same.
CHANGES: dict[str, tuple[Callable[[Story], Any], list[str], list[str]]] = {
    "a finding written anew": (lambda story: written_anew(story, claim="Two accounts act together."),
                               ["F-001"], ["F-001"]),
    # From then on it is an ordinary user, whose names a referral keeps back wherever they stand.
    "a role lowered": (lowered, ["What it says of the case, or of the reasons for it,", "F-001", "E-001", "S-001"],
                       ["Account"]),
    "a role raised": (raised, ["S-001"], ["Account"]),
    "what speaks for an account": (
        lambda story: notes.add(story.subject, bearing="for", text="It stopped.", by=story.cast.investigator),
        ["S-001"], []),
    "another name of an account": (
        lambda story: accounts.observe(story.subject, handle="renamed_24", exhibit=story.exhibits[0],
                                       by=story.cast.investigator), ["S-001"], []),
    "a title": (lambda story: edited(story, title="Another title"), ["E-001"], []),
    "a marking": (lambda story: edited(story, sensitive=True), ["E-001"], []),
    "a notice acknowledged": (acknowledged, ["T-001"], ["T-001"]),
    "a notice decided": (decided, ["T-001"], ["T-001"]),
}


def named_in(found: list[str]) -> list[str]:
    """What each sentence begins with; the letter after the word is another in each briefing."""
    assert all(sentence.endswith(COMPOSE) for sentence in found), found
    return [re.sub(r"( [A-Z])?$", "", sentence.partition(" was changed since")[0]) for sentence in found]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_behind_the_facts_is_named(story: Story, change: str) -> None:
    referral, briefing = story.compose(), story.compose("briefing")
    assert changes(referral) == changes(briefing) == []
    act, in_referral, in_briefing = CHANGES[change]
    act(story)
    assert (named_in(changes(referral)), named_in(changes(briefing))) == (in_referral, in_briefing)
    work(*story.case.exhibits.all())
    for dossier in (referral, briefing):
        assert changes(dossiers.recompose(dossier, **NOTE, by=story.cast.legal)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_sent_since_is_named(story: Story, kind: str) -> None:
    dossier = story.compose(kind)
    sent(story)
    assert changes(dossier) == ["T-002 was sent since this was composed. Compose it again."]


@pytest.mark.parametrize("kind", KINDS)
def test_a_notice_that_is_taken_back_is_named(story: Story, kind: str) -> None:
    dossier = story.compose(kind)
    Notice.objects.update(state="withdrawn", withdrawn_reason="A mistake of ours.")
    assert named_in(changes(dossier)) == ["T-001"]


def test_a_case_that_reads_differently_is_named(story: Story) -> None:
    dossier = story.compose()
    type(story.case).objects.update(mandate_purpose="Something else")
    dossier.case.refresh_from_db()
    assert [sentence[:28] for sentence in changes(dossier)] == ["What it says of the case, or"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_grows_by_itself_stops_nothing(story: Story, kind: str) -> None:
    dossier, lead, investigator = story.compose(kind), story.cast.lead, story.cast.investigator
    edited(story, note="For us alone.")
    reading.view(story.exhibits[0], by=investigator)
    b"".join(reading.download(story.exhibits[0], by=investigator))
    late = exhibits.lodge_bytes(story.case, data=b"late", name="late-chat.txt", title="By @zubair_k",
                                provenance={"received_from": "Saima Tariq"}, by=investigator).exhibit
    named(story, "a_new_one")
    cases.add_member(story.case, user=make_person("Zara Hashmi"), role="investigator", by=lead)
    other = findings.write(story.case, kind="payment", title="Paid", claim="Paid.", method="Read.", likelihood="likely",
                           against="One receipt.", confidence="low", alternatives=others("A gift."),
                           exhibits_for=[late], by=investigator)
    submit(other, by=investigator)
    findings.review(other, by=story.cast.reviewer)
    work(late)
    assert changes(dossier) == []
    assert dossiers.recompose(dossier, **NOTE, by=story.cast.legal).digest != dossier.digest


def test_a_colleague_with_another_name_stops_nothing(story: Story) -> None:
    dossier = story.compose()
    people.change_settings(story.cast.reviewer, display_name="Rida M. Malik", language="en", theme="auto",
                           single_keys=False)
    assert changes(dossier) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_is_to_be_kept_back_since_stops_it(story: Story, kind: str) -> None:
    story.finding.method = "Told by quietobserver in the chat."
    story.finding.save()
    dossier = story.compose(kind)
    assert "quietobserver" in dossier.frozen["findings"][0]["method"]
    named(story, "quietobserver")
    assert named_in(changes(dossier)) == ["F-001"]


def test_what_is_weighed_is_compared_too(story: Story) -> None:
    dossier = dossiers.compose(story.case, kind="briefing", language="en", by=story.cast.media,
                               **NOTE | {"against": "Told by quietobserver."})
    named(story, "quietobserver")
    assert len(changes(dossier)) == 1


@pytest.mark.parametrize("language", ["en", "ur"])
def test_letters_that_a_text_has_of_its_own_are_no_change(story: Story, language: str) -> None:
    """Pseudonyms are dealt by chance: asked often, so that every deal comes up."""
    story.finding.method = f"Account A and Account B, اکاؤنٹ A and اکاؤنٹ B, @{HANDLE} and @{STRANGER}, compared."
    story.finding.save()
    dossier = story.compose("briefing", language)
    assert [changes(dossier) for _ in range(12)] == [[]] * 12


def test_two_accounts_that_change_places_are_seen(story: Story) -> None:
    """The same roles in all, but not of the same accounts."""
    dossier = story.compose("briefing")
    Subject.objects.filter(pk=story.subject.pk).update(role="bystander", persona="none")
    story.case.subjects.exclude(pk=story.subject.pk).update(role="participant", persona="news")
    assert named_in(changes(dossier)) == ["Account", "Account"]


def test_an_account_that_no_text_names_is_told_apart_by_what_is_said_of_it(story: Story) -> None:
    written_anew(story, title="Together", claim=f"Posts of {NAME} follow each other.", subjects=[])
    quiet = [named(story, handle) for handle in ("quiet_one", "quiet_two")]
    for row in quiet:
        story.case.notices.get().targets.create(kind="account", subject=row)
    dossier = story.compose("briefing")
    assert [changes(dossier) for _ in range(6)] == [[]] * 6
    Subject.objects.filter(pk=quiet[0].pk).update(persona="woman")
    assert named_in(changes(dossier)) == ["Account"]


def test_an_account_that_the_composer_opened_is_no_second_person(story: Story) -> None:
    story.cast.lead.is_administrator = True
    story.cast.lead.save()
    draft = dossiers.compose(story.case, kind="referral", language="en", **NOTE, by=story.cast.lead)
    puppet = people.accept(people.reset(story.cast.reviewer, by=story.cast.lead), "a long enough new password")
    dossiers.submit(draft, by=story.cast.legal)
    with pytest.raises(approvals.Refused, match="link of who proposed it"):
        dossiers.approve(draft, by=puppet)
