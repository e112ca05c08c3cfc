"""Checkpoints by mail: once a day, at once after the database was put back, and whoever got one is a holder."""

import smtplib
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from evidence.custody import checkpoints, holders, mailing, rounds
from evidence.custody.outside import Party
from tests.evidence import custody_log as given

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def boxes(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    settings.CHECKPOINT_MAIL = ["board@example.org", "notary@example.net"]
    given.key()
    given.fill(3)
    checkpoints.sign_checkpoint()


def pass_time(monkeypatch: pytest.MonkeyPatch, **much: float) -> None:
    later = timezone.now() + timedelta(**much)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_each_mailbox_gets_the_checkpoint_and_holds_it() -> None:
    head = checkpoints.latest()
    assert head
    assert rounds.go() == 2
    first = mail.outbox[0]
    assert [one.to for one in mail.outbox] == [["board@example.org"], ["notary@example.net"]]
    assert first.subject == f"{given.NAME}: 3"
    assert first.attachments == [("checkpoint.txt", head.note, "text/plain")]
    assert head.note in first.body
    assert "رجسٹر" in first.body
    assert [(one.kind, one.count, one.who, one.size) for one in holders.each()] == [("mail", 2, "", 3)]


def test_once_a_day_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [mailing.mail_due() for _ in range(2)] == [2, 0]
    pass_time(monkeypatch, hours=23)
    assert mailing.mail_due() == 0
    pass_time(monkeypatch, hours=2)
    assert mailing.mail_due() == 2
    assert mailing.mail_all() == 2, "unless somebody asks"


def test_a_database_that_was_put_back_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    mailing.mail_due()
    monkeypatch.setattr(mailing, "place", lambda: "another cluster/2/16384")
    assert [mailing.mail_due() for _ in range(2)] == [2, 0]


def test_the_place_of_a_database_is_told_apart_from_that_of_its_copy() -> None:
    cluster, timeline, oid = mailing.place().split("/")
    assert cluster.isdigit() and timeline == "1" and int(oid) > 16000


def test_a_mail_that_was_not_taken_makes_no_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Any, fail_silently: bool = False) -> int:
        raise smtplib.SMTPRecipientsRefused({"board@example.org": (550, b"no such box")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert rounds.go() == 0
    assert holders.latest() is None
    assert set(Party.objects.values_list("problem", "failures")) == {("unreachable", 1)}


def test_without_a_mail_server_nothing_is_tried(settings: Any) -> None:
    settings.EMAIL_URL = ""
    assert (rounds.go(), mailing.mail_all()) == (0, 0)
    assert not Party.objects.exists()


def test_the_command_mails_at_once_and_says_what_is_missing(settings: Any) -> None:
    out = StringIO()
    call_command("mail_checkpoint", stdout=out)
    call_command("mail_checkpoint", stdout=out)
    assert out.getvalue() == "2 of 2 mails were handed over.\n" * 2
    assert len(mail.outbox) == 4
    settings.CHECKPOINT_MAIL = []
    with pytest.raises(CommandError, match="CHECKPOINT_MAIL"):
        call_command("mail_checkpoint")
