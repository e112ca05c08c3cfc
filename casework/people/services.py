"""Invite, join, disable, enable, reset: what happens to people and their tokens.

A link or a token is shown once and kept as its SHA-256. `by=None` is the machine's own administrator at a terminal."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth import password_validation
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.people import sessions
from casework.people.models import ApiToken, Invitation, User
from casework.record import Act, record

# An invitation waits for somebody who has no account to lose; a reset is opened by whoever asked for it a moment ago.
LINK_LIFETIMES = {Invitation.Kind.INVITE: timedelta(days=7), Invitation.Kind.RESET: timedelta(minutes=30)}
LONGEST_TOKEN_DAYS = 365
EMAIL_LENGTH = 254
NAME_LENGTH = 120
TOKEN_NAME_LENGTH = 80


def digest(secret: str) -> str:
    """What is kept of a secret: its SHA-256 as 64 hex digits. The secrets have 256 bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def require_administrator(by: User | None) -> None:
    """Raise PermissionDenied unless `by` manages this deployment, and not by a token that is limited to cases."""
    if by is not None and not (by.is_active and by.is_administrator and by.only_cases is None):
        raise PermissionDenied("people.manage")


@transaction.atomic
def invite(email: str, display_name: str, *, by: User | None, administrator: bool = False) -> tuple[User, str]:
    """Make a person (or find one who never joined) and a link token that lets them set a password within 7 days.

    Raises ValidationError when somebody with this address has joined already."""
    require_administrator(by)
    if len(email) > EMAIL_LENGTH:
        raise ValidationError({"email": _("This address is too long.")})
    validate_email(email)
    email = User.objects.normalize_email(email).lower()
    person = User.objects.select_for_update().filter(email=email).first()
    if person is None:
        person = User.objects.create_user(email, display_name=_clean_name(display_name), is_active=False,
                                          is_administrator=administrator)
    elif person.has_joined:
        raise ValidationError({"email": _("Somebody with this address is here already.")})
    token = _make_link(person, Invitation.Kind.INVITE, by)
    record(Act.PERSON_INVITED, by=by, subject=f"user/{person.pk}", name=person.display_name,
           administrator=person.is_administrator)
    return person, token


def ends_at(token: str) -> datetime:
    """Until when the link works that was just made."""
    return Invitation.objects.get(token_hash=digest(token)).expires_at


def find_link(token: str) -> Invitation | None:
    """The invitation or reset that this token opens now; None for an unknown, used, expired or revoked one alike."""
    return _open_links().filter(token_hash=digest(token)).select_related("person").first()


@transaction.atomic
def accept(token: str, password: str, *, display_name: str = "") -> User:
    """Use a link: set the password, and for an invitation let the person in. Ends every session they had.

    Raises ValidationError for a link that opens nothing and for a password that is too weak."""
    link = _open_links().select_for_update().filter(token_hash=digest(token)).first()
    if link is None:
        raise ValidationError(_("This link does not work any more. Ask an administrator for a new one."))
    person = User.objects.select_for_update().get(pk=link.person_id)
    password_validation.validate_password(password, person)
    if display_name.strip():
        person.display_name = _clean_name(display_name)
    person.is_active = True
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    _set_password(person, password)
    record(Act.PERSON_JOINED, by=person, subject=f"user/{person.pk}", link=link.kind)
    return person


@transaction.atomic
def change_password(person: User, password: str) -> None:
    """A new password of their own choice, which the caller has held against the rules. Every session ends, too."""
    person.refresh_from_db(from_queryset=User.objects.select_for_update())
    _set_password(person, password)
    record(Act.PASSWORD_CHANGED, by=person, subject=f"user/{person.pk}")


def note_factor(act: Act, person: User, **told: str) -> None:
    """Record what the sign-in library does to a second factor, in the transaction in which it does it."""
    record(act, by=person, subject=f"user/{person.pk}", **told)


@transaction.atomic
def disable(person: User, *, by: User | None) -> User:
    """Shut a person out at once: sessions, tokens and open links end. The last administrator stays.

    Knows no case: casework.cases.leaving, which sees to it that each keeps a lead, is the one that calls this."""
    require_administrator(by)
    # All administrators are locked in one order, so that two of them cannot disable each other at the same time.
    administrators = list(User.objects.select_for_update().filter(is_administrator=True, is_active=True).order_by("pk"))
    person = User.objects.select_for_update().get(pk=person.pk)
    if administrators == [person]:
        raise ValidationError(_("The last administrator cannot be disabled. Make another one first."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    _void_links(person)
    sessions.drop_all(person)
    person.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    record(Act.PERSON_DISABLED, by=by, subject=f"user/{person.pk}", name=person.display_name)
    return person


@transaction.atomic
def enable(person: User, *, by: User | None) -> User:
    """Let a disabled person in again, with the password they had. Tokens stay revoked."""
    require_administrator(by)
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.has_joined:
        raise ValidationError(_("This person has not joined yet. Invite them again for a new link."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(Act.PERSON_ENABLED, by=by, subject=f"user/{person.pk}", name=person.display_name)
    return person


def end_sessions(person: User, *, by: User) -> int:
    """An administrator signs a person out everywhere; their password and tokens stay. Answers of how many sessions."""
    require_administrator(by)
    return sessions.end_all(person, by=by)


@transaction.atomic
def reset(person: User, *, by: User | None) -> str:
    """A link token with which the person sets a new password within half an hour. Earlier links stop working."""
    require_administrator(by)
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        raise ValidationError(_("This person is not active. Enable or invite them instead."))
    token = _make_link(person, Invitation.Kind.RESET, by)
    record(Act.PERSON_RESET, by=by, subject=f"user/{person.pk}", name=person.display_name)
    return token


@transaction.atomic
def change_settings(person: User, *, display_name: str, language: str, theme: str, single_keys: bool) -> User:
    """A person's own choices. A new name is recorded: earlier entries of the log keep the old one."""
    person = User.objects.select_for_update().get(pk=person.pk)
    before = person.display_name
    person.display_name, person.single_keys = _clean_name(display_name), single_keys
    person.language, person.theme = language, theme
    person.clean_fields(exclude=["password", "email"])
    person.save(update_fields=["display_name", "single_keys", "language", "theme"])
    if person.display_name != before:
        record(Act.PERSON_RENAMED, by=person, subject=f"user/{person.pk}", before=before, name=person.display_name)
    return person


def choose_language(person: User, language: str) -> None:
    """The language of every page from now on. A preference, so nothing is recorded."""
    User.objects.filter(pk=person.pk).update(language=language)


@transaction.atomic
def make_token(user: User, name: str, scopes: Iterable[str], days: int,
               cases: Iterable[str] = ()) -> tuple[ApiToken, str]:
    """An API token for `user` and its secret `cw_<prefix>_<secret>`, which is not kept. With `cases` (refs of cases in
    which they have a role) it is for these alone, and for nothing outside cases."""
    chosen = [scope for scope in ApiToken.Scope.values if scope in set(scopes)]
    if not chosen or set(scopes) - set(chosen):
        raise ValidationError({"scopes": _("Choose from: %(known)s.") % {"known": ", ".join(ApiToken.Scope.values)}})
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise ValidationError({"days": _("Choose between 1 and %(most)d days.") % {"most": LONGEST_TOKEN_DAYS}})
    name = name.replace("\x00", "").strip()
    if not name or len(name) > TOKEN_NAME_LENGTH:
        raise ValidationError({"name": _("Give it a name of at most %(most)d characters.")
                               % {"most": TOKEN_NAME_LENGTH}})
    refs = sorted(set(cases))
    if unknown := set(refs) - set(own_cases(user)):
        raise ValidationError({"cases": _("Not among your cases: %(refs)s.") % {"refs": ", ".join(sorted(unknown))}})
    prefix = secrets.token_hex(4)
    secret = f"cw_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(person=user, name=name, prefix=prefix, secret_hash=digest(secret), scopes=chosen,
                                    cases=refs, expires_at=timezone.now() + timedelta(days=days))
    record(Act.TOKEN_MADE, by=user, subject=f"user/{user.pk}", token=prefix, scopes=chosen, days=days,
           cases=refs)
    return token, secret


def own_cases(user: User) -> list[str]:
    """The refs of the cases in which `user` has a role now, newest first."""
    held = user.memberships.filter(ended_at=None).values_list("case__ref", flat=True)
    return sorted(set(held), reverse=True)


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """End a token for good. Revoking it twice changes nothing."""
    if by.tokens.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(Act.TOKEN_REVOKED, by=by, subject=f"user/{by.pk}", token=token.prefix)


def _clean_name(name: str) -> str:
    name = name.replace("\x00", "").strip()
    if not name or len(name) > NAME_LENGTH:
        raise ValidationError({"display_name": _("Give a name of at most %(most)d characters.")
                               % {"most": NAME_LENGTH}})
    return name


def _open_links() -> models.QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, voided_at=None, expires_at__gt=timezone.now())


def _make_link(person: User, kind: Invitation.Kind, by: User | None) -> str:
    _void_links(person)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(person=person, kind=kind, token_hash=digest(token), made_by=by,
                              expires_at=timezone.now() + LINK_LIFETIMES[kind])
    return token


def _set_password(person: User, password: str) -> None:
    """Nothing that was given out before opens anything any more: who needs a new password may have lost more."""
    person.set_password(password)
    person.save()
    _void_links(person)
    sessions.drop_all(person)
    person.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


def _void_links(person: User) -> None:
    person.invitations.filter(used_at=None, voided_at=None).update(voided_at=timezone.now())
