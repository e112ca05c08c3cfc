"""Damage for the tests, and its healing through the services."""

from pathlib import Path
from typing import Any

from django.core.files.storage import storages

from casework.cases.models import Case
from casework.exhibits import healings
from casework.exhibits.models import Exhibit
from evidence.custody import history
from evidence.fixity import healing, routine
from evidence.fixity.models import Damage
from evidence.store.keys import key
from tests.factories import Cast

WHY = "A sector of the disk failed and the disk was changed"


def lie(sha256: str, alias: str) -> Path:
    return Path(storages[alias].path(key(sha256)))


def spoil(path: Path) -> bytes:
    bad = b"!" + path.read_bytes()[1:]
    path.chmod(0o600)
    path.write_bytes(bad)
    return bad


def hurt(exhibit: Exhibit, alias: str = "evidence", harm: Any = spoil) -> Damage:
    harm(lie(exhibit.item.blob_id, alias))
    routine.suspect(exhibit.item.blob_id)
    found: Damage = Damage.objects.get(healed_at=None)
    return found


def page(case: Case, name: str) -> str:
    return f"/cases/{case.ref}/evidence/{name}"


def healed(cast: Cast, case: Case, harm: Damage) -> healings.Hurt:
    healings.propose(case, harm.pk, reason=WHY, by=cast.lead)
    healings.approve(case, harm.pk, by=cast.legal)
    healing.run_waiting()
    return healings.one(case, harm.pk)


def told(exhibit: Exhibit, act: str) -> list[Any]:
    return [one for one in history.entries(subject=f"item/{exhibit.item_id}", limit=50)
            if one.detail.get("act") == act]
