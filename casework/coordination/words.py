"""What lags, matches and their limits are in words for people. No more is said than both times allow."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.coordination import lag
from casework.coordination.compose import Counts, Matches
from casework.posts import normal

# Beside every count of matches, and in every finding that is made of them.
LIMITS: list[Any] = [
    gettext_lazy("It documents behaviour: who posted which words, and when. It is no proof of deception."),
    gettext_lazy("Equal words may have a harmless source: a published text, a headline, a prayer, a share button. Open "
                 "campaigns hand out words too."),
    gettext_lazy("It shows neither who wrote the text, nor who was paid, nor who directed it: each of these is a "
                 "finding of its own."),
    gettext_lazy("Only rows of imports that stand were compared. What was never lodged, or was deleted before, is not "
                 "counted, and a time says no more than its resolution."),
]
WITHIN: dict[str, Any] = {
    "seconds": gettext_lazy("within seconds"), "minutes": gettext_lazy("within minutes"),
    "hours": gettext_lazy("within hours"), "days": gettext_lazy("within days"),
}
# Of the coarser of the two times.
KNOWN: dict[str, Any] = {
    lag.MILLISECOND: gettext_lazy("Both times are known to the millisecond."),
    lag.SECOND: gettext_lazy("The times are known to the second."),
    lag.MINUTE: gettext_lazy("A time is known to the minute only, so nothing can be said to have come within seconds."),
    lag.DAY: gettext_lazy("A time is known as a day only, so nothing can be said to have come within hours."),
}


def apart(found: lag.Lag | None) -> str:
    """Between which values the lag lies: 4 s to 5 s after."""
    if found is None:
        return _("not known: a time is missing")
    least, most = found.apart
    values = {"least": duration(least), "most": duration(most, up=True)}
    if found.order == lag.UNSURE:
        return _("at most %(most)s apart; which came first is not known") % values
    if not least:
        return (_("up to %(most)s after") if found.order == lag.AFTER else _("up to %(most)s before")) % values
    return (_("%(least)s to %(most)s after") if found.order == lag.AFTER
            else _("%(least)s to %(most)s before")) % values


def within(found: lag.Lag | None) -> str:
    """What may be said of it: within seconds."""
    return str(WITHIN[found.within]) if found is not None and found.order == lag.AFTER else ""


def duration(span: timedelta, *, up: bool = False) -> str:
    """In at most two units, cut off; or counted up, so that it is never too short."""
    unit = timedelta(milliseconds=1) if span < timedelta(minutes=1) else timedelta(seconds=1) if span < timedelta(
        hours=1) else timedelta(minutes=1) if span < timedelta(days=1) else timedelta(hours=1)
    count = -(-span // unit) if up else span // unit
    span = count * unit
    seconds = span.seconds + span.days * 86400
    if span < timedelta(minutes=1):
        shown = f"{seconds}.{span.microseconds // 1000:03d}" if span.microseconds else str(seconds)
        return _("%(seconds)s s") % {"seconds": shown}
    if span < timedelta(hours=1):
        return _two(_("%(count)d min"), seconds // 60, _("%(count)d s"), seconds % 60)
    if span < timedelta(days=1):
        return _two(_("%(count)d h"), seconds // 3600, _("%(count)d min"), seconds // 60 % 60)
    return _two(_("%(count)d d"), span.days, _("%(count)d h"), span.seconds // 3600)


def proposal(found: Matches) -> dict[str, str]:
    """The words of a finding that somebody may make of it. How likely it is, how confident they are, and what else may
    explain it, they say."""
    label = found.tasking.label
    counted = found.posts if found.posts.total else found.messages
    claim = [_("The channel %(channel)s handed out a text (%(label)s). Of what was imported, %(total)d by %(senders)d "
               "senders carry it word for word: %(after)d after it was handed out, %(before)d before; of %(unsure)d it "
               "is not known, and %(untimed)d have no time.") % {
        "channel": found.tasking.channel.label, "label": label, **_numbers(counted)}]
    if counted.reposts:
        claim.append(_("Of these, %(reposts)d are reposts.") % {"reposts": counted.reposts})
    if counted.middle:
        claim.append(_("The median lag of those after it is %(apart)s.") % {"apart": apart(counted.middle)})
    return {"kind": "coordination", "title": _("The text of %(label)s is carried word for word") % {"label": label},
            "claim": " ".join(claim), "method": _method(found, counted), "against": _against(counted)}


def _method(found: Matches, counted: Counts) -> str:
    said = [_("The text handed out and the text of every imported row were put into one spelling (Unicode NFKC, folded "
              "case; invisible characters, addresses and @mentions taken out; white space squeezed; letters and digits "
              "of Urdu and Arabic keyboards made one; version %(version)d) and compared as a whole, without what is "
              "added around a text: mentions with or without RT or via, and hashtags, counters and signs behind it. "
              "Compared were %(rows)d rows of %(imports)s.") % {
        "version": normal.VERSION, "rows": found.compared, "imports": ", ".join(one.label for one in found.imports)}]
    if counted.repeated:
        said.append(repeated(counted))
    if counted.middle:
        said.append(str(KNOWN[counted.middle.coarsest]))
    if counted.control:
        said.append(control(counted))
    return " ".join([*said, *map(str, LIMITS)])


def repeated(counted: Counts) -> str:
    return _("%(count)d of them have the number of another one: the imports overlap.") % {"count": counted.repeated}


def control(counted: Counts) -> str:
    """The negative control as a sentence."""
    return _("Control: within a day of the tasking %(tasking)d carry the text; within a day of the same time a week "
             "before it %(week_before)d, a week after it %(week_after)d.") % counted.control


def _against(counted: Counts) -> str:
    said = []
    if counted.before:
        said.append(_("%(before)d carried the text before it was handed out, which speaks for the organiser or a "
                      "common source, and against the tasking as the cause of these.") % _numbers(counted))
    if counted.unsure:
        said.append(_("Of %(unsure)d the times do not say whether they came before or after.") % _numbers(counted))
    return " ".join(said)


def _numbers(counted: Counts) -> dict[str, int]:
    return {"total": counted.total, "senders": counted.senders, "after": counted.after, "before": counted.before,
            "unsure": counted.unsure, "untimed": counted.untimed}


def _two(first: str, many: int, second: str, rest: int) -> str:
    return " ".join([first % {"count": many}, *([second % {"count": rest}] if rest else [])])
