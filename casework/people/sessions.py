"""Where people are signed in: what is known of each session, when it is over by itself, and ending it.

As SESSION_ENGINE it is the framework's sessions in the database; one that is over does not load."""

from datetime import timedelta
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from casework.people import devices, telling
from casework.people.models import Device, SignIn, User
from casework.record import Act, record

# `seen_at` is for people who look at their sessions, and for the half hour: once a minute is exact enough.
SEEN_EVERY = timedelta(minutes=1)
AGENT_LENGTH = 200


class SessionStore(db.SessionStore):
    """A session of somebody who is signed in loads together with its row, or is none."""

    _row: Session | None = None

    def _get_session_from_db(self) -> Any:
        self._row = (Session.objects.select_related("sign_in")
                     .filter(session_key=self.session_key, expire_date__gt=timezone.now()).first())
        if self._row is None:
            self._session_key = None
        return self._row

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if SESSION_KEY in data and (self.sign_in is None or self.sign_in.is_over):
            self.delete(self.session_key)
            self._session_key = None
            return {}
        return data

    @property
    def sign_in(self) -> SignIn | None:
        return getattr(self._row, "sign_in", None)


def begin(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Whoever signs in has a session with a row of its own. Called wherever the framework signs somebody in."""
    if not request.session.session_key:
        request.session.create()
    now, met = timezone.now(), devices.met(request)
    sign_in, _made = SignIn.objects.update_or_create(session_id=request.session.session_key, defaults={
        "person": user, "began_at": now, "seen_at": now, "address": get_client_ip(request),
        "agent": request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:AGENT_LENGTH],
        "device": met.device if met else None, "new_device": bool(met and met.new)})
    if sign_in.new_device:
        telling.note(sign_in)


def see(session: Any) -> None:
    """This session is in use, if it is somebody's. Asked also while a long upload comes in: that is use."""
    now, row = timezone.now(), getattr(session, "sign_in", None)
    if row is not None and row.seen_at < now - SEEN_EVERY:
        row.seen_at = now
        SignIn.objects.filter(pk=row.pk).update(seen_at=now)


def clear() -> int:
    """Remove what is kept of sessions that are over, where people were among it; how many went."""
    devices.clear()
    over = Session.objects.exclude(sign_in__in=SignIn.objects.alive()).exclude(
        sign_in=None, expire_date__gt=timezone.now())
    gone = over.count()
    over.delete()
    return gone


@transaction.atomic
def end(sign_in: SignIn, *, by: User) -> None:
    """End one session: its next request is nobody's, and its browser is known no more. Ending it twice changes
    nothing."""
    Device.objects.filter(sign_ins=sign_in).delete()
    ended, _rows = Session.objects.filter(sign_in=sign_in).delete()
    if ended:
        record(Act.SESSIONS_ENDED, by=by, subject=f"user/{sign_in.person_id}", name=str(sign_in.person), sessions=1)


@transaction.atomic
def end_all(person: User, *, by: User, but: str | None = None) -> int:
    """End all sessions of `person`, and forget their devices, but for the one with the key `but`. Answers how many
    sessions those were."""
    person.devices.exclude(pk__in=SignIn.objects.filter(session=but, device__isnull=False).values("device")).delete()
    ended = SignIn.objects.filter(session__in=_of(person, but)).count()
    if ended:
        _of(person, but).delete()
        record(Act.SESSIONS_ENDED, by=by, subject=f"user/{person.pk}", name=str(person), sessions=ended)
    return ended


def drop_all(person: User) -> None:
    """As `end_all`, for acts that end sessions by the way and have a record of their own."""
    person.devices.all().delete()
    _of(person, None).delete()


def _of(person: User, but: str | None) -> Any:
    return Session.objects.filter(sign_in__person=person).exclude(session_key=but)
