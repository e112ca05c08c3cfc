"""What a person said about an export, checked: a wrong word is refused before a byte is read."""

from dataclasses import dataclass, field
from typing import Any

from evidence.jail.exports.coarse import COARSER
from evidence.jail.exports.columns import COUNTS, FIELDS, WAYS
from evidence.jail.exports.records import Unreadable
from evidence.jail.exports.sources import ENCODINGS
from evidence.jail.exports.tables import DELIMITERS
from evidence.jail.exports.times import ORDERS

MOST_NAMES = 500


@dataclass(frozen=True)
class Options:
    """`zone` is an IANA name and is loaded by the caller; an empty value was not said."""

    members: list[str] = field(default_factory=list)
    zone: str = ""
    resolution: str = ""
    layout: str = ""
    order: str = ""
    names: list[str] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    columns: dict[str, Any] = field(default_factory=dict)
    time: str = ""
    kind: str = "post"


def understood(said: dict[str, Any]) -> Options:
    """Raises Unreadable, which names the option that is wrong."""
    if unknown := sorted(set(said) - set(Options.__dataclass_fields__)):
        raise Unreadable(f"no option {', '.join(unknown)[:200]}")
    found = Options(**said)
    for name in ("zone", "resolution", "layout", "order", "encoding", "delimiter", "time", "kind"):
        if not isinstance(getattr(found, name), str):
            raise Unreadable(f"the option {name} is no text")
    for name, words in (("resolution", COARSER), ("order", ORDERS), ("encoding", ENCODINGS),
                        ("delimiter", DELIMITERS), ("time", WAYS), ("kind", ("post", "message"))):
        if getattr(found, name) not in ("", *words):
            raise Unreadable(f"the option {name} is one of {', '.join(map(repr, words))}")
    for name in ("members", "names"):
        value = getattr(found, name)
        if not isinstance(value, list) or len(value) > MOST_NAMES or not all(isinstance(one, str) for one in value):
            raise Unreadable(f"the option {name} is no list of at most {MOST_NAMES} texts")
    _columns(found.columns)
    return found


def _columns(columns: Any) -> None:
    if not isinstance(columns, dict):
        raise Unreadable("the option columns is no object")
    counts = columns.get("counts", {})
    if not isinstance(counts, dict) or set(counts) - set(COUNTS) or set(columns) - {*FIELDS, "counts"}:
        raise Unreadable(f"the option columns has the keys {', '.join(FIELDS)}, and counts with {', '.join(COUNTS)}")
    if not all(isinstance(name, str) for name in [*counts.values(), *(columns.get(one, "") for one in FIELDS)]):
        raise Unreadable("the option columns names columns by text")
