"""Name channels in a case, write down what exhibits show of them, and withdraw what was wrong."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import editions
from casework.access import Action, require
from casework.accounts import entries
from casework.accounts.models import Subject
from casework.accounts.words import chosen, cleaned
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.channels import links
from casework.channels.models import Channel, ChannelObservation
from casework.exhibits.models import Exhibit
from casework.exhibits.platforms import Platform
from casework.record import Act, record

Fact = ChannelObservation.Fact
LENGTHS = {"name": 500, "invite_link": 500, "text": 500, "stable_id": 120, "note": 2000}
MOST_MEMBERS = 100_000_000


@transaction.atomic
def name_channel(case: Case, *, platform: str, name: str = "", invite_link: str = "", stable_id: str = "",
                 exhibit: Exhibit, at: str, by: Any) -> Channel:
    """Bring a channel into the case, on an exhibit that shows its name or an invite link at the moment `at`.

    No other case is asked and nothing of one is told. Raises ValidationError."""
    case = require_open(case)
    require(by, Action.CHANNEL_EDIT, case)
    chosen("platform", platform, Platform.values)
    texts = cleaned({"name": name, "invite_link": invite_link, "stable_id": stable_id}, most=LENGTHS,
                    optional=["name", "invite_link", "stable_id"])
    if not texts["name"] and not texts["invite_link"]:
        raise ValidationError({"name": _("Give its name or an invite link, as the exhibit shows it.")})
    _require_new(case, platform, texts["stable_id"])
    seen = [(fact, texts[field], field) for fact, field in ((Fact.NAME, "name"), (Fact.INVITE, "invite_link"))
            if texts[field]]
    channel = Channel.objects.create(case=case, number=_next_number(case), platform=platform,
                                     stable_id=texts["stable_id"], recorded_by=by, recorded_at=timezone.now())
    record(Act.CHANNEL_NAMED, by=by, subject=channel.word, context=f"case/{case.ref}", platform=platform,
           exhibit=exhibit.label, **texts)
    for fact, text, field in seen:
        _observe(channel, {"fact": fact, "text": text}, exhibit, at, by, field=field)
    return channel


@transaction.atomic
def edit(channel: Channel, *, platform: str, stable_id: str = "", note: str = "",
         made_from: Collection[str] | None = None, by: Any) -> Channel:
    """Mend what is kept of the channel itself. All else is added, by observations. The earlier words stay in the
    custody log."""
    case = channel.case
    channel = entries.locked(case.channels, channel, case, by, Action.CHANNEL_EDIT)
    editions.require(made_from, partial(edition, channel))
    chosen("platform", platform, Platform.values)
    texts = cleaned({"stable_id": stable_id, "note": note}, optional=["stable_id", "note"], most=LENGTHS)
    entries.require_no_numbers({"note": texts["note"]})
    _require_new(case, platform, texts["stable_id"], but=channel)
    channel.platform, channel.stable_id, channel.note = platform, texts["stable_id"], texts["note"]
    channel.save(update_fields=["platform", "stable_id", "note"])
    record(Act.CHANNEL_EDITED, by=by, subject=channel.word, context=f"case/{case.ref}", platform=platform, **texts)
    return channel


@transaction.atomic
def observe(channel: Channel, *, fact: str, text: str = "", members: int | None = None,
            subject: Subject | None = None, became: Channel | None = None, exhibit: Exhibit, at: str,
            by: Any) -> ChannelObservation:
    """Write down one fact as an exhibit shows it at the moment `at`. What a fact does not take is refused.

    Naming somebody as admin changes nobody's role. Raises ValidationError."""
    case = channel.case
    channel = entries.locked(case.channels, channel, case, by, Action.CHANNEL_EDIT)
    chosen("fact", fact, Fact.values)
    text = cleaned({"text": text}, optional=["text"], most=LENGTHS)["text"]
    said = {"fact": fact, "text": text, "members": members, "subject": subject, "became": became}
    _require_its_own(channel, said)
    return _observe(channel, said, exhibit, at, by)


@transaction.atomic
def withdraw(channel: Channel, *, reason: str, by: Any) -> Channel:
    """Take a channel that is none, or that is there twice, out of use. It stays, marked, with all that was said of
    it. Refused while something standing leads to it."""
    case = channel.case
    channel = entries.locked(case.channels, channel, case, by, Action.CHANNEL_EDIT)
    if channel.came_from.standing().exclude(channel__withdrawn_at__isnull=False).exists():
        raise ValidationError(_("Another channel says that it was re-created as this one: withdraw that first."))
    withdrawn: Channel = entries.withdraw(channel, Act.CHANNEL_WITHDRAWN, reason=reason, subject=channel.word,
                                          ref=case.ref, by=by)
    return withdrawn


@transaction.atomic
def withdraw_observation(observation: ChannelObservation, *, reason: str, by: Any) -> ChannelObservation:
    channel = observation.channel
    found = entries.locked(channel.observations, observation, channel.case, by, Action.CHANNEL_EDIT)
    withdrawn: ChannelObservation = entries.withdraw(
        found, Act.CHANNEL_OBSERVATION_WITHDRAWN, reason=reason, subject=channel.word, ref=channel.case.ref, by=by,
        fact=found.fact, **entries.told(found))
    return withdrawn


def edition(channel: Channel) -> editions.Edition:
    """What of a channel is edited."""
    words = {"platform": channel.platform, "stable_id": channel.stable_id, "note": channel.note}
    return editions.Edition(words, channel.word, (Act.CHANNEL_EDITED, Act.CHANNEL_NAMED))


def _next_number(case: Case) -> int:
    """Gap-free: the caller holds the lock on the case."""
    return (case.channels.aggregate(last=Max("number"))["last"] or 0) + 1


def _require_new(case: Case, platform: str, stable_id: str, but: Channel | None = None) -> None:
    """One channel of the case for one id."""
    known = case.channels.standing().filter(platform=platform, stable_id=stable_id).exclude(pk=but.pk if but else None)
    if stable_id and (there := known.first()):
        raise ValidationError({"stable_id": _("%(label)s has this id: observe it there.") % {"label": there.label}})


def _require_its_own(channel: Channel, said: dict[str, Any]) -> None:
    """Each fact says what it is about, and nothing that another is about."""
    takes = {Fact.NAME: {"text"}, Fact.INVITE: {"text"}, Fact.MEMBERS: {"members"}, Fact.ADMIN: {"text", "subject"},
             Fact.RECREATED: {"became"}}.get(Fact(said["fact"]), set())
    given = {name for name in ("text", "members", "subject", "became") if said[name] not in ("", None)}
    if strays := given - takes:
        raise ValidationError({name: _("This is no part of this fact.") for name in strays})
    if takes and len(given) != 1:
        message = _("Name a subject of this case, or write the admin as the exhibit shows it: one of the two.")
        raise ValidationError({name: message if said["fact"] == Fact.ADMIN else _("This is needed.")
                               for name in sorted(takes)})
    if said["members"] is not None and not 0 <= said["members"] <= MOST_MEMBERS:
        raise ValidationError({"members": _("Give a number of people.")})
    if said["subject"] and said["subject"].case_id != channel.case_id:
        raise ValidationError({"subject": _("Name a subject of this case.")})
    became = said["became"]
    others = Channel.objects.standing().filter(case=channel.case_id).exclude(pk=channel.pk)
    if became and not others.filter(pk=became.pk).exists():
        raise ValidationError({"became": _("Name another channel of this case that stands.")})


def _observe(channel: Channel, said: dict[str, Any], exhibit: Exhibit, at: str, by: Any, *,
             field: str = "text") -> ChannelObservation:
    entries.require_shown_by(channel.case, [exhibit], "exhibit")
    spelled = _spelled(channel, said["text"], field) if said["fact"] == Fact.INVITE else ""
    observation = ChannelObservation.objects.create(
        channel=channel, exhibit=exhibit, spelled=spelled, recorded_by=by, recorded_at=timezone.now(), **said,
        **entries.dated(at))
    detail: dict[str, Any] = {name: said[name] for name in ("text", "members") if said.get(name) not in ("", None)}
    detail |= {name: said[name].label for name in ("subject", "became") if said.get(name)}
    if "subject" in detail:
        detail["admin"] = detail.pop("subject")
    record(Act.CHANNEL_OBSERVED, by=by, subject=channel.word, context=f"case/{channel.case.ref}", fact=said["fact"],
           exhibit=exhibit.label, **entries.told(observation), **detail)
    return observation


def _spelled(channel: Channel, text: str, field: str) -> str:
    """The link in one spelling. Refused where it calls a person, or invites into another channel of this case."""
    link = links.read(text)
    if link.is_person:
        raise ValidationError({field: _("This link calls a telephone: it is a person's, and invites into no group.")})
    same = ChannelObservation.objects.standing().filter(
        channel__case=channel.case, channel__withdrawn_at=None, fact=Fact.INVITE, spelled=link.spelled[:500])
    if link.is_code and (there := same.exclude(channel=channel).select_related("channel").first()):
        raise ValidationError({field: _("%(label)s was seen with this link: observe it there.")
                               % {"label": there.channel.label}})
    return link.spelled[:500]
