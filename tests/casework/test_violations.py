"""What browsers report of our policy: taken, bounded, and told in the log in three words that hold no evidence."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from casework import origins, violations

OLD, NEW = "application/csp-report", "application/reports+json"
SECRET = "Zara of Lahore\r\n2026 CRITICAL forged"
REPORT = {"document-uri": "http://testserver/cases/CW-2026-0001/evidence/E-001/?q=Zara", "referrer": SECRET,
          "effective-directive": "script-src-elem", "blocked-uri": "http://evil.example:81/Zara?x=1",
          "script-sample": SECRET, "original-policy": "default-src 'none'", "source-file": SECRET}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(violations, "_minute", violations.Minute())


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO)
    return lambda: [line.getMessage() for line in caplog.records if line.name == "casework.violations"]


def send(body: Any, kind: str = OLD, **more: Any) -> Any:
    return Client(enforce_csrf_checks=True).post(
        origins.REPORTS, body if isinstance(body, bytes) else json.dumps(body), content_type=kind, **more)


def test_every_page_names_the_address_for_reports(db: None, settings: Any) -> None:
    told = Client().get("/accounts/login/").headers
    assert told["Content-Security-Policy"].count("report-uri /csp-report") == 1
    assert "report-to" not in told["Content-Security-Policy"] and "Reporting-Endpoints" not in told
    settings.HTTPS, settings.CONTENT_SECURITY_POLICY = True, {"DIRECTIVES": origins.policy("", True)}
    told = Client().get("/accounts/login/").headers
    assert {"report-uri /csp-report", "report-to csp"} <= set(told["Content-Security-Policy"].split("; "))
    assert told["Reporting-Endpoints"] == 'csp="/csp-report"'


def test_both_forms_of_a_report_are_told_in_three_words(db: None, said: Any) -> None:
    assert send({"csp-report": REPORT}).status_code == 204
    assert send([{"type": "csp-violation", "body": {
        "documentURL": "http://testserver/log/", "effectiveDirective": "img-src", "blockedURL": "data",
        "sample": SECRET}}], NEW).status_code == 204
    assert said() == ["policy violation: script-src-elem blocked http://evil.example:81 on exhibits:exhibit",
                      "policy violation: img-src blocked data on log:log"]


@pytest.mark.parametrize(("changed", "told"), [
    ({"effective-directive": SECRET}, "? blocked http://evil.example:81 on exhibits:exhibit"),
    ({"effective-directive": "zara"}, "zara blocked http://evil.example:81 on exhibits:exhibit"),
    ({"effective-directive": ["x"]}, "? blocked http://evil.example:81 on exhibits:exhibit"),
    ({"blocked-uri": SECRET}, "script-src-elem blocked ? on exhibits:exhibit"),
    ({"blocked-uri": "data:text/html,Zara"}, "script-src-elem blocked data on exhibits:exhibit"),
    ({"blocked-uri": "http://\u202ezara.example/"}, "script-src-elem blocked ? on exhibits:exhibit"),
    ({"blocked-uri": "http://x:99999999/"}, "script-src-elem blocked ? on exhibits:exhibit"),
    ({"blocked-uri": "ftp://zara.example/"}, "script-src-elem blocked ? on exhibits:exhibit"),
    ({"document-uri": "http://other.example/cases/"}, "script-src-elem blocked http://evil.example:81 on elsewhere"),
    ({"document-uri": f"http://testserver/{SECRET}"},
     "script-src-elem blocked http://evil.example:81 on no page of ours"),
    ({"document-uri": None}, "script-src-elem blocked http://evil.example:81 on elsewhere")])
def test_what_does_not_stand_for_itself_is_not_told(db: None, said: Any, changed: Any, told: str) -> None:
    assert send({"csp-report": REPORT | changed}).status_code == 204
    assert said() == [f"policy violation: {told}"]


@pytest.mark.parametrize(("body", "status"), [
    (b" ", 400), (b"{", 400), (b"\xff\xfe", 400), (b"[" * 10_000, 400), (b" " * (16 * 1024 + 1), 413),
    ([], 204), ({}, 204), ("x", 204), (1, 204), (None, 204), ([1, [], {"body": 1}], 204), ({"csp-report": []}, 204)])
def test_what_is_no_report_is_refused_or_says_nothing(db: None, said: Any, body: Any, status: int) -> None:
    assert send(body).status_code == status
    assert said() == []


def test_a_flood_is_dropped_and_that_is_said_once(db: None, said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(8):
        assert send([{"body": REPORT}] * 20, NEW).status_code == 204
    assert len(said()) == violations.MOST_A_MINUTE + 1
    assert said()[-1] == "policy violations: more than 30 in a minute, the others are dropped"
    monkeypatch.setattr(violations._minute, "began", violations._minute.began - 61)
    assert send({"csp-report": REPORT}).status_code == 204
    assert len(said()) == violations.MOST_A_MINUTE + 2


def test_ten_of_a_batch_are_read(db: None, said: Any) -> None:
    assert send([{"body": REPORT}] * 20, NEW).status_code == 204
    assert len(said()) == violations.MOST_AT_ONCE


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain",
                                  "application/json", ""])
def test_no_other_type_is_taken_and_no_form_of_another_site(db: None, said: Any, kind: str) -> None:
    assert send(b"a=1", kind).status_code == 403
    assert Client().post(origins.REPORTS, b"a=1", content_type=kind or "text/plain").status_code in {400, 415}
    assert said() == []
    assert Client().get(origins.REPORTS).status_code == 405
