"""Which export a file may be, by its beginning and its members: a suggestion that a person confirms."""

import re
from typing import Any

from evidence.jail.exports import layouts, xarchive
from evidence.jail.exports.jsons import load
from evidence.jail.exports.records import Unreadable
from evidence.jail.exports.sheets import WORKBOOK
from evidence.jail.exports.sources import Source, decoded, encoding_of
from evidence.jail.exports.tables import delimiter_of
from evidence.jail.exports.walks import inside

FORMATS = ("whatsapp", "telegram", "xarchive", "zeeschuimer", "fourcat", "table", "sheet")
LINES, MOST_LOOKED_INTO = 50, 200
_ENDINGS = (".txt", ".json", ".csv", ".ndjson", ".jsonl")
_TELEGRAM = re.compile(r'"(?:messages|chats|from_id|date_unixtime)"\s*:')


def suggest(source: Source) -> list[dict[str, Any]]:
    """Formats with the members that would be read, the likeliest first; empty where it looks like none."""
    if not source.is_zip:
        return [{"format": name, "members": [""]} for name in of_head(source.head(""))]
    if WORKBOOK in source.members:
        return [{"format": "sheet", "members": [WORKBOOK]}]
    found: dict[str, list[str]] = {}
    looked = 0
    for name in sorted(source.members, key=lambda one: (one.count("/"), one)):
        if xarchive.MEMBERS.fullmatch(name):
            found.setdefault("xarchive", []).append(name)
        elif name.lower().endswith(_ENDINGS) and "xarchive" not in found and (looked := looked + 1) <= MOST_LOOKED_INTO:
            for kind in of_head(source.head(name)):
                found.setdefault(kind, []).append(name)
    return [{"format": kind, "members": found[kind][:500]} for kind in FORMATS if kind in found]


def of_head(head: bytes) -> list[str]:
    """What a text that begins like this may be."""
    encoding, mark = encoding_of(head)
    text = decoded(head[mark:], encoding)[0]
    lines = [line for line in text.split("\n")[:LINES] if line.strip()]
    if not lines or "\x00" in text[:1000]:
        return []
    if text.lstrip().startswith("window.YTD."):
        return ["xarchive"]
    if text.lstrip().startswith("{"):
        return _json(lines[0], text)
    found = ["whatsapp"] if sum(layouts.header(line) is not None for line in lines) * 10 >= len(lines) else []
    if lines[0].count(delimiter_of(head, encoding)) > 0:
        names = {name.strip().strip('"').lower() for name in re.split(r"[,;\t|]", lines[0])}
        found += ["fourcat"] * ({"thread_id", "body", "author", "timestamp"} <= names) + ["table"]
    return found


def _json(first: str, text: str) -> list[str]:
    try:
        value = load(first.encode("utf-8", "replace"))
    except ValueError:
        # A line that is cut by the end of the head, or the first of many.
        value = None
        if '"source_platform"' in first[:5000] or '"nav_index"' in first[:5000]:
            return ["zeeschuimer"]
        if '"__import_meta"' in first:
            return ["fourcat"]
    if inside(value, "source_platform"):
        return ["zeeschuimer"]
    if inside(value, "__import_meta") or inside(value, "body") and inside(value, "author"):
        return ["fourcat"]
    return ["telegram"] if _TELEGRAM.search(text) else []


def members_of(source: Source, kind: str, chosen: list[str]) -> list[str]:
    """The members to read, in the archive's order of names. Raises Unreadable."""
    if kind not in FORMATS:
        raise Unreadable(f"no format {kind[:40]!r}; there are {', '.join(FORMATS)}")
    if chosen:
        if missing := [name for name in chosen if name not in source.members and (name or source.is_zip)]:
            raise Unreadable(f"the archive has no member {missing[0][:200]!r}")
        return chosen
    if not source.is_zip:
        if kind == "sheet":
            raise Unreadable("this is no workbook: it is no Zip file")
        return [""]
    found: list[str] = next((one["members"] for one in suggest(source) if one["format"] == kind), [])
    if not found:
        raise Unreadable(f"the archive has nothing that looks like {kind}")
    # One chat, one table; an account's archive is in several parts.
    return list(found) if kind == "xarchive" else found[:1]
