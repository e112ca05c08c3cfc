"""What an account showed of itself when an exhibit was captured: public facts, and nothing of what they mean."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from casework.access import Action
from casework.accounts import entries, statements
from casework.accounts.models import MOST_COUNTED, Observation, Subject
from casework.accounts.words import chosen, cleaned, together
from casework.exhibits import platform_addresses, platform_urls
from casework.exhibits.models import Exhibit
from casework.record import Act, record

LENGTHS = {"handle": 120, "stable_id": 120, "display_name": 200, "biography": 2000, "place": 200}
COUNTS = ("followers", "following", "posts")
_CREATED = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)


@transaction.atomic
def observe(subject: Subject, *, handle: str, display_name: str = "", exhibit: Exhibit, at: str = "", by: Any,
            **shown: Any) -> Observation:
    """Add what the account called itself and showed at the moment `at`; without one, when the exhibit was captured.

    `shown`: biography, place, created (a year, a month or a day), status, picture (an exhibit), and the counts. What
    the exhibit does not show stays empty. Raises ValidationError that names all that is wrong."""
    subject = statements.locked(subject, by)
    case = subject.case
    columns: dict[str, Any] = together(
        partial(_columns, case, exhibit, handle, display_name, at, **shown),
        lambda: require_shown_by(case, exhibit))
    return add(subject, columns, exhibit, by)


def add(subject: Subject, columns: Mapping[str, Any], exhibit: Exhibit, by: Any) -> Observation:
    """Write down what was checked, and record it. The caller holds the lock of the case."""
    observed = {"observed_at": seen_at(exhibit), **columns}
    observation = Observation.objects.create(account_id=subject.account_id, exhibit=exhibit, recorded_by=by, **observed)
    said = {name: observed[name] for name in ("handle", "display_name")}
    said |= {name: observed[name] for name in ("biography", "place", "created", "status", "address", *COUNTS)
             if observed.get(name) not in (None, "", Observation.Status.UNKNOWN)}
    if picture := observed.get("picture"):
        said["picture"] = picture.label
    if given := observed.get("observed_given"):
        said |= {"at_resolution": observed["observed_resolution"], "at_given": given}
    record(Act.ACCOUNT_OBSERVED, by=by, subject=subject.word, context=f"case/{subject.case.ref}", **said,
           exhibit=exhibit.label, observed_at=observation.observed_at.isoformat())
    return observation


@transaction.atomic
def withdraw(observation: Observation, *, subject: Subject, reason: str, by: Any) -> Observation:
    """Take a wrong one out of use. It stays, marked. Raises ValidationError where no other would name the account."""
    case = subject.case
    rows = Observation.objects.filter(account=subject.account_id, exhibit__case=case)
    found: Observation = entries.locked(rows, observation, case, by, Action.ACCOUNT_EDIT)
    if not rows.standing().exclude(pk=found.pk).exists():
        raise ValidationError(_("Nothing else shows what this account is called. Observe it again first, then withdraw "
                                "this."))
    withdrawn: Observation = entries.withdraw(
        found, Act.OBSERVATION_WITHDRAWN, reason=reason, subject=subject.word, ref=case.ref, by=by,
        handle=found.handle, exhibit=found.exhibit.label, observed_at=found.observed_at.isoformat())
    return withdrawn


def names(handle: str, display_name: str) -> dict[str, str]:
    return cleaned({"handle": handle.strip().removeprefix("@"), "display_name": display_name},
                   optional=["display_name"], most=LENGTHS)


def seen_under(platform: str, address: str) -> str:
    """The address of a post or a profile of `platform` in its one spelling; empty where none was given. Raises
    ValidationError."""
    plain = cleaned({"address": platform_addresses.undisguised(address)}, optional=["address"],
                    most={"address": platform_addresses.LONGEST})["address"]
    facts = platform_urls.read(plain)
    if plain and (facts.platform != platform or not (facts.handle or facts.post_id or facts.account_id)):
        raise ValidationError({"address": _("Give the address of a post or a profile on this platform.")})
    return facts.url or (plain if "://" in plain or not plain else f"https://{plain}")


def require_shown_by(case: Any, exhibit: Exhibit) -> None:
    """Raises ValidationError unless the exhibit is of this case and captured."""
    if exhibit.case_id != case.pk or not exhibit.is_captured:
        raise ValidationError({"exhibit": _("Cite an exhibit of this case that shows the account.")})


def seen_at(exhibit: Exhibit) -> datetime:
    """When the exhibit shows what it shows: its capture if the provenance says so with a zone, or its receipt."""
    try:
        captured = parse_datetime(exhibit.item.provenance.get("captured_at", ""))
    except ValueError:
        captured = None
    return captured if captured and captured.tzinfo else exhibit.item.received_at


def _columns(case: Any, exhibit: Exhibit, handle: str, display_name: str, at: str, *, biography: str = "",
             place: str = "", created: str = "", status: str = Observation.Status.UNKNOWN,
             picture: Exhibit | None = None, followers: int | None = None, following: int | None = None,
             posts: int | None = None) -> dict[str, Any]:
    counts = {"followers": followers, "following": following, "posts": posts}
    created = created.strip()
    columns: dict[str, Any] = together(
        lambda: names(handle, display_name) | cleaned({"biography": biography, "place": place},
                                                      optional=["biography", "place"], most=LENGTHS),
        partial(_when, at), partial(chosen, "status", status, Observation.Status.values),
        partial(_require_date, created), partial(_require_counts, counts), partial(_require_picture, case, picture))
    when = _when(at)
    if created > f"{when.get('observed_at') or seen_at(exhibit):%Y-%m-%d}"[:len(created)]:
        raise ValidationError({"created": _("It was seen before that.")})
    return {**columns, **when, **counts, "created": created, "status": status, "picture": picture}


def _when(at: str) -> dict[str, Any]:
    if not at.strip():
        return {}
    moment = entries.moment(at, "at")
    return {"observed_at": moment.at, "observed_resolution": moment.resolution, "observed_given": moment.given}


def _require_date(created: str) -> None:
    """A year, a month or a day of the calendar, or nothing."""
    try:
        if created and not _CREATED.fullmatch(created):
            raise ValueError(created)
        date.fromisoformat(created + "2000-01-01"[len(created):])
    except ValueError:
        raise ValidationError({"created": _("Write a year, a month or a day: 2021, 2021-03 or 2021-03-14.")}) from None


def _require_counts(counts: Mapping[str, int | None]) -> None:
    message = _("Give a whole number from 0 to %(most)d.") % {"most": MOST_COUNTED}
    if wrong := {name: message for name in COUNTS
                 if (count := counts.get(name)) is not None and not 0 <= count <= MOST_COUNTED}:
        raise ValidationError(wrong)


def _require_picture(case: Any, picture: Exhibit | None) -> None:
    if picture:
        entries.require_shown_by(case, [picture], "picture")
