"""How an item came to us, as plain strings: times read, and what the address says filled in. Pure.

Times are claimed (a platform or a person says so), observed (we saw it) or derived (the id carries it). Nobody can
claim that a time is derived: that word is given here, when the time is the one in the address. A time is kept in UTC;
what was typed stands beside it under the same name and `_given`, wherever it is written in any other way."""

from casework.exhibits import moments, platform_urls

CLAIMED, OBSERVED = "claimed", "observed"
TIMES = ("posted_at", "captured_at")
LONGEST = {"source_url": 2000, "platform": 12, "handle": 120, "post_id": 120, "posted_at": moments.LONGEST,
           "posted_at_basis": 8, "captured_at": moments.LONGEST, "captured_with": 200, "collector": 200,
           "machine_address": 200, "clock": 400, "received_from": 200, "note": 4000}


def complete(given: dict[str, str]) -> dict[str, str]:
    """`given` without empty values, with its times in UTC and as they were typed, and with what its `source_url` says
    where nothing was typed. Raises ValueError for a time that is none."""
    kept = {key: value.strip() for key, value in given.items() if value.strip()}
    for key in TIMES:
        if key in kept:
            typed = moments.read(kept[key])
            kept[key] = moments.written(typed.at)
            if typed.given != kept[key]:
                kept[f"{key}_given"] = typed.given
    facts = platform_urls.read(kept.get("source_url", ""))
    if facts.platform and kept.setdefault("platform", facts.platform) == facts.platform:
        for key, value in (("handle", facts.handle), ("post_id", facts.post_id)):
            if value:
                kept.setdefault(key, value)
    derived = moments.written(facts.posted_at) if facts.posted_at and kept.get("post_id") == facts.post_id else ""
    if derived and kept.setdefault("posted_at", derived) == derived:
        kept["posted_at_basis"] = platform_urls.DERIVED
    elif "posted_at" in kept:
        kept["posted_at_basis"] = OBSERVED if kept.get("posted_at_basis") == OBSERVED else CLAIMED
    else:
        kept.pop("posted_at_basis", None)
    return kept
