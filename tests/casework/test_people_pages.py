"""Pages and calls about people."""

import io
import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from casework.people import services as people
from casework.people.models import ApiToken, User
from tests.factories import PASSWORD, Cast, bearer, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def link_in(page: Any) -> str:
    found = re.search(r"/join/[\w-]+/", page.content.decode())
    assert found
    return found.group()


def test_a_colleague_is_invited_joins_and_signs_in(cast: Cast) -> None:
    shown = sign_in(cast.admin).post("/people/invite/", {"email": "sana@example.org", "display_name": "Sana"})
    link = link_in(shown)
    newcomer = Client()
    assert newcomer.get(link).status_code == 200
    weak = newcomer.post(link, {"display_name": "Sana Iqbal", "password": "short"})
    assert weak.status_code == 422
    assert b"Sana Iqbal" in weak.content, "typed text is never lost"
    assert newcomer.post(link, {"display_name": "Sana Iqbal", "password": PASSWORD}).status_code == 302
    assert newcomer.get(link).status_code == 404
    assert newcomer.post("/accounts/login/", {"login": "sana@example.org", "password": PASSWORD}).status_code == 302
    assert newcomer.get("/settings/").status_code == 200


def test_a_link_that_opens_nothing_says_the_same_whatever_the_reason(cast: Cast) -> None:
    _, used = people.invite("sana@example.org", "Sana", by=None)
    people.accept(used, PASSWORD)
    pages = [Client().get(f"/join/{token}/") for token in (used, "never-made", "x" * 3000, "%00")]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(rb'name="(csrf\w+|next)" value="[^"]*"', b"", page.content) for page in pages}) == 1


def test_acts_on_people_ask_for_the_password_again(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin)
    assert client.get("/people/").status_code == 200
    answer = client.post(f"/people/{cast.media.pk}/disable/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    cast.media.refresh_from_db()
    assert cast.media.is_active
    client.post(answer.headers["Location"], {"password": PASSWORD})
    cast.media.refresh_from_db()
    assert not cast.media.is_active, "the act goes on where it stopped: nothing is typed twice"


def test_disable_enable_and_reset_from_the_list(cast: Cast) -> None:
    client = sign_in(cast.admin)
    client.post(f"/people/{cast.media.pk}/disable/")
    cast.media.refresh_from_db()
    assert not cast.media.is_active
    client.post(f"/people/{cast.media.pk}/enable/")
    link = link_in(client.post(f"/people/{cast.media.pk}/reset/"))
    Client().post(link, {"display_name": "Mina Baig", "password": "eighteen louder herons"})
    cast.media.refresh_from_db()
    assert cast.media.is_active and cast.media.check_password("eighteen louder herons")
    refused = client.post(f"/people/{cast.admin.pk}/disable/", follow=True)
    assert b"last administrator" in refused.content


def test_sign_up_is_closed(db: None) -> None:
    Client().post("/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD})
    assert not User.objects.exists()


def test_settings_are_kept_and_typed_text_survives_a_refusal(cast: Cast) -> None:
    client = sign_in(cast.lead)
    refused = client.post("/settings/", {"display_name": "Lubna Q.", "language": "xx", "theme": "dark"})
    assert refused.status_code == 422 and b"Lubna Q." in refused.content
    client.post("/settings/", {"display_name": "Lubna Q.", "language": "ur", "theme": "dark"})
    cast.lead.refresh_from_db()
    assert (cast.lead.display_name, cast.lead.language, cast.lead.theme, cast.lead.single_keys) == (
        "Lubna Q.", "ur", "dark", False)


def test_a_token_is_shown_once_and_can_be_revoked(cast: Cast) -> None:
    client = sign_in(cast.lead)
    assert client.post("/settings/tokens/", {"name": "", "scopes": ["read"], "days": 1}).status_code == 422
    shown = client.post("/settings/tokens/", {"name": "script", "scopes": ["read"], "days": 30})
    secret = re.search(r"cw_[0-9a-f]{8}_[\w-]+", shown.content.decode())
    assert secret
    assert secret.group() not in client.get("/settings/").content.decode()
    headers = {"Authorization": f"Bearer {secret.group()}"}
    assert Client().get("/api/v1/me/", headers=headers).json()["email"] == cast.lead.email
    token = ApiToken.objects.get()
    assert token.last_used_at is not None
    assert sign_in(cast.outsider).post(f"/settings/tokens/{token.pk}/revoke/").status_code == 404
    assert client.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 302
    assert Client().get("/api/v1/me/", headers=headers).status_code == 401


def test_the_language_switch_goes_back_to_where_it_was_pressed_and_nowhere_else(cast: Cast) -> None:
    visitor = Client()
    answer = visitor.post("/language/", {"language": "ur", "next": "/accounts/login/"})
    assert answer.headers["Location"] == "/accounts/login/"
    assert b'dir="rtl"' in visitor.get("/accounts/login/").content
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\x00", "abc",
                      "cases/", "/\\evil.example", "///evil.example", "https:evil.example", "//[", "/" + "x" * 5000):
        assert visitor.post("/language/", {"language": "en", "next": elsewhere}).headers["Location"] == "/"
    signed_in = sign_in(cast.lead)
    signed_in.post("/language/", {"language": "ur"})
    signed_in.post("/language/", {"language": "xx"})
    cast.lead.refresh_from_db()
    assert cast.lead.language == "ur"


@pytest.mark.parametrize("header", [
    "Bearer", "Bearer ", "Bearer x", "Bearer cw_00000000_x", "Bearer cw_\xe9", "Bearer a b c", "bearer cw_",
    "Basic eDp5", "Bearer " + "x" * 5000])
def test_a_wrong_token_is_a_401_that_names_the_scheme(db: None, header: str) -> None:
    answer = Client().get("/api/v1/me/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401


def test_an_expired_token_and_a_missing_scope_are_refused(cast: Cast) -> None:
    read = bearer(cast.admin, "read")
    assert Client().get("/api/v1/people/", headers=read).status_code == 200
    body = {"email": "sana@example.org", "display_name": "Sana"}
    assert Client().post("/api/v1/people/", body, "application/json", headers=read).status_code == 403
    write_only = bearer(cast.admin, "write")
    assert Client().get("/api/v1/me/", headers=write_only).status_code == 403
    ApiToken.objects.update(expires_at=timezone.now())
    assert Client().get("/api/v1/me/", headers=read).status_code == 401


def test_people_through_the_api(cast: Cast) -> None:
    write = bearer(cast.admin, "read", "write")
    body = {"email": "sana@example.org", "display_name": "Sana"}
    made = Client().post("/api/v1/people/", body, "application/json", headers=write)
    assert made.status_code == 201
    assert Client().get(made.json()["link"].removeprefix("http://testserver")).status_code == 200
    assert Client().post("/api/v1/people/", body | {"email": cast.lead.email}, "application/json",
                         headers=write).status_code == 422
    assert Client().post("/api/v1/people/", body, "application/json",
                         headers=bearer(cast.lead)).status_code == 403


def test_disable_enable_and_reset_through_the_api(cast: Cast) -> None:
    headers = bearer(cast.admin)

    def post(verb: str, person: User = cast.media) -> Any:
        return Client().post(f"/api/v1/people/{person.pk}/{verb}/", headers=headers)

    assert post("disable").json()["is_active"] is False
    assert post("reset").status_code == 422
    assert post("enable").json()["is_active"] is True
    assert Client().get(post("reset").json()["link"].removeprefix("http://testserver")).status_code == 200
    assert post("disable", cast.admin).status_code == 422, "the last administrator stays"


@pytest.mark.parametrize("body", ["null", "[]", "true", "{", '{"email": 1, "display_name": []}', '"\\u0000"',
                                  '{"email": "a@example.org", "display_name": "a\\u0000b"}'])
def test_a_malformed_body_is_the_callers_mistake(cast: Cast, body: str) -> None:
    answer = Client().post("/api/v1/people/", body, "application/json", headers=bearer(cast.admin))
    assert 400 <= answer.status_code < 500


def test_a_session_that_gave_no_password_lately_cannot_invite_through_the_api(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.admin)
    body = {"email": "sana@example.org", "display_name": "Sana"}
    assert client.post("/api/v1/people/", body, "application/json").status_code == 403
    assert sign_in(cast.admin).post("/api/v1/people/", body, "application/json").status_code == 201


def test_a_door_that_takes_no_files_keeps_none(rf: RequestFactory, cast: Cast) -> None:
    sent = rf.post("/accounts/login/", {"login": "a@b.example", "file": io.BytesIO(b"x" * 5_000_000)})
    assert not sent.FILES and sent.POST["login"] == "a@b.example"
    answer = Client().post("/accounts/login/", {"login": "a@b.example", "file": io.BytesIO(b"x" * 100)})
    assert answer.status_code < 500


def test_what_is_shown_once_offers_no_language_that_would_lose_it(cast: Cast) -> None:
    client = sign_in(cast.admin)
    for shown in (client.post("/people/invite/", {"email": "sana@example.org", "display_name": "Sana"}),
                  client.post(f"/people/{cast.media.pk}/reset/"),
                  client.post("/settings/tokens/", {"name": "mine", "scopes": ["read"], "days": "7"}),
                  client.post("/people/invite/", {"email": "", "display_name": "Sana"})):
        assert b'action="/language/"' not in shown.content
    assert b'action="/language/"' in client.get("/people/").content


def test_nobody_is_disabled_without_being_asked_again(cast: Cast) -> None:
    client = sign_in(cast.admin)
    asked = client.get(f"/people/{cast.media.pk}/disable/")
    assert asked.status_code == 200 and b"Mina Baig" in asked.content
    cast.media.refresh_from_db()
    assert cast.media.is_active
    listed = client.get("/people/").content.decode()
    assert f'<a class="btn quiet danger" href="/people/{cast.media.pk}/disable/">' in listed
    assert f'action="/people/{cast.media.pk}/disable/"' not in listed


def test_a_link_that_was_used_or_replaced_says_that_it_may_have_been(cast: Cast) -> None:
    _, old = people.invite("sana@example.org", "Sana", by=None)
    people.invite("sana@example.org", "Sana", by=None)
    said = Client().get(f"/join/{old}/").content.decode()
    assert "It was used or replaced by a newer one" in said
    assert "It was used or replaced by a newer one" in Client().get("/join/cut%20off/").content.decode()
    assert "It was used or replaced by a newer one" in Client().get(f"/join/{old}", follow=True).content.decode()
