"""create_admin, api_token and doctor, as they are typed."""

import getpass
import io
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.test import Client

from casework import doctor
from casework.people.models import User
from evidence.custody import signer
from tests.factories import PASSWORD, make_person


def say(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue().strip()


def test_an_administrator_is_made_at_a_terminal(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: PASSWORD)
    say("create_admin", "Chief@Example.org", "--name", "Chief")
    chief = User.objects.get()
    assert (chief.email, chief.is_administrator, chief.is_active) == ("chief@example.org", True, True)
    assert chief.check_password(PASSWORD)


def test_or_sets_the_password_on_a_link(db: None) -> None:
    link = say("create_admin", "chief@example.org", "--link")
    assert link.startswith("http://testserver/join/")
    assert Client().get(link.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("typed", [["short", "short"], [PASSWORD, "another long password"]])
def test_a_bad_password_is_said_and_sets_nothing(db: None, monkeypatch: pytest.MonkeyPatch, typed: list[str]) -> None:
    answers = iter(typed)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError):
        say("create_admin", "chief@example.org")
    assert not User.objects.filter(is_active=True).exists()


def test_without_a_terminal_the_other_way_is_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_types(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", nobody_types)
    with pytest.raises(CommandError, match="--link"):
        say("create_admin", "chief@example.org")
    assert not User.objects.filter(is_active=True).exists()


def test_a_token_is_printed_once_and_works(db: None) -> None:
    person = make_person()
    secret = say("api_token", person.email.upper(), "--scope", "read", "--scope", "write", "--days", "2")
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert person.tokens.get().scopes == ["read", "write"]


@pytest.mark.parametrize("words", [["nobody@example.org"], ["nadia.rehmani@example.org", "--days", "0"]])
def test_a_token_that_cannot_be_made_is_said(db: None, words: list[str]) -> None:
    make_person()
    with pytest.raises(CommandError):
        say("api_token", *words)


def test_the_doctor_names_each_trouble_with_its_mend(db: None, settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY, settings.PDF_SIGNING_KEY = str(tmp_path / "log.key"), str(tmp_path / "pdf.p12")
    settings.BASE_URL, settings.HTTPS, settings.SECRET_KEY = "http://case.example", False, "short"
    settings.STORAGES = settings.STORAGES | {"archive": settings.STORAGES["evidence"]}
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("doctor", stdout=out)
    said = out.getvalue()
    for trouble in ("signing key cannot be used", "no PDF signing key", "SECRET_KEY is short", "without HTTPS",
                    "there is no second copy", "Nobody can invite people", "No outside timestamps",
                    "PostgreSQL's fsync is off"):
        assert trouble in said
    assert said.count("mend:") == said.count("BAD ") + said.count("note  ")


def test_the_doctor_has_nothing_to_say_of_what_is_well(db: None, settings: Any, tmp_path: Path) -> None:
    make_person("Chief", administrator=True)
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    signer.make_key(tmp_path / "log.key", "casework.example")
    for check in (doctor.log_key, doctor.stores, doctor.broker, doctor.migrations, doctor.administrators):
        assert not list(check()), check.__name__


def test_a_key_that_others_can_read_is_bad(settings: Any, tmp_path: Path) -> None:
    settings.PDF_SIGNING_KEY = str(tmp_path / "pdf.p12")
    (tmp_path / "pdf.p12").write_bytes(b"x")
    (tmp_path / "pdf.p12").chmod(0o644)
    assert [trouble.mend for trouble in doctor.pdf_key()] == [f"chmod 600 {tmp_path / 'pdf.p12'}"]


def test_a_stopped_broker_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    assert [trouble.bad for trouble in doctor.broker()] == [True]


def test_a_store_that_cannot_be_written_is_named(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    options = {"location": str(tmp_path / "file" / "store")}
    settings.STORAGES = settings.STORAGES | {"evidence": settings.STORAGES["evidence"] | {"OPTIONS": options}}
    assert any("evidence storage" in trouble.what for trouble in doctor.stores())
