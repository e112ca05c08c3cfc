"""What a timeline shows in words for people: times no more exactly than they are known."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.accounts import moments
from casework.timeline import bursts, scale
from casework.timeline.asking import Query
from casework.timeline.bursts import Burst
from casework.timeline.compose import Lane, Timeline

# Beside every timeline.
LIMITS: list[Any] = [
    gettext_lazy("It documents behaviour: who wrote when. That many write at once is no proof of deception."),
    gettext_lazy("Equal words may have a harmless source: a published text, a headline, a prayer, a share button."),
    gettext_lazy("A sender is a number or a name as an export gives it. One person may have several, and several one."),
    gettext_lazy("Only rows of imports that stand are shown. What was never lodged, or was deleted, is missing."),
]
HOW: dict[str, Any] = {"id": gettext_lazy("by its number"), "handle": gettext_lazy("by its handle")}


def lane(one: Lane) -> dict[str, Any]:
    return {"lane": one, "first": shown(one.first, one.first_resolution), "last": shown(one.last, one.last_resolution),
            "how": HOW.get(one.how, "")}


def shown(at: datetime, resolution: str) -> str:
    """Of a day known as such its date alone: noon of it is on that day whatever clock said it."""
    return moments.shown(at + timedelta(hours=12) if resolution == moments.DAY else at, resolution)


def narrowed(query: Query) -> str:
    """Which rows are there where taskings are asked for. That they carry the words does not say why."""
    if query.tasking is not None:
        return _("Posts and messages that carry the text of %(label)s.") % {"label": f"K-{query.tasking:03d}"}
    if query.channel is not None:
        return _("Posts and messages that carry the text of a tasking of %(label)s.") % {
            "label": f"C-{query.channel:03d}"}
    return ""


def left_out(found: Timeline) -> list[str]:
    """How much there is, and what of it is not in the picture."""
    said = [_("%(rows)s rows by %(senders)s senders.") % {"rows": found.total, "senders": found.senders}]
    if found.undrawn:
        said.append(_("The %(drawn)s busiest senders are drawn; %(undrawn)s more are not.") % {
            "drawn": len(found.lanes), "undrawn": found.undrawn})
    if found.by_day:
        said.append(_("Of %(rows)s only the day is known: each is drawn as all of its day, and is in no bar.") % {
            "rows": found.by_day})
    if found.untimed:
        said.append(_("%(rows)s without a time in UTC are not drawn.") % {"rows": found.untimed})
    if found.more_rules or found.more_marks:
        said.append(_("%(rules)s more taskings and %(marks)s more marks of channels are in this window, and are not "
                      "shown.") % {"rules": found.more_rules, "marks": found.more_marks})
    return said


def bounds(start: datetime, end: datetime) -> tuple[str, str]:
    """From when to when a bar is."""
    return moments.shown(start, moments.MINUTE), moments.shown(end, moments.MINUTE)


def span(seconds: int) -> str:
    """How long a bar is."""
    if seconds < 3600:
        return _("%(count)d min") % {"count": seconds // 60}
    if seconds < scale.DAY:
        return _("%(count)d h") % {"count": seconds // 3600}
    return _("%(count)d d") % {"count": seconds // scale.DAY}


def burst(one: Burst) -> dict[str, Any]:
    return {"burst": one, "first": shown(one.first, one.resolution),
            "words": _("%(senders)d senders, same text, %(minutes)d min") % {
                "senders": one.senders, "minutes": one.minutes}}


def rule() -> str:
    """What makes a burst."""
    return _("At least %(least)d senders whose texts are equal in one spelling, with at most %(gap)d minutes between "
             "each and the next. Rows of which only the day is known are left out.") % {
        "least": bursts.LEAST, "gap": bursts.GAP // timedelta(minutes=1)}
