"""Erasures for the tests: events by their place, and the function called by hand."""

from typing import Any
from uuid import UUID

from tests.evidence import custody_log as given

LAILA = {"type": "person", "id": "user/5", "name": "Laila Zafar"}
LUBNA = {"type": "person", "id": "user/1", "name": "Lubna Qadir"}
WHY: dict[str, Any] = {"reason": "A court ordered it", "basis": "Order 9 of the invented court of Lahore",
                       "agent": LUBNA, "approver": LAILA}


def ids(*indexes: int) -> list[UUID]:
    return [given.event_at(index) for index in indexes]
