"""Name campaigns, say by which taskings they were pushed, mark their hashtags and slogans, and withdraw what was
wrong."""

from collections.abc import Collection, Sequence
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
from casework.accounts.words import chosen, cleaned, together
from casework.campaigns import languages
from casework.campaigns.models import Campaign, Mark
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.channels import hashtags
from casework.channels.tasking_models import Tasking
from casework.exhibits.models import Exhibit
from casework.record import Act, record

LENGTHS = {"title": 200, "objective": 4000, "text": 500}


@transaction.atomic
def name_campaign(case: Case, *, title: str, objective: str, languages: str = "", taskings: Sequence[Tasking],
                  by: Any) -> Campaign:
    """Bring a campaign into the case: the taskings that pushed it make it one. Raises ValidationError that names all
    that is wrong."""
    case = require_open(case)
    require(by, Action.CAMPAIGN_EDIT, case)
    columns = _checked(case, title, objective, languages, taskings)
    number = (case.campaigns.aggregate(last=Max("number"))["last"] or 0) + 1
    campaign = Campaign.objects.create(case=case, number=number, recorded_by=by, recorded_at=timezone.now(), **columns)
    campaign.taskings.set(taskings)
    record(Act.CAMPAIGN_NAMED, by=by, subject=campaign.word, context=f"case/{case.ref}", **_words(campaign))
    return campaign


@transaction.atomic
def edit(campaign: Campaign, *, title: str, objective: str, languages: str = "", taskings: Sequence[Tasking],
         made_from: Collection[str] | None = None, by: Any) -> Campaign:
    """Replace what is said of it. The earlier words stay in the custody log."""
    case = campaign.case
    campaign = entries.locked(case.campaigns, campaign, case, by, Action.CAMPAIGN_EDIT)
    editions.require(made_from, partial(edition, campaign))
    kept = set(campaign.taskings.values_list("pk", flat=True))
    for name, value in _checked(case, title, objective, languages, taskings, kept).items():
        setattr(campaign, name, value)
    campaign.save(update_fields=["title", "objective", "languages"])
    campaign.taskings.set(taskings)
    record(Act.CAMPAIGN_EDITED, by=by, subject=campaign.word, context=f"case/{case.ref}", **_words(campaign))
    return campaign


@transaction.atomic
def mark(campaign: Campaign, *, kind: str, text: str, exhibit: Exhibit, at: str, by: Any) -> Mark:
    """Write down a hashtag or a slogan as an exhibit shows it at the moment `at`. Raises ValidationError."""
    case = campaign.case
    campaign = entries.locked(case.campaigns, campaign, case, by, Action.CAMPAIGN_EDIT)
    chosen("kind", kind, Mark.Kind.values)
    text = cleaned({"text": text}, most=LENGTHS)["text"]
    if kind == Mark.Kind.HASHTAG:
        text = _hashtag(text)
    entries.require_shown_by(case, [exhibit], "exhibit")
    made = Mark.objects.create(campaign=campaign, kind=kind, text=text, exhibit=exhibit, recorded_by=by,
                               recorded_at=timezone.now(), **entries.dated(at))
    record(Act.CAMPAIGN_MARKED, by=by, subject=campaign.word, context=f"case/{case.ref}", kind=kind, text=text,
           exhibit=exhibit.label, **entries.told(made))
    return made


@transaction.atomic
def withdraw_mark(mark: Mark, *, reason: str, by: Any) -> Mark:
    campaign = mark.campaign
    found = entries.locked(campaign.marks, mark, campaign.case, by, Action.CAMPAIGN_EDIT)
    withdrawn: Mark = entries.withdraw(found, Act.CAMPAIGN_MARK_WITHDRAWN, reason=reason, subject=campaign.word,
                                       ref=campaign.case.ref, by=by, kind=found.kind, text=found.text)
    return withdrawn


@transaction.atomic
def withdraw(campaign: Campaign, *, reason: str, by: Any) -> Campaign:
    """Take a campaign that is none, or that is there twice, out of use. It stays, marked, with all that was said of
    it."""
    case = campaign.case
    campaign = entries.locked(case.campaigns, campaign, case, by, Action.CAMPAIGN_EDIT)
    withdrawn: Campaign = entries.withdraw(campaign, Act.CAMPAIGN_WITHDRAWN, reason=reason, subject=campaign.word,
                                           ref=case.ref, by=by)
    return withdrawn


def edition(campaign: Campaign) -> editions.Edition:
    """What of a campaign is edited."""
    words = _words(campaign)
    return editions.Edition(words | {"languages": ", ".join(campaign.languages)}, campaign.word,
                            (Act.CAMPAIGN_EDITED, Act.CAMPAIGN_NAMED))


def _words(campaign: Campaign) -> dict[str, Any]:
    labels = [tasking.label for tasking in campaign.taskings.order_by("number")]
    return {"title": campaign.title, "objective": campaign.objective, "languages": list(campaign.languages),
            "taskings": labels}


def _checked(case: Case, title: str, objective: str, codes: str, taskings: Sequence[Tasking],
             kept: Collection[int] = ()) -> dict[str, Any]:
    """The columns for what somebody typed. Raises ValidationError that names all that is wrong. Taskings in `kept` were
    named before, and may have been withdrawn since."""
    columns: dict[str, Any] = together(
        lambda: cleaned({"title": title, "objective": objective}, most=LENGTHS) | {"languages": _languages(codes)},
        lambda: _require_taskings(case, taskings, kept))
    return columns


def _languages(codes: str) -> list[str]:
    try:
        return languages.split(codes)
    except ValueError as unknown:
        raise ValidationError({"languages": _("Not known as languages: %(codes)s. Write codes like ur, en.")
                               % {"codes": unknown}}) from None


def _require_taskings(case: Case, taskings: Sequence[Tasking], kept: Collection[int]) -> None:
    if not taskings:
        raise ValidationError({"taskings": _("Name at least one tasking that pushed it: a trend alone is no "
                                             "campaign.")})
    there = {*case.taskings.standing().values_list("pk", flat=True), *kept}
    if wrong := [one.label for one in taskings if one.pk not in there]:
        raise ValidationError({"taskings": _("Withdrawn, so not to be named: %(labels)s.")
                               % {"labels": ", ".join(wrong)}})


def _hashtag(text: str) -> str:
    """One hashtag, with its sign."""
    found = hashtags.found_in(text if text[:1] in "#＃" else f"#{text}")
    if len(found) != 1 or found[0].lstrip("#") != text.lstrip("#＃"):
        raise ValidationError({"text": _("Write one hashtag as the exhibit shows it, such as #DeltaPortNow.")})
    return found[0]
