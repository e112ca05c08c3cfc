"""What a reader of an export gives: records, and the framing between them. Together they are all of its bytes."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

KINDS = ("message", "system", "post", "bad")
ACTS = ("", "created", "joined", "left", "removed", "deleted", "renamed", "other")
RESOLUTIONS = ("", "second", "minute", "day")
# What a reader saw in a record and did not decide: shown beside it, counted in the end.
MARKS = ("back", "bare_newline", "cut", "edited", "fold", "formula", "gap", "like_system", "media_omitted", "no_time",
         "replaced")

LONGEST_LINE = 1024 * 1024
LONGEST_ELEMENT = 4 * 1024 * 1024
LONGEST_TEXT = 256 * 1024
LONGEST_NAME = 1024
LONGEST_FIELD = 2048
DEEPEST = 64
# So many members of an archive that are not read are named, and so much of each name.
MOST_LEFT_OUT, LONGEST_LEFT_OUT = 100, 200


class Attachment(NamedTuple):
    """A file that a message names, whether the archive holds a member of that name, and how many bytes that has."""

    name: str
    present: bool
    size: int


@dataclass(slots=True)
class Record:
    """One message, post or notice, or something that was not understood (`bad`, with the reason).

    `start` and `end` (exclusive) are bytes of `member`, unpacked, or of the file where it is no archive; `line` is the
    line that they begin in, from 1, of a sheet the row. `local` is a time of a clock whose zone the export does not
    say, `at` is UTC and empty where nobody can know it; both are ISO 8601 in seconds, `resolution` says what of them
    is known. `sender` and `text` are as written; `raw` is what the format gives more."""

    kind: str
    start: int
    end: int
    line: int
    member: str = ""
    at_text: str = ""
    local: str = ""
    at: str = ""
    resolution: str = ""
    sender: str = ""
    sender_id: str = ""
    text: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    system_act: str = ""
    post_id: str = ""
    url: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    reason: str = ""


class Frame(NamedTuple):
    """Bytes that are no record: commas between elements, the row of names, a part without messages."""

    name: str
    start: int
    end: int


class Unreadable(Exception):
    """The export cannot be read as what it was said to be; the message says why and where."""


class Asked(Exception):
    """A person has to say something first: `what` is the option, `facts` what is known about it."""

    def __init__(self, what: str, facts: dict[str, Any]):
        super().__init__(f"somebody has to say the {what}")
        self.what, self.facts = what, facts


def bad(start: int, end: int, line: int, reason: str, **more: Any) -> Record:
    return Record("bad", start, end, line, reason=reason, **more)
