"""Look at what carries a tasking's text, take it out as a table, and begin a finding with it. Looks and tables are
recorded with what they showed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from casework import cells
from casework.access import Action, require
from casework.accounts.withheld import Names
from casework.channels.tasking_models import Tasking
from casework.coordination import compose, words
from casework.coordination.compose import Match, Matches, Near
from casework.exports import services as exports
from casework.lifecycle import NotAllowed
from casework.posts import leaving, listing
from casework.posts.models import Post
from casework.record import Act, record

# Rows in one table, the first in time.
MOST = 100_000
COLUMNS = ("label", "kind", "exhibit", "sha256", "member", "start", "end", "line", "sender", "sender_id", "post_id",
           "url", "at_text", "at", "resolution", "order", "more_than_s", "less_than_s", "within", "additions", "repost",
           "weak", "text")


@dataclass(frozen=True)
class Shown:
    """The counts, and one page of the rows of `kind`; where to go on (empty: nowhere)."""

    matches: Matches
    kind: str
    rows: list[Match]
    next: str


@transaction.atomic
def show(tasking: Tasking, query: listing.Query, *, by: Any) -> Shown:
    """What carries its text: posts, or the rows of the kind that `query` names; of it `after` is heeded too."""
    found = compose.matches_of(tasking)
    kind = query.kind or Post.Kind.POST
    page = listing.in_time(compose.carrying(tasking).filter(kind=kind).select_related("source__exhibit"), query.after)
    first = [found.first.post] if found.first and found.first.post not in page.rows else []
    listing.told(tasking.case, [*first, *page.rows], {"tasking": tasking.label, "kind": kind}, by=by)
    return Shown(found, kind, compose.matched(tasking, page.rows), page.next)


@transaction.atomic
def show_near(tasking: Tasking, *, by: Any) -> Near:
    """What carries nearly all of it, among those next to it in time. Leads: nobody is matched by them."""
    found = compose.near_to(tasking)
    listing.told(tasking.case, [one.post for one in found.rows], {"tasking": tasking.label, "near": "1"}, by=by)
    return found


@transaction.atomic
def take_out(tasking: Tasking, *, purpose: str, by: Any) -> bytes:
    """Everything that carries its text as CSV, at most MOST rows, in which nobody is named who takes no part. It counts
    as taken out, and is recorded with its hash and the purpose before it leaves.

    Raises PermissionDenied, ValidationError; Stopped, TooSoon (casework.exports)."""
    require(by, Action.EXHIBIT_DOWNLOAD, tasking.case)
    said = exports.purposeful(purpose)
    exports.require_unstopped(tasking.case, by)
    exports.require_budget(by)
    found = compose.carrying(tasking).select_related("source__exhibit").order_by("at", "pk")[:MOST]
    rows = list(_lines(tasking, found.iterator(2000)))
    data = cells.written(COLUMNS, rows)
    exports.take_out(tasking.case, size=len(data), subject=tasking.word, by=by)
    record(Act.MATCHES_EXPORTED, by=by, subject=tasking.word, context=f"case/{tasking.case.ref}", rows=len(rows),
           sha256=hashlib.sha256(data).hexdigest(), exhibits=sorted({row["exhibit"] for row in rows}), **said)
    return data


def proposal(tasking: Tasking) -> dict[str, Any]:
    """The words of a finding, and the labels of the exhibits that it stands on: those that show the tasking, and those
    that the rows were read from. NotAllowed where nothing but the tasking's own message carries the text, or the
    tasking was withdrawn."""
    found = compose.matches_of(tasking)
    if tasking.withdrawn_at or not found.is_carried:
        raise NotAllowed("withdrawn" if tasking.withdrawn_at else "unmatched", "propose")
    shown = [exhibit.label for exhibit in tasking.exhibits.all() if exhibit.is_captured]
    read = compose.exhibits_of(compose.carrying(tasking))
    return {**words.proposal(found), "exhibits_for": list(dict.fromkeys([*sorted(shown), *read]))}


def _lines(tasking: Tasking, posts: Iterator[Post]) -> Iterator[dict[str, Any]]:
    names, is_weak = Names(tasking.case), compose.window_of(tasking) is not None
    for match in compose.matched(tasking, posts):
        lag = match.lag
        yield {**leaving.told(match.post, names),
               "order": lag.order if lag else "", "more_than_s": lag.least.total_seconds() if lag else "",
               "less_than_s": lag.most.total_seconds() if lag else "",
               "within": lag.within if lag and lag.order == "after" else "",
               "additions": _yes(match.has_additions), "repost": _yes(match.is_repost), "weak": _yes(is_weak)}


def _yes(it_is: bool) -> str:  # noqa: FBT001
    return "yes" if it_is else ""
