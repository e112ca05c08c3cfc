"""The tables of a case, each as its columns and its rows in constant memory. Times are UTC, labels those of the case.

What was withdrawn is in no table: it shows nothing. The rows are plain values; cells.py makes them safe."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from casework.access import Action
from casework.accounts.link_models import AccountLink
from casework.accounts.models import Observation
from casework.accounts.withheld import WITHHELD, Names
from casework.cases.models import Case
from casework.exchange import stated
from casework.exchange.kinds import AT_ONCE, DATED, Kind, Row, dated, labels, moment, standing
from casework.posts import leaving
from casework.posts.models import Post


def _sum(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _accounts(case: Case, names: Names) -> Iterator[Row]:
    for one in case.subjects.select_related("account").with_names().with_merge().order_by("number").iterator(AT_ONCE):
        hidden = one.pk in names.hidden
        named = {"handle": one.handle, "display_name": one.display_name, "stable_id": one.account.stable_id}
        yield {"label": one.label, "platform": one.account.platform, "role": one.role, "persona": one.persona,
               "tags": one.tags, "status": one.status, "named_at": moment(one.named_at), "merged_into": one.merged_into,
               **({name: WITHHELD if text else "" for name, text in named.items()} if hidden else named)}


def _observations(case: Case, names: Names) -> Iterator[Row]:
    numbers = {one.account_id: one for one in case.subjects.all()}
    seen = Observation.objects.standing().filter(exhibit__case=case)
    ordered = seen.select_related("exhibit", "picture").order_by("exhibit__number", "observed_at", "pk")
    for one in ordered.iterator(AT_ONCE):
        subject = numbers.get(one.account_id)
        hidden = subject is None or subject.pk in names.hidden
        told = {name: getattr(one, name) for name in ("handle", "display_name", "biography", "place", "address",
                                                      "followers", "following", "posts", "created")}
        told["biography"] = names.text(one.biography)
        told["picture"] = one.picture.label if one.picture else ""
        told["post_id"] = one.facts.post_id
        yield {"subject": subject.label if subject else "", "exhibit": one.exhibit.label, "status": one.status,
               "observed_at": moment(one.observed_at), "observed_resolution": one.observed_resolution,
               **{name: WITHHELD if hidden and value not in ("", None) else "" if value is None else value
                  for name, value in told.items()},
               "posted_at": "" if hidden else moment(one.facts.posted_at)}


def _links(case: Case, names: Names) -> Iterator[Row]:
    rows = AccountLink.objects.filter(case=case).standing().select_related("subject", "other", "recorded_by")
    for one in rows.prefetch_related("exhibits").order_by("pk").iterator(AT_ONCE):
        if not standing(one.exhibits.all()):
            continue
        yield {"subject": one.subject.label, "kind": one.kind, "other": one.other.label, "likelihood": one.likelihood,
               "basis": names.text(one.basis), "exhibits": standing(one.exhibits.all()),
               "recorded_by": str(one.recorded_by), "recorded_at": moment(one.recorded_at)}


def _channels(case: Case, names: Names) -> Iterator[Row]:
    for one in case.channels.standing().with_life().order_by("number").iterator(AT_ONCE):
        yield {"label": one.label, "platform": one.platform, "stable_id": one.stable_id, "name": names.text(one.called),
               "invite_link": names.text(one.link), "state": one.state,
               "members": "" if one.members is None else one.members,
               "members_at": moment(one.members_at), "last_fact": one.last_fact, "last_at": moment(one.last_at),
               "note": names.text(one.note)}


def _taskings(case: Case, names: Names) -> Iterator[Row]:
    rows = case.taskings.standing().select_related("channel", "handed_out_by").prefetch_related("exhibits", "attached")
    for one in rows.order_by("number").iterator(AT_ONCE):
        if not standing(one.exhibits.all()):
            continue
        yield {"label": one.label, "channel": one.channel.label, **dated(one), "message": names.text(one.message),
               "post_text": names.text(one.post_text), "hashtags": [names.text(tag) for tag in one.hashtags],
               "window_from": moment(one.window_from),
               "window_until": moment(one.window_until), "pay_amount": _sum(one.pay_amount),
               "pay_currency": one.pay_currency, "pay_per": one.pay_per, "pay_per_text": names.text(one.pay_per_text),
               "handed_out_by": names.whom(one.handed_out_by), "exhibits": standing(one.exhibits.all()),
               "attached": standing(one.attached.all())}


def _payments(case: Case, names: Names) -> Iterator[Row]:
    rows = case.payments.standing().select_related("payer", "payee").prefetch_related("exhibits", "taskings")
    for one in rows.order_by("number").iterator(AT_ONCE):
        if not standing(one.exhibits.all()):
            continue
        yield {"label": one.label, **dated(one), "amount": _sum(one.amount), "currency": one.currency,
               "method": one.method, "shows": one.shows, "payer": names.whom(one.payer, one.payer_text),
               "payee": names.whom(one.payee, one.payee_text), "taskings": labels(one.taskings.all()),
               "exhibits": standing(one.exhibits.all())}


def _campaigns(case: Case, names: Names) -> Iterator[Row]:
    rows = case.campaigns.standing().with_span().prefetch_related("taskings", "marks__exhibit")
    for one in rows.order_by("number").iterator(AT_ONCE):
        marks = [mark for mark in one.marks.all() if not (mark.withdrawn_at or mark.exhibit.withdrawn_at)]
        yield {"label": one.label, "title": names.text(one.title), "objective": names.text(one.objective),
               "languages": one.languages, "first_seen": moment(one.first), "last_seen": moment(one.last),
               "hashtags": [names.text(mark.text) for mark in marks if mark.kind == "hashtag"],
               "slogans": " | ".join(names.text(mark.text) for mark in marks if mark.kind == "slogan"),
               "taskings": labels(task for task in one.taskings.all() if not task.withdrawn_at)}


def _posts(case: Case, names: Names) -> Iterator[Row]:
    rows = Post.objects.filter(case=case).standing().select_related("source__exhibit").order_by("source_id", "position")
    return (leaving.told(one, names) for one in rows.iterator(AT_ONCE))


def _findings(case: Case, names: Names) -> Iterator[Row]:
    rows = case.findings.told().select_related("author", "reviewer").prefetch_related("citations__exhibit", "subjects")
    for one in rows.order_by("number").iterator(AT_ONCE):
        cited = {bearing: labels(cite.exhibit for cite in one.citations.all() if cite.bearing == bearing)
                 for bearing in ("for", "against")}
        texts = {name: names.text(getattr(one, name)) for name in ("title", "claim", "method", "against")}
        others = (f"{other['hypothesis']}: {other['why']}" for other in one.others)
        yield {"label": one.label, "kind": one.kind, "state": one.state, "revision": one.revision,
               "likelihood": one.likelihood, "confidence": one.confidence, **texts,
               "alternatives": names.text(" | ".join(others)), "exhibits_for": cited["for"],
               "exhibits_against": cited["against"], "techniques": one.tagged, "subjects": labels(one.subjects.all()),
               "author": str(one.author), "written_at": moment(one.written_at),
               "reviewer": str(one.reviewer) if one.reviewer else "", "reviewed_at": moment(one.reviewed_at)}


def _tasks(case: Case, names: Names) -> Iterator[Row]:
    for one in case.tasks.select_related("assignee", "made_by", "ended_by").order_by("number").iterator(AT_ONCE):
        yield {"label": one.label, "about": one.about, "state": one.state, "due_on": one.due_on or "",
               "assignee": str(one.assignee) if one.assignee else "", "made_by": str(one.made_by),
               "made_at": moment(one.made_at), "ended_by": str(one.ended_by) if one.ended_by else "",
               "ended_at": moment(one.ended_at),
               **{name: names.text(getattr(one, name)) for name in ("title", "text", "outcome")}}


KINDS: dict[str, Kind] = {
    "accounts": Kind(_("Accounts"), Action.ACCOUNT_READ, (
        "label", "platform", "handle", "display_name", "stable_id", "role", "persona", "tags", "status", "named_at",
        "merged_into"),
        _accounts),
    "observations": Kind(_("Observations of accounts"), Action.ACCOUNT_READ, (
        "subject", "exhibit", "observed_at", "observed_resolution", "handle", "display_name", "status", "biography",
        "place", "created", "followers", "following", "posts", "picture", "address", "post_id", "posted_at"),
        _observations),
    "links": Kind(_("Links between accounts"), Action.ACCOUNT_READ, (
        "subject", "kind", "other", "likelihood", "basis", "exhibits", "recorded_by", "recorded_at"), _links),
    "channels": Kind(_("Channels"), Action.CHANNEL_READ, (
        "label", "platform", "stable_id", "name", "invite_link", "state", "members", "members_at", "last_fact",
        "last_at", "note"), _channels),
    "taskings": Kind(_("Taskings"), Action.CHANNEL_READ, (
        "label", "channel", *DATED, "message", "post_text", "hashtags", "window_from", "window_until", "pay_amount",
        "pay_currency", "pay_per", "pay_per_text", "handed_out_by", "exhibits", "attached"), _taskings),
    "payments": Kind(_("Payments"), Action.CHANNEL_READ, (
        "label", *DATED, "amount", "currency", "method", "shows", "payer", "payee", "taskings", "exhibits"),
        _payments),
    "campaigns": Kind(_("Campaigns"), Action.CAMPAIGN_READ, (
        "label", "title", "objective", "languages", "first_seen", "last_seen", "hashtags", "slogans", "taskings"),
        _campaigns),
    "posts": Kind(_("Posts and messages"), Action.POST_READ, (
        "label", "kind", "exhibit", "sha256", "member", "start", "end", "line", "sender", "sender_id", "post_id", "url",
        "at_text", "at", "resolution", "text"), _posts),
    "findings": Kind(_("Findings"), Action.FINDING_READ, (
        "label", "kind", "state", "revision", "title", "claim", "method", "likelihood", "confidence", "against",
        "alternatives", "exhibits_for", "exhibits_against", "techniques", "subjects", "author", "written_at",
        "reviewer", "reviewed_at"), _findings),
    "tasks": Kind(_("Tasks"), Action.TASK_READ, (
        "label", "title", "text", "about", "assignee", "due_on", "state", "made_by", "made_at", "ended_by", "ended_at",
        "outcome"), _tasks),
} | stated.KINDS
