"""Known devices: a browser in which somebody signed in before has tries of its own for their account.

So whoever knows an address can use up the account's tries, and its person still comes in where they always do. The
cookie signs nobody in: alone it is worth ten wrong passwords in a quarter of an hour."""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from casework.people.models import Device, User

# So many known devices has one person, and so many people have one browser; the last to sign in stay.
OF_A_PERSON, IN_A_BROWSER = 10, 5
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Met:
    """The device in which somebody just signed in, and what its cookie holds from now on. `new`: it was not known."""

    device: Device
    cookie: str
    new: bool


def account(email: str) -> str:
    """Whose tries those are: every spelling that opens one account, whatever Unicode has that looks or folds alike."""
    return unicodedata.normalize("NFKC", email).casefold()


def known_for(request: HttpRequest, email: str) -> Device | None:
    """The device that this browser is for the account of `email`. One question, whether there is such an account or
    not; none for a browser without the cookie."""
    return next((device for device in _known(request) if account(device.person.email) == account(email)), None)


@transaction.atomic
def meet(request: HttpRequest, person: User) -> None:
    """Called before somebody is signed in: from now on this browser is known for them.

    The secret is another after each sign-in, so a cookie that was copied is worth nothing once its owner has come
    again. One that was not made for this person is never bound to them: somebody else may have put it there."""
    old = next((device for device in _known(request) if device.person_id == person.pk), None)
    secret, now = secrets.token_urlsafe(32), timezone.now()
    carried = [one for one in _carried(request) if old is None or _digest(one) != old.secret_hash]
    device = old or Device(person=person)
    device.secret_hash, device.expires_at = _digest(secret), now + Device.LIFETIME
    device.save()
    kept = person.devices.order_by("-expires_at").values_list("pk", flat=True)[:OF_A_PERSON]
    person.devices.exclude(pk__in=list(kept)).delete()
    request.met = Met(device, ".".join([secret, *carried][:IN_A_BROWSER]), old is None)  # type: ignore[attr-defined]


def met(request: HttpRequest) -> Met | None:
    return getattr(request, "met", None)


def keep(request: HttpRequest, answer: HttpResponse) -> None:
    """Give the browser in which somebody signed in what it is known by."""
    if found := met(request):
        answer.set_cookie(cookie_name(), found.cookie, max_age=Device.LIFETIME, secure=settings.HTTPS, httponly=True,
                          samesite="Lax")


def cookie_name() -> str:
    """Over HTTPS browsers take it from this very host alone."""
    return "__Host-device" if settings.HTTPS else "device"


def clear() -> None:
    Device.objects.filter(expires_at__lte=timezone.now()).delete()


def _known(request: HttpRequest) -> list[Device]:
    carried = _carried(request)
    return list(Device.objects.select_related("person").filter(
        secret_hash__in=[_digest(one) for one in carried], expires_at__gt=timezone.now())) if carried else []


def _carried(request: HttpRequest) -> list[str]:
    parts = request.COOKIES.get(cookie_name(), "").split(".")[:IN_A_BROWSER]
    return [part for part in parts if SECRET.fullmatch(part)]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
