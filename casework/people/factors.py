"""Who must sign in with a second factor, and who has one: as parts of the question who is asking, so that it costs no
question more. Knows roles by the word alone; what they allow is casework.access's."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.http import HttpRequest

from casework.people import sessions
from casework.people.models import User
from casework.record import Act, record

# What counts as one. Recovery codes come with either and go with the last.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ADMINISTRATOR = "administrator"


def with_standing(rows: QuerySet[Any], person: str = "pk") -> QuerySet[Any]:
    """`rows` with `has_factor`, and `must_enrol` where a role of theirs asks for one that is not there.

    `person` is the field with the person's number. A role counts while its case is open."""
    has = Exists(Authenticator.objects.filter(user=OuterRef(person), type__in=KINDS))
    roles = [word for word in settings.SECOND_FACTOR_FOR if word != ADMINISTRATOR]
    member = Q(memberships__ended_at=None, memberships__role__in=roles, memberships__case__state="open")
    if ADMINISTRATOR in settings.SECOND_FACTOR_FOR:
        member |= Q(is_administrator=True)
    must = Exists(User.objects.filter(member, pk=OuterRef(person)))
    standing: QuerySet[Any] = rows.annotate(
        has_factor=has, must_enrol=ExpressionWrapper(Q(must) & ~Q(has), BooleanField()))
    return standing


def given(request: HttpRequest, person: User) -> bool:
    """Whether this session has given, or added, a second factor of this person, here or at a provider."""
    shown = get_authentication_records(request, person)
    return any(step.get("method") == "mfa" or step.get("factor") for step in shown)


@transaction.atomic
def forget(person: User) -> int:
    """At the machine, for somebody who lost every factor and every recovery code. Answers how many factors went.

    No page does this: who could take a factor away there could then make a password link and be that person."""
    gone: int = Authenticator.objects.filter(user=person, type__in=KINDS).count()
    Authenticator.objects.filter(user=person).delete()
    sessions.drop_all(person)
    record(Act.FACTORS_FORGOTTEN, by=None, subject=f"user/{person.pk}", name=str(person))
    return gone


def note_given(request: HttpRequest, person: User) -> None:
    """Whoever adds a factor has just used it: this session goes on, and the person's others are asked for it."""
    record_authentication(request, person, "mfa", added=True)
