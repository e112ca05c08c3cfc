"""Fixtures of more than one file here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from casework.env import Provider as Configured
from tests.casework.provider import CLIENT, SECRET, Provider, running


@pytest.fixture
def provider(db: None, settings: Any) -> Iterator[Provider]:
    """A provider that is there and configured."""
    cache.clear()
    settings.BASE_URL = "http://localhost:8000"
    with running() as found:
        settings.OIDC = Configured(issuer=found.issuer, client_id=CLIENT, client_secret=SECRET, name="Example College",
                                   origins=(found.issuer,), factors=("mfa",), only=False)
        settings.ORIGINS_ASKED = [found.issuer]
        yield found
