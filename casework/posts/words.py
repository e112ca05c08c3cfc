"""What readers of exports say in codes, in words for people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.posts.models import Post

# Mark → its badge, and what it means.
MARKS: dict[str, tuple[Any, Any]] = {
    "back": (_("Out of order"), _("The time is before that of the message before it. Files may be out of order; it may "
                                  "also be a line of a body that looks like a message.")),
    "bare_newline": (_("Holds a line like a message"), _("A line of this body looks like a message of the same layout. "
                                                         "It follows a bare newline, so it belongs to the body.")),
    "cut": (_("Shortened"), _("The text is longer than is kept; the cited bytes have all of it.")),
    "edited": (_("Edited"), _("The export says that it was edited.")),
    "fold": (_("Time came twice"), _("The clock of this zone showed this time twice, so no time in UTC is given.")),
    "formula": (_("Formula"), _("A cell was, or begins like, a formula. It is kept as text and nothing was computed.")),
    "gap": (_("Time did not exist"), _("The clock of this zone never showed this time, so no time in UTC is given.")),
    "like_system": (_("Imitates a notice"), _("The body is a notice's words behind a mark of direction. Anybody could "
                                              "have typed it, so it stays a message.")),
    "media_omitted": (_("Media left out"), _("The export says that a file was left out.")),
    "no_time": (_("No time"), _("The cell of the time is empty.")),
    "replaced": (_("Not all is text"), _("Bytes that are no text were replaced; the cited bytes have them.")),
}
RESOLUTIONS: dict[str, Any] = {"second": _("to the second"), "minute": _("to the minute"), "day": _("the day only")}
ACTS: dict[str, Any] = {
    "created": _("Created"), "joined": _("Joined"), "left": _("Left"), "removed": _("Removed"),
    "deleted": _("Deleted"), "renamed": _("Renamed"), "other": _("Notice"),
}
KINDS: dict[str, Any] = {
    "message": _("Messages"), "system": _("Notices of the platform"), "post": _("Posts"), "bad": _("Not understood"),
}
ORDERS: dict[str, Any] = {"dmy": _("day, month, year"), "mdy": _("month, day, year"), "ymd": _("year, month, day")}
WAYS: dict[str, Any] = {
    "iso": _("ISO 8601: 2026-03-14T18:05:00Z"), "unix": _("Seconds since 1970"),
    "unix_ms": _("Milliseconds since 1970"),
    "x": _("As X writes them: Sat Mar 14 18:05:00 +0000 2026"), "serial": _("Days as a workbook counts them"), **ORDERS,
}
COLUMNS: dict[str, Any] = {
    "time": _("Time"), "text": _("Text"), "sender": _("Sender"), "sender_id": _("Number of the sender"),
    "post_id": _("Number of the post"), "url": _("Address"),
}
COUNTS: dict[str, Any] = {
    "likes": _("Likes"), "replies": _("Replies"), "reposts": _("Reposts"), "quotes": _("Quotes"),
    "shares": _("Shares"), "views": _("Views"),
}
OPTIONS: dict[str, Any] = {
    "zone": _("Time zone of the clock that the export shows"), "resolution": _("How exactly times are taken"),
    "members": _("File in the archive"),
    "layout": _("Layout that is the chat's own"), "order": _("Order of day and month"),
    "names": _("Names of senders that hold a colon"), "encoding": _("Encoding"), "delimiter": _("Sign between cells"),
    "time": _("How times are written"), "kind": _("A row is"),
}
VALUES: dict[str, dict[str, Any]] = {
    "zone": {"unknown": _("Not known")}, "resolution": RESOLUTIONS, "order": ORDERS, "time": WAYS,
    "delimiter": {"\t": _("Tab")}, "kind": {"post": _("a post"), "message": _("a message")},
}
_SHAPES = {"second": "%Y-%m-%d %H:%M:%S", "minute": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d"}
STATES: dict[str, str] = {"waiting": "pending", "reading": "rendering", "read": "done", "stopped": "failed"}


def marks(counts: dict[str, int]) -> list[tuple[Any, Any, int, str]]:
    """Badge, meaning, how many and code of each mark."""
    return [(*MARKS[code], count, code) for code, count in sorted(counts.items()) if code in MARKS]


def kinds(counts: dict[str, int]) -> list[tuple[Any, int]]:
    return [(KINDS[code], counts[code]) for code in KINDS if code in counts]


def said(options: dict[str, Any]) -> list[tuple[Any, str]]:
    """What a person said before the file was read: each in words, and its value as it was said."""
    columns = dict(options.get("columns", {}))
    counts = columns.pop("counts", {})
    return [(OPTIONS.get(name, name), _value(name, value)) for name, value in options.items() if name != "columns"] + [
        (COLUMNS.get(code) or COUNTS.get(code, code), str(name)) for code, name in {**columns, **counts}.items()]


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(VALUES.get(name, {}).get(value, value))


def row(post: Post) -> dict[str, Any]:
    """A row with its codes in words."""
    return {"post": post, "resolution": RESOLUTIONS.get(post.resolution, ""),
            "act": ACTS.get(post.system_act, ""), "badges": [MARKS[code][0] for code in post.marks],
            "counts": [(COUNTS.get(code, code), count) for code, count in post.counts.items()],
            "shown": _shown(post)}


def _shown(post: Post) -> str:
    """Its time as exactly as it is known; empty where none is. A day is that of the clock that said it: in UTC it is
    parts of two."""
    if post.at is None:
        return ""
    if post.resolution == "day" and post.local:
        return post.local[:10]
    return f"{post.at:{_SHAPES.get(post.resolution, _SHAPES['second'])}} UTC"
