"""Where people are signed in: shown, ended, over by itself; and rights that end at the next request."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from casework.cases import leaving
from casework.cases import services as cases
from casework.exhibits import multipart, pieces
from casework.people import sessions, tasks
from casework.people.browsers import in_words
from casework.people.models import SignIn, User
from casework.record import Act
from evidence.backup.postgres import NOT_DATA
from evidence.custody import history
from tests.casework.tus import HELLO, PIECE
from tests.factories import PASSWORD, Cast, bearer, make_case, make_cast, sign_in

NEW = "eighteen louder herons"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.5 Mobile/15E148 Safari/604.1")


@pytest.fixture
def cast(db: None) -> Cast:
    cache.clear()
    return make_cast()


def log_in(person: User, agent: str = FIREFOX, address: str = "127.0.0.7") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    """Both doors say the same."""
    page, call = client.get("/settings/").status_code, client.get("/api/v1/me/").status_code
    assert (page, call) in {(200, 200), (302, 401)}
    return page == 200


def age(client: Client, **by: timedelta) -> None:
    row = SignIn.objects.get(session_id=client.session.session_key)
    SignIn.objects.filter(pk=row.pk).update(**{name: getattr(row, name) - time for name, time in by.items()})


def ended(person: User) -> list[Any]:
    return [(entry.agent["name"], entry.detail["sessions"]) for entry in history.about([f"user/{person.pk}"])
            if entry.detail["act"] == Act.SESSIONS_ENDED][::-1]


def test_settings_say_where_one_is_signed_in_and_end_one_or_all_others(cast: Cast) -> None:
    here, phone, third = log_in(cast.lead), log_in(cast.lead, PHONE, "127.0.0.9"), log_in(cast.lead, "curl/8")
    page = here.get("/settings/").content.decode()
    for word in ("Firefox on Windows", "Safari on iOS", "another program", "127.0.0.7", "127.0.0.9", "this one"):
        assert word in page
    row = SignIn.objects.get(session_id=phone.session.session_key)
    assert sign_in(cast.reviewer).post(f"/settings/sessions/{row.pk}/end/").status_code == 404
    assert is_in(phone)
    assert here.post(f"/settings/sessions/{row.pk}/end/").status_code == 302
    assert (is_in(here), is_in(phone), is_in(third)) == (True, False, True)
    here.post("/settings/sessions/end-others/")
    assert (is_in(here), is_in(third)) == (True, False)
    assert ended(cast.lead) == [("Lubna Qadir", 1), ("Lubna Qadir", 1)]


def test_the_calls_do_the_same_by_session_and_by_token(cast: Cast) -> None:
    here, other, token = sign_in(cast.lead), log_in(cast.lead), bearer(cast.lead)
    listed = {one["browser"]: one for one in here.get("/api/v1/me/sessions/").json()["results"]}
    assert listed["another program"]["this"] and not listed["Firefox on Windows"]["this"]
    number = listed["Firefox on Windows"]["id"]
    assert Client().post(f"/api/v1/me/sessions/{number}/end/", headers=bearer(cast.legal)).status_code == 404
    assert Client().post(f"/api/v1/me/sessions/{number}/end/", headers=token).json() == {"ended": 1}
    assert not is_in(other)
    log_in(cast.lead)
    assert here.post("/api/v1/me/sessions/end-others/").json() == {"ended": 1}
    assert is_in(here)
    assert Client().post("/api/v1/me/sessions/end-others/", headers=token).json() == {"ended": 1}
    assert not is_in(here)


def test_an_administrator_signs_somebody_out_everywhere_and_that_is_recorded(cast: Cast) -> None:
    theirs, token = [log_in(cast.lead), log_in(cast.lead)], bearer(cast.lead)
    admin = sign_in(cast.admin)
    shown = admin.post(f"/people/{cast.lead.pk}/end-sessions/", follow=True)
    assert "2 sessions were ended." in shown.content.decode()
    assert not any(is_in(client) for client in theirs)
    assert Client().get("/api/v1/me/", headers=token).status_code == 200, "tokens are another thing"
    assert ended(cast.lead) == [("Amna Javed", 2)]
    log_in(cast.lead)
    assert admin.post(f"/api/v1/people/{cast.lead.pk}/end-sessions/").json() == {"ended": 1}
    assert sign_in(cast.lead).post(f"/people/{cast.reviewer.pk}/end-sessions/").status_code == 403


def test_a_session_is_over_after_half_an_hour_without_use_and_after_twelve_hours_with(cast: Cast) -> None:
    used, unused, old = log_in(cast.lead), log_in(cast.lead), log_in(cast.lead)
    age(used, seen_at=timedelta(minutes=29), began_at=timedelta(hours=11, minutes=59))
    age(unused, seen_at=timedelta(minutes=31))
    age(old, began_at=timedelta(hours=12, minutes=1))
    assert (is_in(used), is_in(unused), is_in(old)) == (True, False, False)
    row = SignIn.objects.get(session_id=used.session.session_key)
    assert timezone.now() - row.seen_at < timedelta(minutes=1), "use is noted"
    assert SignIn.objects.count() == Session.objects.filter(sign_in__isnull=False).count() == 1


def test_what_is_over_is_not_kept(cast: Cast) -> None:
    idle, long, used = (log_in(cast.lead) for _turn in range(3))
    age(idle, seen_at=timedelta(minutes=31))
    age(long, began_at=timedelta(hours=13))
    Client().get("/accounts/login/")
    strangers = Session.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now())
    fresh = Session.objects.create(session_key="b" * 32, session_data="",
                                   expire_date=timezone.now() + timedelta(hours=1))
    tasks.clear()
    assert SignIn.objects.count() == 1 and is_in(used)
    kept = set(Session.objects.values_list("session_key", flat=True))
    assert fresh.pk in kept and strangers.pk not in kept
    assert sessions.clear() == 0


def test_a_session_without_its_row_is_nobodys(cast: Cast) -> None:
    client = log_in(cast.lead)
    SignIn.objects.all().delete()
    assert not is_in(client)


@pytest.mark.parametrize("act", ["sign out", "password", "disable", "reset"])
def test_what_ends_sessions_ends_them_at_the_next_request(cast: Cast, act: str) -> None:
    client, other = log_in(cast.lead), log_in(cast.lead)
    cookie = client.cookies["sessionid"].value
    if act == "sign out":
        client.post("/accounts/logout/")
        client.cookies["sessionid"] = cookie
        assert not is_in(client) and is_in(other)
        return
    if act == "password":
        other.post("/accounts/password/change/", {
            "oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    if act == "disable":
        leaving.shut_out(cast.lead, leads={}, by=cast.admin)
    if act == "reset":
        link = sign_in(cast.admin).post(f"/people/{cast.lead.pk}/reset/").context["link"]
        Client().post(link.removeprefix("http://testserver"), {"display_name": "L", "password": NEW})
    assert not is_in(client) and not is_in(other)
    assert not cast.lead.sign_ins.exists()


def test_a_right_that_is_taken_away_is_gone_at_the_next_request_of_the_same_session(cast: Cast) -> None:
    case = make_case(cast)
    client, token, path = sign_in(cast.legal), bearer(cast.legal), f"/cases/{case.ref}/"
    call = f"/api/v1/cases/{case.ref}/"
    assert client.get(path).status_code == client.get(call).status_code == 200
    cases.end_membership(case.memberships.get(user=cast.legal), by=cast.lead)
    assert client.get(path).status_code == client.get(call).status_code == 404
    assert Client().get(call, headers=token).status_code == 404
    admin = sign_in(cast.admin)
    assert admin.get("/people/").status_code == 200
    User.objects.filter(pk=cast.admin.pk).update(is_administrator=False)
    assert admin.get("/people/").status_code == admin.get("/api/v1/people/").status_code == 403


def test_a_signing_in_gives_the_session_a_new_number(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/2fa/passkeys/sign-in/", headers={"Accept": "application/json"})
    before = client.session.session_key
    client.post("/accounts/login/", {"login": cast.lead.email, "password": PASSWORD})
    assert before and client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_no_row_of_a_backup_points_to_one_that_is_left_out_of_it() -> None:
    for model in apps.get_models():
        for field in model._meta.fields:
            if field.related_model and field.related_model._meta.db_table in NOT_DATA:
                assert model._meta.db_table in NOT_DATA, field


@pytest.mark.parametrize(("agent", "said"), [
    (FIREFOX, "Firefox on Windows"), (PHONE, "Safari on iOS"), ("", "another program"), ("Firefox/1", "Firefox"),
    ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
    ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
    ("<script>alert(1)</script>" * 99, "another program")])
def test_browsers_are_told_in_plain_words(agent: str, said: str) -> None:
    assert in_words(agent) == said


class Slow(io.BytesIO):
    """A body that takes forty minutes between its first piece and the rest."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            SignIn.objects.update(seen_at=timezone.now() - timedelta(minutes=40))
        return super().read(size)


def test_a_long_upload_is_use(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "SEEN_EVERY", timedelta())
    monkeypatch.setattr(multipart, "CHUNK", 1000)
    client, case = log_in(cast.lead), make_case(cast)
    body = (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n' + bytes(5000)
            + b"\r\n--x--\r\n")
    sent: Any = {"wsgi.input": Slow(body), "CONTENT_LENGTH": str(len(body))}
    answer = client.post(f"/cases/{case.ref}/evidence/lodge", body, content_type="multipart/form-data; boundary=x",
                         headers={"Accept": "application/json"}, **sent)
    assert answer.status_code == 201, answer.content
    assert is_in(client)


def test_a_long_piece_is_use(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "SEEN_EVERY", timedelta())
    monkeypatch.setattr(pieces, "CHUNK", 1000)
    client, case = log_in(cast.lead), make_case(cast)
    upload = pieces.begin(case, size=5000, by=cast.lead)
    sent: Any = {"wsgi.input": Slow(bytes(5000)), "CONTENT_LENGTH": "5000"}
    answer = client.generic("PATCH", f"/api/v1/cases/{case.ref}/uploads/{upload.pk}/", b"x", PIECE, **sent,
                            headers=HELLO | {"Upload-Offset": "0"})
    assert answer.status_code == 204, answer.content
    assert is_in(client)
