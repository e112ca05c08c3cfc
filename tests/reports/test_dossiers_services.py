"""The life of a dossier: frozen facts, two people, one spent approval, a document or nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework import approvals
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody import history, holders
from evidence.custody.models import Payload
from evidence.custody.sequencer import sequence
from evidence.intake.models import Item, Step
from evidence.store import services as store
from reports.dossiers import sealing
from reports.dossiers import services as dossiers
from reports.dossiers.blockers import blockers
from reports.dossiers.models import Dossier
from reports.releases import services as releases
from reports.releases.models import Download
from tests.reports.story import NOTE, Story, log, make_story, screenshot, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return make_story(2)


def codes(dossier: Dossier) -> set[str]:
    return {one.code for one in blockers(dossier)}


def test_a_ready_case_has_no_blockers(story: Story) -> None:
    assert blockers(story.compose()) == []
    assert blockers(story.compose("briefing")) == []


def test_frozen_facts_do_not_follow_later_edits(story: Story) -> None:
    draft = story.compose()
    before = draft.frozen
    exhibits.edit(story.exhibits[0], title="another title", note="", sensitive=False, by=story.cast.investigator)
    story.case.title = "another"
    story.case.save()
    draft.refresh_from_db()
    assert draft.frozen == before
    assert sealing.digest_of(draft) == draft.digest
    assert draft.frozen["exhibits"][0]["title"] == story.exhibits[0].title


@pytest.mark.parametrize("empty", list(NOTE))
def test_an_empty_note_does_not_pass(story: Story, empty: str) -> None:
    with pytest.raises(ValidationError):
        dossiers.compose(story.case, kind="referral", language="en", **NOTE | {empty: "  "}, by=story.cast.legal)


def test_who_composes_what(story: Story) -> None:
    def compose(kind: str, by: Any) -> Dossier:
        return dossiers.compose(story.case, kind=kind, language="en", **NOTE, by=by)

    for person in (story.cast.investigator, story.cast.reviewer, story.cast.auditor, story.cast.outsider):
        for kind in ("referral", "briefing"):
            with pytest.raises(PermissionDenied):
                compose(kind, person)
    with pytest.raises(PermissionDenied):
        compose("referral", story.cast.media)
    assert compose("briefing", story.cast.media).number == 1
    assert compose("referral", story.cast.lead).number == 2


def test_a_media_officer_sees_briefings_only(story: Story) -> None:
    referral, briefing = story.compose(), story.compose("briefing")
    assert list(Dossier.objects.visible_to(story.cast.media)) == [briefing]
    assert set(Dossier.objects.visible_to(story.cast.legal)) == {referral, briefing}
    assert not Dossier.objects.visible_to(story.cast.outsider).exists()
    assert not Dossier.objects.visible_to(story.cast.investigator).exists()


def test_the_composer_cannot_review(story: Story) -> None:
    draft = dossiers.compose(story.case, kind="referral", language="en", **NOTE, by=story.cast.lead)
    dossiers.submit(draft, by=story.cast.legal)
    with pytest.raises(approvals.Refused):
        dossiers.approve(draft, by=story.cast.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=draft.pk).update(reviewer=story.cast.lead)


def test_what_was_read_is_what_is_approved(story: Story) -> None:
    waiting = dossiers.submit(story.compose(), by=story.cast.legal)
    with pytest.raises(approvals.Refused):
        dossiers.approve(waiting, seen="0" * 64, by=story.cast.reviewer)


def test_facts_changed_after_approval_cannot_be_sealed(story: Story) -> None:
    approved = story.approved()
    approved.frozen["findings"][0]["claim"] = "something else"
    Dossier.objects.filter(pk=approved.pk).update(frozen=approved.frozen)
    with pytest.raises(approvals.Refused):
        dossiers.seal(approved, by=story.cast.legal)


def test_composing_again_voids_the_approval(story: Story) -> None:
    approved = story.approved()
    again = dossiers.recompose(approved, **NOTE, by=story.cast.legal)
    assert (again.state, again.reviewer) == ("draft", None)
    with pytest.raises(NotAllowed):
        dossiers.seal(again, by=story.cast.legal)


def test_an_approval_seals_once(story: Story) -> None:
    queued = story.queued()
    assert queued.state == "rendering"
    with pytest.raises(NotAllowed):
        dossiers.seal(queued, by=story.cast.legal)
    assert not approvals.Approval.objects.filter(kind=dossiers.APPROVAL, state="approved").exists()


def test_returned_with_a_reason_and_submitted_again(story: Story) -> None:
    waiting = dossiers.submit(story.compose(), by=story.cast.legal)
    with pytest.raises(ValidationError):
        dossiers.send_back(waiting, note=" ", by=story.cast.reviewer)
    back = dossiers.send_back(waiting, note="Say more about F-001.", by=story.cast.reviewer)
    assert (back.state, back.review_note) == ("returned", "Say more about F-001.")
    dossiers.submit(back, by=story.cast.legal)


def test_each_blocker_is_named(story: Story) -> None:
    draft = story.compose()
    item = story.exhibits[0].item
    Step.objects.filter(item=item, name=Step.Name.ARCHIVE).update(state=Step.State.FAILED)
    Step.objects.filter(item=item, name=Step.Name.FIXITY).update(state=Step.State.PENDING)
    type(story.finding).objects.filter(pk=story.finding.pk).update(state="returned")
    exhibits.withdraw(story.exhibits[1], reason="wrong file", by=story.cast.investigator)
    found = blockers(draft)
    assert {one.code for one in found} == {"not_archived", "not_hashed", "finding_not_reviewed", "withdrawn"}
    assert all(one.url.startswith(f"/cases/{story.case.ref}/") for one in found)
    with pytest.raises(dossiers.Blocked):
        dossiers.submit(draft, by=story.cast.legal)
        dossiers.approve(draft, by=story.cast.reviewer)
        dossiers.seal(draft, by=story.cast.legal)


def test_an_exhibit_that_the_log_does_not_cover_blocks(story: Story) -> None:
    late = exhibits.lodge_bytes(story.case, data=screenshot(99), name="late.png", provenance={},
                                by=story.cast.investigator).exhibit
    story.finding.citations.create(exhibit=late, bearing="for")
    draft = story.compose()
    assert {"not_proven", "not_archived", "not_hashed", "no_picture"} == codes(draft)
    work(late)
    assert codes(draft) == {"not_proven", "picture_not_frozen"}
    assert codes(dossiers.recompose(draft, **NOTE, by=story.cast.legal)) == set()


def test_an_old_checkpoint_blocks(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = story.compose()
    monkeypatch.setattr("reports.dossiers.blockers.OLDEST_CHECKPOINT", timedelta(0))
    log_grew = exhibits.lodge_bytes(story.case, data=b"x", name="x", provenance={}, by=story.cast.investigator)
    sequence()
    assert log_grew and "old_checkpoint" in codes(draft)


def test_sealing_files_the_document_and_records_it(story: Story) -> None:
    dossier = story.sealed()
    assert dossier.item and dossier.item.acquisition == Item.Acquisition.MADE
    assert store.verify(dossier.item.blob_id)
    log()
    acts = [entry.detail.get("act") for entry in history.entries(subject=sealing.word(dossier), limit=20)]
    assert acts == ["dossier_sealed", "dossier_moved", "dossier_moved", "approval_given", "dossier_moved",
                    "approval_proposed", "dossier_composed"]
    assert (dossier.done, dossier.total, dossier.claimed_until) == (3, 3, None)


def test_progress_is_told_while_it_is_made(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier, told = story.queued(), []
    real = sealing._Work.step

    def step(self: Any, name: str, done: int) -> None:
        real(self, name, done)
        row = Dossier.objects.get(pk=dossier.pk)
        told.append((row.step, row.done, row.total))

    monkeypatch.setattr(sealing._Work, "step", step)
    assert dossiers.render_and_seal(dossier.pk)
    assert told[0] == ("pictures", 0, 3)
    assert told[-1] == ("signing", 3, 3)
    assert {name for name, _done, _total in told} == {"pictures", "pages", "signing"}


def test_a_worker_killed_mid_render_is_followed_by_another(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = story.queued()

    class Killed(BaseException):
        pass

    def die(*_args: Any) -> bytes:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sealing, "document", die)
        dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == "rendering" and dossier.item is None
    assert dossiers.waiting() == []
    assert not dossiers.render_and_seal(dossier.pk)
    Dossier.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert dossiers.waiting() == [dossier.pk]
    assert dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == "sealed"


def test_a_worker_that_lost_its_claim_seals_nothing(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = story.queued()

    def overtaken(row: Dossier, step: Any) -> bytes:
        Dossier.objects.filter(pk=row.pk).update(claimed_until=timezone.now() + timedelta(hours=1))
        return b"%PDF-1.7"

    monkeypatch.setattr(sealing, "document", overtaken)
    before = Payload.objects.count()
    assert not dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == "rendering" and Payload.objects.count() == before


def test_a_missing_picture_fails_the_dossier_and_names_the_exhibit(
        story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = story.queued()
    gone = dossier.frozen["exhibits"][1]["picture"]["sha256"]
    real = store.read_verified

    def read(sha256: str, limit: int) -> bytes:
        return b"\x89PNG\r\n\x1a\n but no picture" if sha256 == gone else real(sha256, limit)

    monkeypatch.setattr(store, "read_verified", read)
    assert dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.item) == ("failed", None)
    assert "E-002" in dossier.problem
    monkeypatch.undo()
    dossiers.retry(dossier, by=story.cast.legal)
    dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == "sealed"


def test_a_damaged_picture_fails_the_dossier_and_names_the_exhibit(story: Story) -> None:
    dossier = story.queued()
    dossier.frozen["exhibits"][0]["picture"]["sha256"] = "0" * 64
    dossier.digest = sealing.digest_of(dossier)
    dossier.save()
    dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == "failed" and "E-001" in dossier.problem


def test_a_missing_key_fails_in_words(story: Story, settings: Any) -> None:
    dossier = story.queued()
    settings.PDF_SIGNING_KEY = "/nowhere/pdf.p12"
    dossiers.render_and_seal(dossier.pk)
    dossier.refresh_from_db()
    assert dossier.state == "failed" and "/nowhere/pdf.p12" in dossier.problem


def test_each_download_is_recorded_with_its_purpose(story: Story) -> None:
    dossier = story.sealed()
    with pytest.raises(ValidationError):
        releases.download(dossier, purpose=" ", by=story.cast.legal)
    with pytest.raises(PermissionDenied):
        releases.download(dossier, purpose="to see", by=story.cast.media)
    data = b"".join(releases.download(dossier, purpose="for the court", by=story.cast.legal))
    taken = Download.objects.get()
    assert dossier.item and taken.sha256 == dossier.item.blob_id
    assert data.startswith(b"%PDF-1.7") and taken.purpose == "for the court"
    assert Payload.objects.filter(kind="export", subject=sealing.word(dossier)).count() == 1


def test_who_takes_the_document_holds_the_checkpoint_in_it(story: Story) -> None:
    dossier = story.sealed()
    assert holders.latest() is None
    b"".join(releases.download(dossier, purpose="for the court", by=story.cast.legal))
    held = holders.latest()
    assert held and (held.kind, held.what, held.size) == ("person", "checkpoint", dossier.log_size)
    assert held.who == f"user/{story.cast.legal.pk}"


def test_nothing_is_downloaded_before_it_is_sealed(story: Story) -> None:
    with pytest.raises(NotAllowed):
        releases.download(story.approved(), purpose="for the court", by=story.cast.legal)
