"""Settings of the world outside: what is right is read, and what is wrong stops the start with its name."""

import os
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from stack import environment

from casework import env
from tests.evidence.test_tlog_policy import KEYS, TWO_LEVELS

ROOT = Path(__file__).resolve().parents[2]


def test_addresses_are_web_addresses_of_different_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSA_URLS", "http://tsa.example/tsr  https://time.example:8443/")
    assert env.addresses("TSA_URLS") == ["http://tsa.example/tsr", "https://time.example:8443/"]
    monkeypatch.delenv("TSA_URLS")
    assert env.addresses("TSA_URLS") == []


@pytest.mark.parametrize("value", ["ftp://a.example/", "a.example", "http://", "file:///etc/passwd", "http://a:99999/",
                                   "http://u:p@a.example/", "http://a.example/1 http://a.example/2", "http://[::1"])
def test_what_is_no_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TSA_URLS", value)
    with pytest.raises(ImproperlyConfigured, match="TSA_URLS"):
        env.addresses("TSA_URLS")


@pytest.mark.parametrize("value", ["0", "-1", "ten", "1.5", ""])
def test_what_is_no_number_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TSA_INTERVAL_SECONDS", value)
    with pytest.raises(ImproperlyConfigured, match="TSA_INTERVAL_SECONDS"):
        env.number("TSA_INTERVAL_SECONDS", 600)


def test_mailboxes_are_mail_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKPOINT_MAIL", "board@example.org notary@example.net")
    assert env.mailboxes("CHECKPOINT_MAIL") == ["board@example.org", "notary@example.net"]
    monkeypatch.setenv("CHECKPOINT_MAIL", "board@example.org, notary@example.net")
    with pytest.raises(ImproperlyConfigured, match="CHECKPOINT_MAIL"):
        env.mailboxes("CHECKPOINT_MAIL")


def test_a_policy_is_read_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "policy"
    file.write_text(TWO_LEVELS)
    monkeypatch.setenv("LOG_POLICY", str(file))
    found = env.policy("LOG_POLICY")
    assert found and found.quorum == "both"
    monkeypatch.delenv("LOG_POLICY")
    assert env.policy("LOG_POLICY") is None


@pytest.mark.parametrize("text", ["", "quorum a\n", f"witness a {KEYS[1]} gopher://a.example\nquorum none\n"])
def test_what_is_no_policy_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    file = tmp_path / "policy"
    file.write_text(text)
    monkeypatch.setenv("LOG_POLICY", str(file))
    with pytest.raises(ImproperlyConfigured, match="LOG_POLICY"):
        env.policy("LOG_POLICY")
    monkeypatch.setenv("LOG_POLICY", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="LOG_POLICY"):
        env.policy("LOG_POLICY")


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://role:word%2Fword@db.example/casework\n")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL_FILE", str(file))
    assert env.database(env.secret("DATABASE_URL"))["PASSWORD"] == "word/word"
    assert {"word%2Fword", "word/word"} <= env.secrets()
    assert file in env.secret_files()


def test_a_secret_that_is_given_twice_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("the one")
    monkeypatch.setenv("SECRET_KEY", "the other")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY and SECRET_KEY_FILE are both set") as caught:
        env.secret("SECRET_KEY")
    assert "the o" not in str(caught.value)


@pytest.mark.parametrize("data", [None, b"", b"\n", b"one\ntwo\n", b"\xff\xfe"])
def test_a_file_that_holds_no_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                    data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "key").write_bytes(data)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE"):
        env.secret("SECRET_KEY")


def test_what_the_home_remembers_gives_way_to_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "environment").write_text("SECRET_KEY=remembered\n")
    (tmp_path / "key").write_text("in the file")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    env.load_home(tmp_path)
    assert env.secret("SECRET_KEY") == "in the file"


def test_an_address_that_is_none_is_refused_without_repeating_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtp://user:word/word@mail.example")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as caught:
        env.secret("EMAIL_URL")
    assert "word" not in str(caught.value).partition("password")[0]


def test_every_secret_setting_may_come_from_a_file_by_script_server_too() -> None:
    said = re.findall(r'env\.secret\("([A-Z_]+)"', (ROOT / "casework" / "settings.py").read_text())
    assert sorted(set(said)) == sorted(environment.SECRETS)
    docs = (ROOT / "docs" / "operations.md").read_text()
    assert [name for name in said if f"`{name}_FILE`" not in docs] == []


def test_script_server_reads_the_files_and_refuses_two_of_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("in the file\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    environment.read_secret_files()
    assert os.environ["SECRET_KEY"] == "in the file" and "SECRET_KEY_FILE" not in os.environ
    for path in (tmp_path / "key", tmp_path / "nowhere"):
        monkeypatch.setenv("SECRET_KEY_FILE", str(path))
        with pytest.raises(environment.Refused, match="SECRET_KEY_FILE"):
            environment.read_secret_files()
        monkeypatch.delenv("SECRET_KEY", raising=False)


OIDC = {"OIDC_ISSUER": "https://id.example.org/realms/college", "OIDC_CLIENT_ID": "casework"}


def test_a_provider_is_read_with_the_origins_that_it_may_be_asked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.provider() is None
    for name, value in (OIDC | {"OIDC_ORIGINS": "https://keys.example.org/", "OIDC_FACTORS": "mfa otp"}).items():
        monkeypatch.setenv(name, value)
    found = env.provider()
    assert found and found.origins == ("https://id.example.org", "https://keys.example.org")
    assert found.factors == ("mfa", "otp") and not found.only and found.client_secret == ""


@pytest.mark.parametrize("wrong", [
    {"OIDC_ISSUER": "http://id.example.org"}, {"OIDC_ISSUER": "id.example.org"},
    {"OIDC_ORIGINS": "http://keys.example.org"},
    {"OIDC_ISSUER": "https://id.example.org/?a=b"}, {"OIDC_ISSUER": "", "OIDC_ONLY": "1"}, {"OIDC_ONLY": "yes"}])
def test_a_provider_that_cannot_be_trusted_stops_the_start(monkeypatch: pytest.MonkeyPatch,
                                                           wrong: dict[str, str]) -> None:
    for name, value in (OIDC | wrong).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match="OIDC_"):
        env.provider()
