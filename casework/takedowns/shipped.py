"""What came with the software about platforms: `platforms.json` beside this file, read into rows.

It may be done again at any time. A row that an administrator wrote is never touched; one that came with the software is
followed by a new one where a later issue of the file says something else. A test holds each issue's SHA-256, so that a
changed file has a new number and two releases that run side by side do not write over each other by turns."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from casework.record import Act, record
from casework.takedowns import facts, references
from casework.takedowns.reference_models import Policy, Reference, Route
from evidence.custody import locks

FILE = Path(__file__).with_name("platforms.json")


@transaction.atomic
def load() -> list[str]:
    """Write the rows that are missing, and answer how the log calls them."""
    content = FILE.read_bytes()
    told = json.loads(content)
    locks.take_for(references.LOCK)
    made = [*_missing(Route, told["routes"], told["issue"]), *_missing(Policy, told["policies"], told["issue"])]
    if made:
        record(Act.PLATFORMS_LOADED, by=None, subject="platforms/shipped", issue=told["issue"], rows=made,
               sha256=hashlib.sha256(content).hexdigest())
    return made


def _missing(model: type[Reference], entries: list[dict[str, Any]], issue: int) -> list[str]:
    stands = {row.key: row for row in model.objects.newest()}
    rows = []
    for entry in entries:
        columns, before = facts.checked(model, entry), stands.get(entry["key"])
        if before is None and _is_known(columns, stands.values()):
            continue
        if before is None or _is_overtaken(before, issue, columns):
            rows.append(model(key=entry["key"], edition=before.edition + 1 if before else 1, issue=issue,
                              recorded_at=timezone.now(), **columns))
    model.objects.bulk_create(rows)
    return [row.word for row in rows]


def _is_known(columns: dict[str, Any], rows: Any) -> bool:
    """Whether an administrator wrote it down before it was shipped, under a key of its own."""
    return any(row.name.casefold() == columns["name"].casefold() and set(row.platforms) & set(columns["platforms"])
               for row in rows if row.recorded_by_id)


def _is_overtaken(before: Reference, issue: int, columns: dict[str, Any]) -> bool:
    return before.issue is not None and before.issue < issue and before.words != columns
