"""Outside time over checkpoints: asked for when it is due, kept when it is good, and never in anybody's way."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from evidence import wake
from evidence.custody import checkpoints, egress, holders, locks, rounds, tasks, timestamps, tokens
from evidence.custody.models import Checkpoint
from evidence.custody.outside import Party, Refusal, Timestamp
from evidence.custody.tree import LogDamaged
from tests.evidence import custody_log as given
from tests.evidence.authority import POLICY, Authority, Chain, configure, forged, openssl_accepts, serving

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    with serving(Authority(tmp_path / "authority")) as running:
        configure(settings, tmp_path / "pinned", running)
        yield running


def signed(entries: int = 3) -> Checkpoint:
    given.key()
    given.fill(entries)
    made = checkpoints.sign_checkpoint()
    assert made
    return made


def party() -> Party:
    return Party.objects.get(kind="authority")


def state() -> timestamps.State:
    return timestamps.states()[0]


def pass_time(monkeypatch: pytest.MonkeyPatch, **much: float) -> None:
    later = timezone.now() + timedelta(**much)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_the_newest_checkpoint_is_stamped_byte_for_byte_and_its_authority_is_a_holder(
        authority: Authority, tmp_path: Path) -> None:
    head = signed()
    assert rounds.go() == 1
    row = Timestamp.objects.get()
    assert (row.checkpoint, row.authority, row.policy, row.accuracy_us) == (head, "127.0.0.1", POLICY, 1_500_000)
    kept = tokens.read(bytes(row.response), data=head.note.encode(), chain=tokens.read_chain(row.chain.encode()))
    assert (kept.gen_time, str(kept.serial)) == (row.gen_time, row.serial)
    query = (authority.folder / "query").read_bytes()
    assert openssl_accepts(tmp_path, bytes(row.response), authority.chain.whole, query=query)
    assert [(one.kind, one.who, one.size) for one in holders.each()] == [("authority", "127.0.0.1", 3)]
    now = state()
    assert (now.pending_since, now.late, now.skewed, now.party.failures) == (None, False, False, 0)


def test_a_second_one_waits_for_its_interval_and_for_something_new(
        authority: Authority, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    signed()
    assert [timestamps.stamp_due() for _ in range(3)] == [1, 0, 0]
    newer = signed()
    assert timestamps.stamp_due() == 0
    assert state().pending_since == newer.signed_at
    settings.TSA_INTERVAL_SECONDS = 60
    pass_time(monkeypatch, seconds=61)
    assert [timestamps.stamp_due() for _ in range(2)] == [1, 0]
    assert list(Timestamp.objects.order_by("checkpoint").values_list("checkpoint", flat=True)) == [3, 6]
    assert authority.asked == 2


def test_a_clock_that_was_set_back_does_not_stop_the_stamping(
        authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    signed()
    timestamps.stamp_due()
    signed()
    pass_time(monkeypatch, days=-2)
    assert timestamps.stamp_due() == 1
    assert state().skewed


def test_two_authorities_are_asked_apart(authority: Authority, tmp_path: Path, settings: Any) -> None:
    with serving(Authority(tmp_path / "second", Chain("second.example")), "127.0.0.2") as second:
        configure(settings, tmp_path / "pinned", authority, second)
        authority.status = 500
        signed()
        assert timestamps.stamp_due() == 1
    assert Timestamp.objects.get().authority == "127.0.0.2"
    assert [(one.host, one.party.problem) for one in timestamps.states()] == [("127.0.0.1", "status"),
                                                                             ("127.0.0.2", "")]


@pytest.mark.parametrize(("spoil", "problem"), [
    (lambda a: setattr(a, "status", 500), "status"), (lambda a: setattr(a, "status", 307), "status"),
    (lambda a: setattr(a, "delay", 1.0), "unreachable"), (lambda a: setattr(a, "drip", 0.02), "unreachable"),
    (lambda a: setattr(a, "answer", lambda q: b"x" * 10**7), "too_large"),
    (lambda a: setattr(a, "answer", lambda q: b"not a token"), "refused"),
    (lambda a: setattr(a, "answer", lambda q: forged(q, Chain("r").key, a.chain.leaf)), "refused"),
    (lambda a: setattr(a, "answer", lambda q: forged(q, a.chain.key, a.chain.leaf, nonce=1)), "refused")],
    ids=["500", "redirect", "slow", "byte by byte", "10 MB", "nonsense", "forged", "nonce"])
def test_what_an_authority_does_wrong_is_noted_and_intake_and_signing_go_on(
        authority: Authority, monkeypatch: pytest.MonkeyPatch, spoil: Any, problem: str) -> None:
    monkeypatch.setattr(egress, "SECONDS", 0.3)
    head = signed()
    spoil(authority)
    begun = time.monotonic()
    assert rounds.go() == 0
    assert time.monotonic() - begun < 5
    row = party()
    assert (row.problem, row.failures, row.size) == (problem, 1, head.size)
    assert row.next_at and row.next_at > timezone.now()
    kept = [(one.problem, bytes(one.reply)[:1]) for one in Refusal.objects.all()]
    assert kept == ([] if problem == "unreachable" else [(problem, bytes(kept[0][1]))])
    assert not Timestamp.objects.exists()
    assert signed().size == 6
    assert authority.asked == 1
    rounds.go()
    assert authority.asked == 1, "it is left alone for a while"


def test_an_authority_that_is_down_is_tried_again_with_patience_and_stamps_when_it_is_back(
        authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    signed()
    authority.status = 503
    pauses = []
    for _ in range(7):
        timestamps.stamp_due()
        row = party()
        assert row.next_at and row.tried_at
        pauses.append((row.next_at - row.tried_at).total_seconds())
        pass_time(monkeypatch, seconds=pauses[-1])
    assert pauses == [30, 60, 120, 300, 600, 600, 600]
    assert [Refusal.objects.count(), row.failures] == [3, 7], "the 1st, 2nd and 4th are kept"
    authority.status = 200
    assert timestamps.stamp_due() == 1
    assert (party().problem, party().failing_since) == ("", None)


def test_an_hour_without_a_token_is_an_alarm(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.status = 500
    signed()
    timestamps.stamp_due()
    assert not state().late
    pass_time(monkeypatch, minutes=61)
    assert state().late


@pytest.mark.parametrize(("seconds", "skewed"), [(-3600, True), (-7, True), (-3, False), (3, False), (7, True)])
def test_a_clock_that_differs_by_more_than_five_seconds_is_an_alarm(
        authority: Authority, seconds: int, skewed: bool) -> None:
    authority.answer = lambda query: forged(query, authority.chain.key, authority.chain.leaf, gen_time=(
        datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0))
    signed()
    assert timestamps.stamp_due() == 1
    assert state().skewed is skewed


def test_without_a_pinned_certificate_an_authority_is_not_asked(
        authority: Authority, tmp_path: Path, settings: Any) -> None:
    signed()
    (tmp_path / "pinned" / "127.0.0.1.pem").unlink()
    assert rounds.go() == 0
    assert authority.asked == 0
    assert "127.0.0.1.pem" in state().unusable
    (tmp_path / "pinned" / "127.0.0.1.pem").write_text("not a certificate")
    assert "not certificates" in state().unusable


def test_a_pinned_policy_is_demanded(authority: Authority, tmp_path: Path) -> None:
    signed()
    policy = tmp_path / "pinned" / "127.0.0.1.policy"
    policy.write_text("1.2.3.4.2\n")
    assert timestamps.stamp_due() == 0
    assert party().problem == "refused"
    policy.write_text("any policy\n")
    assert "not an OID" in state().unusable


def test_a_host_that_nobody_configured_is_never_asked(authority: Authority) -> None:
    with pytest.raises(egress.NotConfigured):
        egress.post("http://127.0.0.1:1/", b"", content_type="text/plain", most=1)
    with pytest.raises(egress.NotConfigured):
        egress.post("file:///etc/passwd", b"", content_type="text/plain", most=1)
    assert authority.asked == 0


def test_nothing_is_asked_before_the_first_checkpoint(authority: Authority) -> None:
    assert rounds.go() == 0
    assert authority.asked == 0


@pytest.mark.parametrize("table", ["timestamp", "cosignature", "holding", "refusal", "selftest"])
@pytest.mark.parametrize("verb", ["UPDATE evidence_{} SET {} = NULL", "DELETE FROM evidence_{}",
                                  "TRUNCATE evidence_{} CASCADE"])
def test_the_application_role_cannot_change_what_left_the_machine(table: str, verb: str) -> None:
    column = "ok" if table == "selftest" else "at" if table in {"holding", "refusal"} else "received_at"
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table, column))


def test_one_round_at_a_time_goes_to_those_outside(authority: Authority) -> None:
    signed()
    with psycopg.connect(given.SERVER.url(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [locks.OUTSIDE])
        assert rounds.go() == 0
        assert authority.asked == 0
        other.execute("SELECT pg_advisory_unlock(%s)", [locks.OUTSIDE])
    assert rounds.go() == 1


@pytest.mark.usefixtures("nobody_woken")
def test_a_new_checkpoint_wakes_the_round_outside(monkeypatch: pytest.MonkeyPatch,
                                                  django_capture_on_commit_callbacks: Any) -> None:
    sent: list[str] = []

    def send(task: str, args: tuple[str | int, ...], countdown: float | None = None) -> bool:
        sent.append(task)
        return True

    monkeypatch.setattr(wake, "_send", send)
    given.key()
    given.fill(1)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.checkpoint()
        tasks.checkpoint()
    assert sent.count("evidence.custody.outside") == 1


def test_a_damaged_log_keeps_nobody_else_waiting(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> int:
        raise LogDamaged("tiles are missing")

    monkeypatch.setattr(rounds, "WAYS", (damaged, timestamps.stamp_due))
    signed()
    assert rounds.go() == 1
