"""A mail to somebody who signed in in a browser that is not known. It waits as a row and can fail without any harm to
the sign-in; where there is no mail nothing waits."""

import logging
from datetime import UTC, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from casework.people.browsers import in_words
from casework.people.models import DeviceMail, SignIn
from evidence import wake

# After a day it would be no news any more, and the address is not kept for longer.
LONGEST = timedelta(days=1)
TASK = "casework.people.tell"
# Isolates what runs left to right from Urdu text around it.
_LTR, _END = "\u2066", "\u2069"

log = logging.getLogger(__name__)


def note(sign_in: SignIn) -> None:
    """Somebody signed in in a new device: their mail waits from now on, even if they sign out at once."""
    if settings.EMAIL_URL:
        DeviceMail.objects.create(person=sign_in.person, at=sign_in.began_at, address=sign_in.address,
                                  agent=sign_in.agent)
        wake.after_commit(TASK)


def tell() -> int:
    """Send what waits; how many mails were handed over. Those that fail wait for the next round, for a day at most."""
    DeviceMail.objects.filter(at__lte=timezone.now() - LONGEST).delete()
    if not settings.EMAIL_URL:
        return 0
    return sum(_tell(pk) for pk in DeviceMail.objects.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell(pk: int) -> bool:
    row = DeviceMail.objects.select_for_update(skip_locked=True, of=("self",)).select_related("person").filter(
        pk=pk).first()
    if row is None:
        return False
    try:
        _message(row).send()
    # Every failure of mail is an OSError: refused, unreachable, not in time.
    except OSError as error:
        log.warning("the mail about a new device waits: %s", type(error).__name__)
        return False
    row.delete()
    return True


def _message(row: DeviceMail) -> EmailMessage:
    """In the language of its person, and without a link: nobody learns here to follow one to a sign-in."""
    with translation.override(row.person.language):
        return EmailMessage(_("Casework: signed in from a new device"), _(
            "Somebody signed in as you in a browser that Casework did not know for you.\n\n"
            "When: %(when)s\nBrowser: %(browser)s\nIP address: %(address)s\n\n"
            "If it was you, there is nothing to do. If not, open Casework as you always do: this mail has no link, on "
            "purpose. End that session under Settings, change your password and tell an administrator.") % {
                "when": _isolated(f"{row.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"), "browser": in_words(row.agent),
                "address": _isolated(row.address or "—")}, to=[row.person.email])


def _isolated(text: str) -> str:
    return f"{_LTR}{text}{_END}"
