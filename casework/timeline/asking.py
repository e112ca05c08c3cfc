"""What is asked of a timeline, as the parameters of its address say it."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from casework.posts.models import Post

_LABEL = re.compile(r"[CK]-(\d{3,9})", re.ASCII)


@dataclass(frozen=True)
class Query:
    """What is empty asks for everything. `typed` is what was sent, also where it makes no sense; `problems` says where
    it does not."""

    since: datetime | None = None
    until: datetime | None = None
    channel: int | None = None
    tasking: int | None = None
    kind: str = ""
    given: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, given: Any) -> "Query":
        """From the parameters of an address: never an error, and nothing that was typed is lost."""
        names = ("from", "until", "channel", "tasking", "kind")
        typed = {name: str(given.get(name, "")).replace("\x00", "").strip()[:60] for name in names}
        since, until = _moment(typed["from"]), _moment(typed["until"], end=True)
        problems = [_("“%(text)s” is not read as a time. Write a day like 2026-03-14, or a time like 2026-03-14 18:05.")
                    % {"text": typed[name]} for name, found in (("from", since), ("until", until))
                    if typed[name] and found is None]
        if since and until and until <= since:
            problems.append(_("The end lies before the beginning, so neither was heeded."))
            since = until = None
        kind = typed["kind"] if typed["kind"] in (Post.Kind.POST, Post.Kind.MESSAGE) else ""
        heeded = {"from": since, "until": until, "channel": _number(typed["channel"]),
                  "tasking": _number(typed["tasking"]), "kind": kind}
        return cls(since, until, _number(typed["channel"]), _number(typed["tasking"]), kind,
                   {name: typed[name] for name in names if heeded[name] not in (None, "")}, typed, problems)

    @property
    def spelled(self) -> str:
        """What was heeded, as a line."""
        return "; ".join(f"{name}={value}" for name, value in self.given.items())


def _number(label: str) -> int | None:
    """That of C-001 or K-001."""
    found = _LABEL.fullmatch(label)
    return min(int(found[1]), 2**31 - 1) if found else None


def _moment(text: str, *, end: bool = False) -> datetime | None:
    """A day or a time, in UTC where it has no zone; with `end` the moment behind a day."""
    try:
        if day := parse_date(text):
            return datetime.combine(day, time(), UTC) + timedelta(days=end)
        found = parse_datetime(text)
        if found is None:
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
