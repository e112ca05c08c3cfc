"""A browser that goes to a provider and comes back."""

from django.test import Client

from casework.people.models import User
from tests.casework.provider import Provider

START, BACK, CONNECT, LOGIN = "/accounts/sso/", "/accounts/sso/back/", "/accounts/sso/connect/", "/accounts/login/"


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def brought(provider: Provider, client: Client, start: str = START) -> dict[str, str]:
    there = client.get(start)
    assert there.status_code == 302, there.content
    return provider.go(there.headers["Location"])


def comes(provider: Provider, person: User, client: Client | None = None) -> Client:
    provider.claims |= {"email": person.email}
    client = client or Client()
    client.get(BACK, brought(provider, client))
    return client


def said(client: Client, page: str = LOGIN) -> str:
    return client.get(page).content.decode()
