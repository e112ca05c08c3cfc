"""API tokens that are for some cases alone."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from casework.people import services as people
from casework.people.models import ApiToken
from casework.record import Act
from evidence.custody import history
from tests.factories import Cast, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def ask(secret: str, path: str, **sent: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"}
    if sent:
        return Client().post(f"/api/v1/{path}", sent, content_type="application/json", headers=headers)
    return Client().get(f"/api/v1/{path}", headers=headers)


def test_it_opens_its_cases_and_nothing_else(cast: Cast) -> None:
    mine, other = make_case(cast), make_case(cast, "Another")
    token, secret = people.make_token(cast.lead, "script", ["read", "write"], 1, [mine.ref])
    assert token.cases == [mine.ref]
    assert ask(secret, f"cases/{mine.ref}/").status_code == 200
    assert ask(secret, f"cases/{other.ref}/").status_code == 404
    assert [row["ref"] for row in ask(secret, "cases/").json()["results"]] == [mine.ref]
    assert ask(secret, "me/").json()["email"] == cast.lead.email
    opened = ask(secret, "cases/", title="x", mandate_basis="x", mandate_purpose="x", mandate_scope="x")
    assert opened.status_code == 403
    assert ask(secret, "me/sessions/").status_code == 403
    assert ask(secret, "me/sessions/end-others/", x="").status_code == 403
    told = [entry for entry in history.entries(context=f"case/{other.ref}", limit=9)
            if entry.detail.get("act") == Act.REFUSED]
    assert [entry.detail["status"] for entry in told] == [404], "a token's probing is recorded too"


def test_an_administrators_manages_nobody(cast: Cast) -> None:
    mine = make_case(cast, by=cast.admin)
    _, limited = people.make_token(cast.admin, "script", ["read", "write"], 1, [mine.ref])
    _, free = people.make_token(cast.admin, "script", ["read", "write"], 1)
    assert (ask(free, "people/").status_code, ask(limited, "people/").status_code) == (200, 403)
    assert (ask(free, "audit/").status_code, ask(limited, "audit/").status_code) == (200, 403)


def test_it_is_made_for_cases_of_ones_own_alone(cast: Cast) -> None:
    foreign = make_case(cast, by=cast.outsider)
    foreign.memberships.exclude(user=cast.outsider).update(ended_at=foreign.opened_at)
    for ref in (foreign.ref, "CW-2031-0042", ""):
        with pytest.raises(ValidationError):
            people.make_token(cast.lead, "script", ["read"], 1, [ref])
    assert not ApiToken.objects.exists()


def test_the_page_offers_ones_cases_and_shows_the_limit(cast: Cast) -> None:
    mine = make_case(cast)
    client = sign_in(cast.lead)
    made = client.post("/settings/tokens/", {"name": "script", "scopes": ["read"], "days": 3, "cases": [mine.ref]})
    assert made.status_code == 200 and ApiToken.objects.get().cases == [mine.ref]
    assert client.get("/settings/").content.decode().count(mine.ref) >= 2
    refused = client.post("/settings/tokens/", {"name": "x", "scopes": ["read"], "days": 3, "cases": ["CW-2031-0042"]})
    assert refused.status_code == 422
    nobody = sign_in(cast.outsider)
    assert 'name="cases"' not in nobody.get("/settings/").content.decode()
    assert nobody.post("/settings/tokens/", {"name": "x", "scopes": ["read"], "days": 3}).status_code == 200


def test_it_can_be_made_at_a_terminal(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    mine = make_case(cast)
    call_command("api_token", cast.lead.email, "--case", mine.ref)
    assert ask(capsys.readouterr().out.strip(), f"cases/{mine.ref}/").status_code == 200
    with pytest.raises(CommandError, match="Not among your cases"):
        call_command("api_token", cast.lead.email, "--case", "CW-2031-0042")
