"""One world for a module; what each of its tests asks and changes is taken back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.house.world import World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def taken_back(world: World) -> Iterator[None]:
    """What happened in a test goes, and with it what thousands of them would hold in the one transaction: its locks."""
    sid = transaction.savepoint()
    yield
    transaction.savepoint_rollback(sid)


@pytest.fixture
def signed_in_lately(settings: Any) -> None:
    """Those who signed in when the world was made did so a moment ago, however slowly the tests run."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600
