"""Settings of the world outside: what is right is read, and what is wrong stops the start with its name."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from casework import env
from tests.evidence.test_tlog_policy import KEYS, TWO_LEVELS


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
