"""Logs: no line that somebody else wrote, no secret, no evidence, and the request that a line belongs to."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client

from casework import quiet
from casework.cases import services as cases
from evidence.fixity import tasks as fixity
from tests.evidence.custody_log import SERVER
from tests.factories import Cast, bearer, make_cast, sign_in

ROOT = Path(__file__).resolve().parents[2]
FORGED = "x\n2026-11-26 10:00:00,000 INFO django admin logged in"
NASTY = [FORGED, "\r\n" + FORGED, "\x1b[31mred\x1b[0m", "\x9b31m", "\x85" + FORGED, "\u2028" + FORGED, "a\x00b",
         "a\x08\x08b", "\u202egnp.exe", "\u2066x\u2069", "\u200fx", "\ufeffx", "\ud800", "tab\there", "\U000e0041"]
EVIDENCE = "the witness lives in Shah Alam Market"


class Lines:
    """What a handler of ours writes, in one form."""

    def __init__(self, form: str) -> None:
        self.out = io.StringIO()
        handler = logging.StreamHandler(self.out)
        told: dict[str, Any] = settings.LOGGING
        line = logging.Formatter(told["formatters"]["line"]["format"])
        handler.setFormatter(quiet.Json() if form == "json" else line)
        self.logger = logging.Logger("casework.invented")
        self.logger.addHandler(handler)

    def __call__(self) -> list[str]:
        return self.out.getvalue().split("\n")[:-1]


@pytest.fixture(params=["line", "json"])
def lines(request: pytest.FixtureRequest) -> Lines:
    return Lines(request.param)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def hidden() -> Iterator[None]:
    quiet.hide(["first-secret-value", "first-secret"])
    yield
    told: dict[str, Any] = settings.LOGGING
    quiet.hide(told["hidden"])


def fail(lines: Lines, error: BaseException) -> str:
    try:
        try:
            raise ValueError(FORGED)
        except ValueError as cause:
            raise error from cause
    except type(error):
        lines.logger.exception("it failed")
    return "\n".join(lines())


@pytest.mark.parametrize("nasty", NASTY)
def test_nobody_writes_a_line_of_their_own(lines: Lines, nasty: str) -> None:
    lines.logger.warning(nasty)
    lines.logger.warning("from %s", nasty, stack_info=True)
    fail(lines, AttributeError(nasty))
    written = lines()
    for line in written:
        assert not quiet._UNSEEN.search(line), "nothing that is unseen"
        assert line.startswith(("{", "  | ")) or re.match(r"\d{4}-\d\d-\d\d [\d:,]+ (WARNING|ERROR) casework", line)
    starts = [line for line in written if not line.startswith("  | ")]
    assert len(starts) == 3, "three were logged"
    assert not any("admin logged in" in line and not line.endswith("admin logged in") and "\\n" not in line
                   for line in starts)


def test_each_object_of_json_is_a_line_with_its_parts() -> None:
    lines = Lines("json")
    fail(lines, AttributeError("'X' object has no attribute 'y'"))
    [told] = [json.loads(line) for line in lines()]
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "casework.invented", "it failed")
    assert told["time"].endswith("+00:00") and told["process"] == os.getpid()
    assert "test_logs.py" in told["exception"]
    assert told["exception"].endswith("AttributeError: 'X' object has no attribute 'y'")


@pytest.mark.parametrize("error", [
    ValueError(EVIDENCE), KeyError(EVIDENCE), RuntimeError("while reading", EVIDENCE), TypeError(EVIDENCE),
    FileNotFoundError(2, "No such file", EVIDENCE), UnicodeEncodeError("ascii", EVIDENCE, 0, 1, EVIDENCE),
    DatabaseError(f'invalid input: "{EVIDENCE}"\nDETAIL: {EVIDENCE}')])
def test_an_error_says_where_and_not_what_was_being_read(lines: Lines, error: Exception) -> None:
    said = fail(lines, error)
    assert EVIDENCE not in said and type(error).__name__ in said and "in fail" in said
    lines.logger.warning("it failed again: %s", error)
    lines.logger.warning("Task raised unexpected: %(exc)s", {"exc": repr(error)}, exc_info=error)
    assert EVIDENCE not in "\n".join(lines())


def test_an_error_of_the_database_names_its_constraint_and_no_row(lines: Lines, db: None) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO casework_case (title) VALUES (%s)", [EVIDENCE])
    assert EVIDENCE in str(caught.value), "PostgreSQL quotes the row"
    lines.logger.error("it failed", exc_info=caught.value)
    said = "\n".join(lines())
    assert EVIDENCE not in said and "23502" in said and "casework_case" in said


def test_nor_does_the_server_of_the_database_keep_it(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [EVIDENCE])
    assert EVIDENCE not in (SERVER.data / "server.log").read_text()


@pytest.mark.parametrize("said", [
    "GET /cases/?q=first-evidence HTTP/1.1", "Not Found: https://casework.example/search?q=first-evidence",
    "token cw_0a1b2c3d_first-evidence was sent", "postgresql://role:first-evidence@127.0.0.1/casework failed",
    "redis+socket://:first-evidence@/run/redis.sock", "GET /join/first-evidence/ HTTP/1.1"])
def test_no_query_no_token_and_no_password_in_an_address(lines: Lines, said: str) -> None:
    lines.logger.warning(said)
    lines.logger.warning("%s", said)
    assert "first-evidence" not in "\n".join(lines())


def test_the_value_of_a_secret_is_never_written(lines: Lines, hidden: None) -> None:
    lines.logger.warning("the key is first-secret-value, or first-secret")
    fail(lines, AttributeError("first-secret-value"))
    assert "first-secret" not in "\n".join(lines())
    assert "the key is …, or …" in "\n".join(lines()) or "the key is \\u2026, or \\u2026" in "\n".join(lines())


UNDER_DEBUG = """
import logging, sys, django
django.setup()
logging.getLogger().setLevel(logging.DEBUG)
for name in list(logging.root.manager.loggerDict):
    if name not in ("botocore", "boto3", "urllib3", "s3transfer", "django.db.backends"):
        logging.getLogger(name).setLevel(logging.NOTSET)
from django.core.mail import send_mail
from django.test import Client
from evidence.store import services as store
from evidence import wake
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
client = Client(raise_request_exception=False, SERVER_NAME="localhost")
for path in ("/", "/readyz", "/api/v1/cases/", "/join/first-link-token/"):
    client.get(path, {"q": "first-question"}, headers={"Authorization": "Bearer cw_0a1b2c3d_first-token"})
for act in (lambda: send_mail("s", "first-evidence", None, ["a@example.org"]), lambda: store.probe("evidence"),
            lambda: wake._send("evidence.sweep", ())):
    try:
        act()
    except Exception:
        logging.getLogger("casework.invented").exception("failed")
logging.getLogger("casework.invented").debug("%s %s", settings.SECRET_KEY, settings.DATABASES)
"""


@pytest.mark.parametrize("form", ["line", "json"])
def test_with_everything_down_and_every_level_on_no_secret_is_written(tmp_path: Path, form: str) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "key").write_text("first-secret-key-of-forty-characters-0123\n")
    environment = {"PATH": os.environ["PATH"], "CASEWORK_HOME": str(tmp_path),
                   "DJANGO_SETTINGS_MODULE": "casework.settings", "SECRET_KEY_FILE": str(tmp_path / "key"),
                   "DATABASE_URL": "postgresql://role:first-pass%2Fword@127.0.0.1:1/casework",
                   "STORAGE_URL": "s3://bucket/x?endpoint_url=http://127.0.0.1:1&region_name=x&access_key=AKFIRST"
                                  "&secret_key=first-secret-of-s3", "ARCHIVE_URL": f"file://{tmp_path}/archive",
                   "BROKER_URL": "redis://:first-broker-word@127.0.0.1:1/0", "LOG_FORMAT": form,
                   "PDF_SIGNING_PASSPHRASE": "first-passphrase", "AWS_MAX_ATTEMPTS": "1",
                   "EMAIL_URL": "smtp://user:first-mail-word@127.0.0.1:1"}
    done = subprocess.run([sys.executable, "-c", UNDER_DEBUG], cwd=ROOT, env=environment, capture_output=True,
                          text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "OperationalError" in done.stderr and "failed" in done.stderr
    assert re.findall(r"\S*first-\S*", done.stdout + done.stderr) == []
    if form == "json":
        assert all(json.loads(line)["logger"] for line in done.stderr.splitlines())


def test_each_answer_has_an_id_of_its_own_and_never_the_callers(cast: Cast) -> None:
    ids = set()
    for path in ("/", "/healthz", "/nothing/", "/api/v1/cases/", "/static/nothing.css", "/accounts/login/"):
        for client in (Client(), sign_in(cast.lead)):
            answer = client.get(path, headers={"X-Request-Id": "0123456789abcdef"})
            assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-Id"]), path
            ids.add(answer.headers["X-Request-Id"])
    assert len(ids) == 12 and "0123456789abcdef" not in ids


def test_a_refusal_says_the_id_and_so_do_its_lines_in_the_log(cast: Cast, caplog: pytest.LogCaptureFixture,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_given: Any) -> None:
        raise RuntimeError(EVIDENCE)

    monkeypatch.setattr(cases, "open_case", fails)
    body = {"title": "t", "mandate_basis": "b", "mandate_purpose": "p", "mandate_scope": "s"}
    client = Client(raise_request_exception=False, headers=bearer(cast.lead))
    asked: list[Callable[[], Any]] = [
        lambda: client.get("/api/v1/cases/CW-1999-0001/"), lambda: client.get("/api/v1/nothing/"),
        lambda: Client().get("/api/v1/cases/"), lambda: client.post("/api/v1/cases/", body, "application/json"),
        lambda: Client(headers={"Host": "evil.example"}).get("/api/v1/cases/")]
    for ask in asked:
        answer = ask()
        assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
        lines = [line for line in caplog.records if line.name.startswith("django.")]
        assert [getattr(line, "request_id", "") for line in lines] == [answer.headers["X-Request-Id"]]
        caplog.clear()
    assert quiet.request_id.get() == "", "what comes after belongs to nobody"


def test_what_a_request_wakes_has_its_id(cast: Cast) -> None:
    own, task = quiet.begin(), fixity.sweep
    with current_app.connection_for_write() as link, link.channel() as channel:
        current_app.send_task("evidence.invented", queue="ids")
        sent: Any = channel
        headers = sent.basic_get("ids", no_ack=True).headers
    quiet.forget()
    assert during(task, headers) == own
    assert quiet.request_id.get() == ""
    for strange in ("x\nforged", "", None):
        assert re.fullmatch("[0-9a-f]{16}", during(task, {"request_id": strange}))


def during(task: Any, headers: dict[str, Any]) -> str:
    """The id in the lines of a task that was called by a message with these headers."""
    task.push_request(headers)
    task_prerun.send(sender=task, task=task)
    found = quiet.request_id.get()
    task_postrun.send(sender=task, task=task)
    task.pop_request()
    return found
