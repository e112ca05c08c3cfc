"""Causes that campaigns push: name them, tie them to a listing where one applies, and say which campaign pushes which.

No account is ever named beside a cause: texts with a handle or a number in them are refused."""

from collections.abc import Collection, Mapping, Sequence
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
from casework.accounts.spelling import fold, spans
from casework.accounts.words import cleaned
from casework.campaigns.models import Campaign, Cause, Listing, Push
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.record import Act, record

LENGTHS = {"title": 200, "description": 2000, "listing_basis": 2000, "basis": 2000}


@transaction.atomic
def name_cause(case: Case, *, title: str, description: str = "", listing: Listing | None = None,
               listing_basis: str = "", by: Any) -> Cause:
    """Write down a cause in the team's words. A listing needs the reason why it applies. Raises ValidationError."""
    case = require_open(case)
    require(by, Action.CAMPAIGN_EDIT, case)
    columns = _checked(case, title, description, listing, listing_basis)
    number = (case.causes.aggregate(last=Max("number"))["last"] or 0) + 1
    cause = Cause.objects.create(case=case, number=number, recorded_by=by, recorded_at=timezone.now(), **columns)
    record(Act.CAUSE_NAMED, by=by, subject=cause.word, context=f"case/{case.ref}", **_words(cause))
    return cause


@transaction.atomic
def edit(cause: Cause, *, title: str, description: str = "", listing: Listing | None = None, listing_basis: str = "",
         made_from: Collection[str] | None = None, by: Any) -> Cause:
    """Replace what is said of it. The earlier words stay in the custody log."""
    case = cause.case
    cause = entries.locked(case.causes, cause, case, by, Action.CAMPAIGN_EDIT)
    editions.require(made_from, partial(edition, cause))
    columns = _checked(case, title, description, listing, listing_basis, but=cause)
    for name, value in columns.items():
        setattr(cause, name, value)
    cause.save(update_fields=list(columns))
    record(Act.CAUSE_EDITED, by=by, subject=cause.word, context=f"case/{case.ref}", **_words(cause))
    return cause


@transaction.atomic
def withdraw(cause: Cause, *, reason: str, by: Any) -> Cause:
    """Take a wrong one out of use. Refused while a campaign is said to push it."""
    case = cause.case
    cause = entries.locked(case.causes, cause, case, by, Action.CAMPAIGN_EDIT)
    if pushed := cause.pushes.standing().filter(campaign__withdrawn_at=None).select_related("campaign").first():
        raise ValidationError(_("%(label)s is said to push it: withdraw that first.")
                              % {"label": pushed.campaign.label})
    withdrawn: Cause = entries.withdraw(cause, Act.CAUSE_WITHDRAWN, reason=reason, subject=cause.word, ref=case.ref,
                                        by=by)
    return withdrawn


@transaction.atomic
def attach(campaign: Campaign, *, cause: Cause, basis: str, exhibits: Sequence[Exhibit], by: Any) -> Push:
    """Say that a campaign pushes a cause, on exhibits that show it. Raises ValidationError."""
    case = campaign.case
    campaign = entries.locked(case.campaigns, campaign, case, by, Action.CAMPAIGN_EDIT)
    basis = cleaned({"basis": basis}, most=LENGTHS)["basis"]
    _require_no_accounts({"basis": basis})
    if not case.causes.standing().filter(pk=cause.pk).exists():
        raise ValidationError({"cause": _("Name a cause of this case that stands.")})
    if campaign.pushes.standing().filter(cause=cause).exists():
        raise ValidationError({"cause": _("This is written down already: withdraw it first, to say it in other "
                                          "words.")})
    entries.require_shown_by(case, exhibits, "exhibits")
    push = Push.objects.create(campaign=campaign, cause=cause, basis=basis, recorded_by=by,
                               recorded_at=timezone.now())
    push.exhibits.set(exhibits)
    record(Act.CAUSE_ATTACHED, by=by, subject=campaign.word, context=f"case/{case.ref}", cause=cause.label,
           basis=basis, exhibits=[exhibit.label for exhibit in exhibits])
    return push


@transaction.atomic
def detach(push: Push, *, reason: str, by: Any) -> Push:
    """Withdraw that a campaign pushes a cause. It stays, marked."""
    campaign = push.campaign
    found = entries.locked(campaign.pushes, push, campaign.case, by, Action.CAMPAIGN_EDIT)
    withdrawn: Push = entries.withdraw(found, Act.CAUSE_DETACHED, reason=reason, subject=campaign.word,
                                       ref=campaign.case.ref, by=by, cause=found.cause.label)
    return withdrawn


def edition(cause: Cause) -> editions.Edition:
    """What of a cause is edited."""
    return editions.Edition(_words(cause), cause.word, (Act.CAUSE_EDITED, Act.CAUSE_NAMED))


def _words(cause: Cause) -> dict[str, Any]:
    return {"title": cause.title, "description": cause.description,
            "listing": str(cause.listing_id) if cause.listing_id else "", "listing_basis": cause.listing_basis}


def _checked(case: Case, title: str, description: str, listing: Listing | None, listing_basis: str,
             but: Cause | None = None) -> dict[str, Any]:
    texts = cleaned({"title": title, "description": description, "listing_basis": listing_basis},
                    optional=["description", "listing_basis"], most=LENGTHS)
    _require_no_accounts(texts)
    if bool(listing) != bool(texts["listing_basis"]):
        raise ValidationError({"listing_basis": _("Say why the listing applies to this cause; without a listing there "
                                                  "is nothing to say here.")})
    cited = but.listing_id if but else None
    if listing and listing.pk != cited and not Listing.objects.standing().filter(pk=listing.pk).exists():
        raise ValidationError({"listing": _("This listing was withdrawn.")})
    same = case.causes.standing().filter(title__iexact=texts["title"]).exclude(pk=but.pk if but else None)
    if there := same.first():
        raise ValidationError({"title": _("%(label)s is called so.") % {"label": there.label}})
    return {**texts, "listing": listing}


def _require_no_accounts(texts: Mapping[str, str]) -> None:
    """Raises ValidationError that names each text in which an account or a number stands: who pushes a cause is said
    of accounts elsewhere, by what they do, and never from here."""
    message = _("This names an account or a number. A cause is tied to campaigns alone, never to an account.")
    if wrong := {name: message for name, text in texts.items()
                 if any(kind in ("account", "phone", "number") for _start, _end, kind in spans(fold(text), []))}:
        raise ValidationError(wrong)
