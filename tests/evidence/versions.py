"""Copies in a bucket that keeps versions."""

import hashlib
from typing import Any

from evidence.custody import services as custody
from evidence.intake import services as intake
from evidence.intake.models import Item
from evidence.store.keys import key
from tests.evidence import custody_log as given

DATA = bytes(range(256)) * 64
SHA = hashlib.sha256(DATA).hexdigest()
PLACE = f"copies/{key(SHA)}"


def versions(client: Any, bucket: str) -> list[str]:
    found = client.list_object_versions(Bucket=bucket, Prefix=PLACE).get("Versions", [])
    return [one["VersionId"] for one in found]


def take(data: bytes = DATA) -> Item:
    given.key()
    return intake.receive_bytes(data, name="a.bin", provenance={}, context="case/CW-2026-0001",
                                agent=custody.SYSTEM).item
