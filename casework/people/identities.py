"""Who a provider's sign-in is here. Nobody joins by it: people are invited, and set a password that confirms later."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework.people import oidc, sessions
from casework.people.models import Identity, User
from casework.record import Act, record


@transaction.atomic
def whose(claims: oidc.Claims) -> User | None:
    """The person whom the provider means, or None: nobody here, not joined yet, disabled.

    A subject that comes for the first time is whoever has the address that the provider has verified, where nobody
    else of the provider's is that person already."""
    bound = Identity.objects.select_related("person").filter(issuer=claims.issuer, subject=claims.subject).first()
    if bound is not None:
        return bound.person if _may_come(bound.person) else None
    person = User.objects.select_for_update().filter(email=_folded(claims.email)).first()
    if person is None or not _may_come(person) or Identity.objects.filter(person=person).exists():
        return None
    _bind(person, claims)
    return person


@transaction.atomic
def bind(person: User, claims: oidc.Claims) -> None:
    """By somebody who is signed in, whatever address the provider has for them. Raises ValidationError."""
    User.objects.select_for_update().get(pk=person.pk)
    kept = Identity.objects.filter(person=person).first()
    if kept is not None and (kept.issuer, kept.subject) == (claims.issuer, claims.subject):
        return
    if kept is not None or Identity.objects.filter(issuer=claims.issuer, subject=claims.subject).exists():
        raise ValidationError(_("That account of the provider cannot be connected with you here."))
    _bind(person, claims)


def of(person: User) -> Identity | None:
    """Whom the provider of now means by this person, if anybody."""
    return Identity.objects.filter(person=person, issuer=oidc.provider().issuer).first()


def is_of(person: User, claims: oidc.Claims) -> bool:
    known = of(person)
    return known is not None and (known.issuer, known.subject) == (claims.issuer, claims.subject)


@transaction.atomic
def forget(person: User) -> bool:
    """At the machine, where the provider gave somebody a new subject. Answers whether there was one to forget.

    No page does this: who could take an identity away there could bind another of the provider's to that person."""
    if not Identity.objects.filter(person=person).delete()[0]:
        return False
    sessions.drop_all(person)
    record(Act.IDENTITY_FORGOTTEN, by=None, subject=f"user/{person.pk}", name=str(person))
    return True


def _bind(person: User, claims: oidc.Claims) -> None:
    Identity.objects.create(person=person, issuer=claims.issuer, subject=claims.subject)
    record(Act.IDENTITY_BOUND, by=person, subject=f"user/{person.pk}", issuer=claims.issuer)


def _may_come(person: User) -> bool:
    return person.is_active and person.has_joined


def _folded(email: str) -> str:
    """As addresses are kept. What Unicode folds into another's address is not that address: no NFKC here."""
    return email.lower() if email and unicodedata.is_normalized("NFC", email) and "\x00" not in email else "—"
