"""What is known of platforms, which administrators maintain for all cases. No row is edited: a new wording is a new row
beside the ones before, and what is out of use is said to be, with the reason."""

from collections.abc import Collection
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from casework import approvals, editions
from casework.accounts.words import cleaned
from casework.lifecycle import NotAllowed
from casework.people.services import require_administrator
from casework.record import Act, record
from casework.takedowns import facts
from casework.takedowns.reference_models import Policy, Reference, Route
from evidence.custody import locks

One = TypeVar("One", bound=Reference)
WRITTEN: dict[type[Reference], Act] = {Route: Act.ROUTE_WRITTEN, Policy: Act.POLICY_WRITTEN}
ENDED: dict[type[Reference], Act] = {Route: Act.ROUTE_ENDED, Policy: Act.POLICY_ENDED}
LOCK = "platforms"


@transaction.atomic
def add(model: type[One], *, by: Any, **words: Any) -> One:
    """Write down a route or a policy that is not here yet. Raises ValidationError that names all that is wrong."""
    require_administrator(by)
    columns = facts.checked(model, words)
    locks.take_for(LOCK)
    _require_new(model, columns)
    made = model.objects.create(key=_free_key(model, columns), edition=1, recorded_by=by, recorded_at=timezone.now(),
                                **columns)
    return _recorded(made, WRITTEN[model], by)


@transaction.atomic
def change(row: One, *, reason: str, made_from: Collection[str] | None = None, by: Any, **words: Any) -> One:
    """Put a new wording in the place of the one that stands. The earlier ones stay, and a notice that relied on one
    goes on to show it. What was out of use is in use again."""
    require_administrator(by)
    stands = _locked(row)
    editions.require(made_from, partial(edition, stands))
    columns = facts.checked(type(row), words, reason)
    _require_new(type(row), columns, stands.key)
    made = _after(stands, by, in_use=True, **columns)
    return _recorded(made, WRITTEN[type(row)], by, reason=made.reason)


@transaction.atomic
def end(row: One, *, reason: str, by: Any) -> One:
    """Say that the platform has it no more, or that it was wrong. Nothing new relies on it; it stays readable."""
    require_administrator(by)
    stands = _locked(row)
    if not stands.in_use:
        raise NotAllowed("ended", "end")
    why = cleaned({"reason": reason}, most={"reason": facts.LENGTHS["reason"]})["reason"]
    made = _after(stands, by, in_use=False, reason=why, **stands.words)
    return _recorded(made, ENDED[type(row)], by, reason=why)


def edition(row: Reference) -> editions.Edition:
    """What can be reworded, as it stands; the number of its row is in it, so that no two wordings have one version."""
    words = {**row.words, "languages": ", ".join(row.languages)} if isinstance(row, Route) else row.words
    return editions.Edition(words, row.word, (WRITTEN[type(row)], ENDED[type(row)]), {"edition": row.edition},
                            approvals.digest_of({**words, "edition": row.edition}))


def relied_on(platform: str, name: str) -> Policy | None:
    """The wording that stands of the platform's policy of that name; None where a drafter wrote a name of their own."""
    found = Policy.objects.standing().filter(platforms__contains=[platform], name__iexact=name.strip())
    return found.order_by("key").first()


def reworded(row: Policy | None) -> Policy | None:
    """The wording that stands by now in the place of the one that was relied on, where that is another one."""
    return Policy.objects.newest().filter(key=row.key, edition__gt=row.edition).first() if row else None


def _locked(row: One) -> One:
    """The wording that stands under this key. Rows are never updated, so there is none to lock."""
    locks.take_for(LOCK)
    found: One = type(row).objects.newest().get(key=row.key)
    return found


def _after(stands: One, by: Any, **columns: Any) -> One:
    made: One = type(stands).objects.create(key=stands.key, edition=stands.edition + 1, recorded_by=by,
                                            recorded_at=timezone.now(), **columns)
    return made


def _recorded(made: One, act: Act, by: Any, **more: str) -> One:
    record(act, by=by, subject=made.word, edition=made.edition, **made.words, **more)
    return made


def _require_new(model: type[Reference], columns: dict[str, Any], key: str = "") -> None:
    """One name means one thing on a platform, or a notice could not say which it relies on."""
    same = model.objects.standing().filter(name__iexact=columns["name"], platforms__overlap=columns["platforms"])
    if there := same.exclude(key=key).first():
        raise ValidationError({"name": _("This is here already: %(there)s.") % {"there": there}})


def _free_key(model: type[Reference], columns: dict[str, Any]) -> str:
    """A key that people can read in an address: of the platform and of the name, as far as that has Latin letters."""
    wanted = slugify(f"{columns['platforms'][0]} {columns['name']}")[:50].strip("-")
    taken = set(model.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for key in (wanted, *(f"{wanted}-{more}" for more in range(2, len(taken) + 3))) if key not in taken)
