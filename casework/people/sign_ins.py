"""What is recorded of coming and going: a sign-in that cannot be recorded does not happen."""

from typing import Any

from django.db import transaction

from casework.people.models import User
from casework.record import Act, record

# Nobody's name: what was typed may be anything, a password too.
UNKNOWN = "—"


@transaction.atomic
def came(person: User, methods: list[str]) -> None:
    """`methods`: what they showed, such as `password`, `totp`."""
    record(Act.SIGNED_IN, by=person, subject=f"user/{person.pk}", methods=methods)


@transaction.atomic
def left(person: User) -> None:
    record(Act.SIGNED_OUT, by=person, subject=f"user/{person.pk}")


@transaction.atomic
def wrong_factor(user: Any, **_signal: Any) -> None:
    """Somebody who knows the password gave a wrong code or passkey. Called wherever the library finds one wrong."""
    record(Act.SIGN_IN_FAILED, by=None, subject=f"user/{user.pk}", name=str(user), factor=True)


@transaction.atomic
def failed(email: str) -> None:
    """Somebody gave a wrong password. An address that nobody has costs the same and is not kept."""
    person = User.objects.filter(email=email.lower()).first()
    record(Act.SIGN_IN_FAILED, by=None, subject=f"user/{person.pk if person else 'unknown'}",
           name=str(person or UNKNOWN))
