"""Shut a person out so that no case loses its lead: who leads it from then on is named in the same act."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.access import Role
from casework.cases.models import Case, Membership
from casework.cases.services import record_member
from casework.people import services as people
from casework.people.models import User
from casework.record import Act


def led_alone_by(person: User) -> list[Case]:
    """The cases, closed ones too, in which nobody but `person` could add, close or reopen any more."""
    leads = Membership.objects.filter(role=Role.LEAD, ended_at=None)
    others = leads.filter(case=OuterRef("pk"), user__is_active=True).exclude(user=person)
    return list(Case.objects.filter(~Exists(others), pk__in=leads.filter(user=person).values("case")).order_by("pk"))


def successors(case: Case, person: User, by: User) -> QuerySet[User]:
    """Who may lead `case` after `person`: whoever works in it, or anybody where nobody else does.

    Never `by`: an administrator opens no case to themselves."""
    free = User.objects.filter(is_active=True).exclude(pk__in=[person.pk, by.pk]).order_by("display_name", "pk")
    colleagues = free.filter(pk__in=case.memberships.filter(ended_at=None).values("user"))
    return colleagues if colleagues.exists() else free


@transaction.atomic
def shut_out(person: User, *, leads: Mapping[str, User], by: User) -> User:
    """Disable `person` at once; each case that only they lead gets the lead that `leads` names by the case's ref.

    Raises ValidationError by ref for each case whose new lead is missing or may not be it: then nothing happens. A
    closed case gets its lead, too, for nobody else could reopen it."""
    people.require_administrator(by)
    # Their cases are locked in one order, so that two leads of one case cannot go at the same time.
    held = person.memberships.filter(role=Role.LEAD, ended_at=None).values("case")
    list(Case.objects.select_for_update(no_key=True).filter(pk__in=held).order_by("pk"))
    alone = led_alone_by(person)
    wrong = {case.ref: message for case in alone if (message := _refusal(case, leads.get(case.ref), person, by))}
    if wrong:
        raise ValidationError(wrong)
    person = people.disable(person, by=by)
    for case in alone:
        record_member(Act.MEMBER_ADDED, Membership.objects.create(
            case=case, user=leads[case.ref], role=Role.LEAD, granted_by=by, granted_at=timezone.now()), by)
    return person


def _refusal(case: Case, lead: User | None, person: User, by: User) -> str:
    free = successors(case, person, by)
    if lead is not None and free.filter(pk=lead.pk).exists():
        return ""
    if not free:
        return _("Nobody else leads this case, and nobody is left who could. Invite somebody first.")
    return _("Nobody else leads this case. Name who leads it from now on: %(people)s.") % {
        "people": ", ".join(one.email for one in free)}


def people_named(leads: Mapping[str, str]) -> dict[str, Any]:
    """Case refs with addresses → case refs with people; an address that is nobody's is left out."""
    found = {one.email: one for one in User.objects.filter(email__in=[email.lower() for email in leads.values()])}
    return {ref: found[email.lower()] for ref, email in leads.items() if email.lower() in found}
