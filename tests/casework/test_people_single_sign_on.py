"""Single sign-on: the provider vouches for people who were invited and joined here."""

import io
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from casework.env import Provider as Configured
from casework.people import services as people
from casework.people.models import Identity, User
from casework.record import Act
from evidence.custody import egress, history
from evidence.custody.services import LogUnwritable
from tests.casework.authenticator import SIGN_IN, asked_on, enrol
from tests.casework.provider import Provider
from tests.casework.signing_on import BACK, CONNECT, LOGIN, START, brought, comes, is_in, said
from tests.factories import PASSWORD, Cast, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def acts(subject: str) -> list[str]:
    return [str(entry.detail.get("act")) for entry in history.about([subject])]


def test_a_person_who_joined_signs_in_and_is_bound_to_the_subject(cast: Cast, provider: Provider) -> None:
    assert "Example College" in said(Client())
    client = Client()
    provider.claims |= {"email": cast.lead.email.upper()}
    answer = client.get(BACK, brought(provider, client, f"{START}?next=/cases/"))
    assert answer.headers["Location"] == "/cases/" and is_in(client)
    assert acts(f"user/{cast.lead.pk}")[:2] == [Act.SIGNED_IN, Act.IDENTITY_BOUND]
    told = history.about([f"user/{cast.lead.pk}"])[0].detail
    assert told["methods"] == ["single_sign_on"]
    assert "Example College" in said(client, "/settings/")
    # From now on the subject decides, not the address.
    provider.claims |= {"email": cast.reviewer.email}
    again = Client()
    again.get(BACK, brought(provider, again))
    assert again.get("/api/v1/me/").json()["email"] == cast.lead.email
    assert Identity.objects.count() == 1


def test_nobody_comes_in_by_an_address_that_is_not_proven_or_no_longer_theirs(cast: Cast, provider: Provider) -> None:
    provider.claims |= {"email_verified": False}
    assert not is_in(comes(provider, cast.lead))
    provider.claims |= {"email_verified": "true"}
    assert not is_in(comes(provider, cast.lead))
    provider.claims |= {"email_verified": True}
    assert is_in(comes(provider, cast.lead))
    # The provider gave the address of somebody who is bound to another of its people.
    provider.claims |= {"sub": "another"}
    taken = comes(provider, cast.lead)
    assert not is_in(taken) and "invite you" in said(taken)
    assert acts(f"user/{cast.lead.pk}")[0] == Act.SIGN_IN_FAILED


@pytest.mark.parametrize("who", ["stranger", "invited", "disabled"])
def test_nobody_joins_by_it_and_a_disabled_person_stays_out(cast: Cast, provider: Provider, who: str) -> None:
    if who == "stranger":
        person = User(email="stranger@example.org")
    elif who == "invited":
        person = people.invite("new@example.org", "Noor Alam", by=cast.admin)[0]
    else:
        assert is_in(comes(provider, cast.outsider))
        person = people.disable(cast.outsider, by=cast.admin)
    before = User.objects.count()
    client = comes(provider, person)
    assert not is_in(client) and "you cannot come in here" in said(client)
    assert User.objects.count() == before
    assert acts(f"user/{person.pk or 'unknown'}")[0] == Act.SIGN_IN_FAILED


def test_what_cannot_be_recorded_signs_nobody_in(cast: Cast, provider: Provider,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    def unwritable(*_args: Any, **_named: Any) -> None:
        raise LogUnwritable

    monkeypatch.setattr("casework.people.sign_ins.record", unwritable)
    client = Client()
    provider.claims |= {"email": cast.lead.email}
    assert client.get(BACK, brought(provider, client)).status_code == 503
    assert not is_in(client)


def test_an_answer_is_good_once_in_the_browser_that_asked(cast: Cast, provider: Provider) -> None:
    provider.claims |= {"email": cast.lead.email}
    asked, other = Client(), Client()
    carried = brought(provider, asked)
    assert other.get(BACK, carried).headers["Location"] == LOGIN and not is_in(other)
    assert "another browser" in said(other)
    for wrong in ({}, {"code": carried["code"]}, {"state": carried["state"] + "x", "code": carried["code"]},
                  {"state": "\x00", "code": "1"}):
        assert asked.get(BACK, wrong).headers["Location"] == LOGIN and not is_in(asked)
    asked.get(BACK, carried)
    assert is_in(asked)
    again = Client()
    again.cookies = asked.cookies
    asked.post("/accounts/logout/")
    assert asked.get(BACK, carried).headers["Location"] == LOGIN and not is_in(asked)


def test_a_person_who_cancels_there_or_takes_too_long_is_told_so(cast: Cast, provider: Provider,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    carried = brought(provider, client)
    client.get(BACK, {"state": carried["state"], "error": "access_denied"})
    assert "did not sign you in" in said(client)
    carried = brought(provider, client)
    now = time.time()
    monkeypatch.setattr("casework.people.identity_views.time.time", lambda: now + 601)
    client.get(BACK, carried)
    assert "too long ago" in said(client) and not is_in(client)


def test_its_own_second_factor_counts_where_it_says_so(cast: Cast, provider: Provider, settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = ["lead"]
    make_case(cast)
    assert not is_in(comes(provider, cast.lead))
    provider.claims |= {"amr": ["pwd", "mfa"]}
    assert is_in(comes(provider, cast.lead))
    provider.claims |= {"amr": "mfa"}
    assert not is_in(comes(provider, cast.lead))
    provider.claims |= {"amr": ["pwd"], "acr": "mfa"}
    assert is_in(comes(provider, cast.lead))


def test_whoever_has_a_factor_here_gives_it_also_after_the_provider(cast: Cast, provider: Provider) -> None:
    enrol(sign_in(cast.lead))
    provider.claims |= {"amr": ["mfa"], "email": cast.lead.email}
    client = Client()
    assert client.get(BACK, brought(provider, client)).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)


def tired(person: User) -> Client:
    """Signed in, and asked again who it is before anything weighty."""
    client = Client()
    client.force_login(person)
    return client


def test_it_confirms_who_somebody_is_if_it_asked_them_just_now(cast: Cast, provider: Provider) -> None:
    comes(provider, cast.lead)
    client = tired(cast.lead)
    assert "Example College" in client.get("/accounts/reauthenticate/?next=/settings/tokens/").content.decode()
    there = client.get(f"{START}?next=/accounts/2fa/passkeys/add/").headers["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["prompt"] == ["login"] and asked["max_age"] == ["0"]
    provider.auth_time = time.time() - 3600
    assert client.get(BACK, provider.go(there)).headers["Location"] == "/accounts/reauthenticate/"
    assert client.get("/accounts/2fa/passkeys/add/").status_code == 302
    provider.auth_time = None
    assert client.get(BACK, brought(provider, client, f"{START}?next=/accounts/2fa/passkeys/add/")).headers[
        "Location"] == "/accounts/2fa/passkeys/add/"
    assert client.get("/accounts/2fa/passkeys/add/").status_code == 200


def test_another_of_the_providers_people_confirms_nothing(cast: Cast, provider: Provider) -> None:
    comes(provider, cast.lead)
    client = tired(cast.lead)
    provider.claims |= {"sub": "another"}
    client.get(BACK, brought(provider, client))
    assert client.get("/accounts/2fa/passkeys/add/").status_code == 302
    assert client.get("/api/v1/me/").json()["email"] == cast.lead.email


def test_whoever_is_signed_in_connects_an_account_of_another_address(cast: Cast, provider: Provider) -> None:
    provider.claims |= {"email": "other@example.net", "email_verified": False}
    assert tired(cast.lead).get(CONNECT).headers["Location"].startswith("/accounts/reauthenticate/")
    client = sign_in(cast.lead)
    assert client.get(BACK, brought(provider, client, CONNECT)).headers["Location"] == "/settings/"
    fresh = Client()
    fresh.get(BACK, brought(provider, fresh))
    assert fresh.get("/api/v1/me/").json()["email"] == cast.lead.email
    # Nobody else, and no second one.
    other = sign_in(cast.reviewer)
    other.get(BACK, brought(provider, other, CONNECT))
    assert "cannot be connected" in said(other, "/settings/")
    provider.claims |= {"sub": "second"}
    client.get(BACK, brought(provider, client, CONNECT))
    assert "cannot be connected" in said(client, "/settings/")
    assert [(one.person, one.subject) for one in Identity.objects.all()] == [(cast.lead, "248289761001")]


def test_a_link_elsewhere_connects_nobody_with_an_account_that_is_signed_in_at_the_provider(
        cast: Cast, provider: Provider) -> None:
    """Another page can lead a browser to it, and can have signed that browser in at the provider as somebody else."""
    client = sign_in(cast.lead)
    there = client.get(CONNECT).headers["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["prompt"] == ["login"] and asked["max_age"] == ["0"]
    provider.auth_time = time.time() - 3600
    client.get(BACK, provider.go(there))
    assert not Identity.objects.exists() and "did not confirm" in said(client, "/settings/")


def test_a_question_to_connect_does_not_outlive_who_asked_it(cast: Cast, provider: Provider) -> None:
    client = sign_in(cast.lead)
    carried = brought(provider, client, CONNECT)
    client.force_login(cast.reviewer)
    client.get(BACK, carried)
    assert not Identity.objects.exists()


def test_where_it_is_the_only_way_passwords_and_passkeys_sign_nobody_in(cast: Cast, provider: Provider,
                                                                         settings: Any) -> None:
    passkey = enrol(sign_in(cast.reviewer))
    settings.OIDC = Configured(**vars(settings.OIDC) | {"only": True})
    client = Client()
    page = said(client)
    assert 'name="password"' not in page and "Example College" in page
    client.post(LOGIN, {"login": cast.lead.email, "password": PASSWORD})
    assert not is_in(client) and "alone" in said(client)
    client.post(SIGN_IN, {"credential": passkey.get(asked_on(client, SIGN_IN))})
    assert not is_in(client)
    assert is_in(comes(provider, cast.lead))


def test_it_leads_nowhere_else(cast: Cast, provider: Provider, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    provider.claims |= {"email": cast.lead.email}
    client = Client()
    answer = client.get(BACK, brought(provider, client, f"{START}?next=https://evil.example/"))
    assert answer.headers["Location"] == "/"
    there = parse_qs(urlsplit(Client().get(START, headers={"Host": "evil.example"}).headers["Location"]).query)
    assert there["redirect_uri"] == ["http://localhost:8000/accounts/sso/back/"]


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(cast: Cast, provider: Provider) -> None:
    provider.document["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert is_in(comes(provider, cast.lead))


def test_too_many_questions_are_refused(cast: Cast, provider: Provider) -> None:
    answers = [Client().get(START).status_code for _ in range(31)]
    assert answers == [302] * 30 + [429]
    assert len(provider.asked) == 30


def test_one_browser_keeps_few_questions(cast: Cast, provider: Provider) -> None:
    client = Client()
    first = brought(provider, client)
    rest = [brought(provider, client) for _ in range(5)]
    assert len(client.session["single_sign_on"]) == 5
    provider.claims |= {"email": cast.lead.email}
    client.get(BACK, first)
    assert not is_in(client)
    client.get(BACK, rest[0])
    assert is_in(client)


def test_without_a_provider_its_addresses_are_not_there(cast: Cast) -> None:
    for page in (START, BACK):
        assert Client().get(page).status_code == 404
    assert sign_in(cast.lead).get(CONNECT).status_code == 404


def test_an_identity_is_forgotten_at_the_machine(cast: Cast, provider: Provider) -> None:
    client, out = comes(provider, cast.lead), io.StringIO()
    call_command("forget_identity", cast.lead.email.upper(), stdout=out)
    assert "is gone" in out.getvalue() and not is_in(client)
    assert acts(f"user/{cast.lead.pk}")[0] == Act.IDENTITY_FORGOTTEN
    call_command("forget_identity", cast.lead.email, stdout=out)
    assert "had no account" in out.getvalue()
    provider.claims |= {"sub": "new"}
    assert is_in(comes(provider, cast.lead))
    with pytest.raises(CommandError, match="Nobody"):
        call_command("forget_identity", "nobody@example.org")


def test_what_is_asked_is_asked_of_the_provider_alone(provider: Provider) -> None:
    with pytest.raises(egress.NotConfigured):
        egress.get("http://127.0.0.1:1/", most=10)
    with pytest.raises(egress.NotConfigured):
        egress.get("file:///etc/passwd", most=10)
    assert egress.get(f"{provider.issuer}/keys", most=10_000).status == 200
