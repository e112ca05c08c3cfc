"""The listings of organisations, which administrators maintain for all cases. None is edited: one that is wrong or has
ended is withdrawn with the reason, and written down anew."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.accounts.words import cleaned, together
from casework.campaigns.models import Listing
from casework.lifecycle import NotAllowed
from casework.people.services import require_administrator
from casework.record import Act, record

LENGTHS = {"authority": 200, "list_name": 200, "organisation": 300, "reference": 120, "source_url": 500}
_ADDRESS = URLValidator(schemes=["http", "https"])


@transaction.atomic
def add(*, authority: str, list_name: str, organisation: str, reference: str, listed_on: date, source_url: str,
        read_on: date, by: Any) -> Listing:
    """Write down that an authority lists an organisation, and where that is written. Raises ValidationError."""
    require_administrator(by)
    texts = {"authority": authority, "list_name": list_name, "organisation": organisation, "reference": reference,
             "source_url": source_url}
    texts = together(lambda: cleaned(texts, most=LENGTHS), lambda: _require_days(listed_on, read_on),
                     lambda: _require_address(source_url))
    same = Listing.objects.standing().filter(
        **{name: texts[name] for name in ("authority", "list_name", "organisation", "reference")})
    if same.exists():
        raise ValidationError({"reference": _("This listing is here already.")})
    made = Listing.objects.create(listed_on=listed_on, read_on=read_on, recorded_by=by, recorded_at=timezone.now(),
                                  **texts)
    record(Act.LISTING_ADDED, by=by, subject=made.word, name=str(made), listed_on=listed_on.isoformat(),
           source_url=made.source_url, read_on=read_on.isoformat())
    return made


@transaction.atomic
def withdraw(listing: Listing, *, reason: str, by: Any) -> Listing:
    """End a listing that is wrong or that the authority took back. Causes that cite it go on to say so."""
    require_administrator(by)
    found = Listing.objects.select_for_update(of=("self",)).get(pk=listing.pk)
    if found.withdrawn_at:
        raise NotAllowed("withdrawn", "change")
    found.withdrawn_reason = cleaned({"reason": reason}, most={"reason": 2000})["reason"]
    found.withdrawn_by, found.withdrawn_at = by, timezone.now()
    found.save(update_fields=["withdrawn_reason", "withdrawn_by", "withdrawn_at"])
    record(Act.LISTING_WITHDRAWN, by=by, subject=found.word, name=str(found), reason=found.withdrawn_reason)
    return found


def _require_days(listed_on: date, read_on: date) -> None:
    today = timezone.now().date()
    wrong = {name: _("This day has not come yet.") for name, day in (("listed_on", listed_on), ("read_on", read_on))
             if day > today}
    if not wrong and read_on < listed_on:
        wrong["read_on"] = _("It was read before it was listed.")
    if wrong:
        raise ValidationError(wrong)


def _require_address(url: str) -> None:
    if not url.strip():
        return
    try:
        _ADDRESS(url.strip())
        parts = urlsplit(url.strip())
        wrong = bool(parts.username or parts.password)
    except (ValidationError, ValueError):
        wrong = True
    if wrong:
        raise ValidationError({"source_url": _("Write the address of the page where it is listed, with https://.")})
