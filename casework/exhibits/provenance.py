"""How an item came to us, as plain strings: times read, and what the address says filled in. Pure.

Times are claimed (a platform or a person says so), observed (we saw it) or derived (the id carries it). Nobody can
claim that a time is derived: that word is given here, when the time is the one in the address."""

import re
from datetime import UTC, datetime

from casework.exhibits import platform_urls

CLAIMED, OBSERVED = "claimed", "observed"
LONGEST = {"source_url": 2000, "platform": 12, "handle": 120, "post_id": 120, "posted_at": 40, "posted_at_basis": 8,
           "captured_at": 40, "captured_with": 200, "collector": 200, "machine_address": 200, "clock": 400,
           "received_from": 200, "note": 4000}


def moment(text: str) -> datetime:
    """A time with its zone, read from ISO 8601; one without a zone is UTC. ValueError for anything else."""
    compact = re.sub(r"\s+(?=[+\-Zz])", "", text.strip())
    found = datetime.fromisoformat(compact.replace("z", "Z"))
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


def written(at: datetime) -> str:
    """2026-03-14T18:05:09Z, with milliseconds where there are some."""
    exact = "milliseconds" if at.microsecond else "seconds"
    return at.astimezone(UTC).isoformat(timespec=exact).replace("+00:00", "Z")


def complete(given: dict[str, str]) -> dict[str, str]:
    """`given` without empty values, with what its `source_url` says where nothing was typed."""
    kept = {key: value.strip() for key, value in given.items() if value.strip()}
    facts = platform_urls.read(kept.get("source_url", ""))
    if facts.platform and kept.setdefault("platform", facts.platform) == facts.platform:
        for key, value in (("handle", facts.handle), ("post_id", facts.post_id)):
            if value:
                kept.setdefault(key, value)
    derived = written(facts.posted_at) if facts.posted_at and kept.get("post_id") == facts.post_id else ""
    if derived and kept.setdefault("posted_at", derived) == derived:
        kept["posted_at_basis"] = platform_urls.DERIVED
    elif "posted_at" in kept:
        kept["posted_at_basis"] = OBSERVED if kept.get("posted_at_basis") == OBSERVED else CLAIMED
    else:
        kept.pop("posted_at_basis", None)
    return kept
