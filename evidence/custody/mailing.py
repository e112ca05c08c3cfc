"""A checkpoint by mail, to each address in CHECKPOINT_MAIL: once a day, and at once after the database was put back.

Whoever keeps one of these mails can show, years later and without us, what the log was that day."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from evidence.custody import holders, parties, published
from evidence.custody.outside import Holding, Party
from evidence.custody.parties import Failed
from evidence.custody.published import Published
from evidence.tlog import note

EVERY = timedelta(hours=24)
NAME = "checkpoint.txt"
# Isolates what runs left to right from Urdu text around it, in mail as elsewhere.
_LTR, _END = "\u2066", "\u2069"


def mail_due() -> int:
    """Mail the checkpoint to everybody whose turn it is; how many mails were handed over."""
    latest = published.latest()
    if latest is None or not settings.EMAIL_URL:
        return 0
    here = place()
    return sum(_mail(party, latest, here) for address in settings.CHECKPOINT_MAIL
               if _due(party := parties.known(Party.Kind.MAIL, address), here))


def mail_all() -> int:
    """Mail it to everybody now, whatever went before; how many mails were handed over."""
    latest = published.latest()
    if latest is None or not settings.EMAIL_URL:
        return 0
    return sum(_mail(parties.known(Party.Kind.MAIL, address), latest, place())
               for address in settings.CHECKPOINT_MAIL)


def place() -> str:
    """Which database this is: its cluster, its history's branch, and itself. A restored one is another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT s.system_identifier, c.timeline_id, d.oid FROM pg_control_system() s, "
                       "pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()")
        return "/".join(map(str, cursor.fetchone()))


def _due(party: Party, here: str) -> bool:
    if not parties.may_be_asked(party):
        return False
    if party.succeeded_at is None or party.place != here:
        return True
    return not timedelta() <= timezone.now() - party.succeeded_at < EVERY


def _mail(party: Party, latest: Published, here: str) -> bool:
    size = latest.checkpoint.size
    try:
        _message(party.name, latest).send()
    # Every failure of mail is an OSError: refused, unreachable, not in time.
    except OSError as error:
        parties.failed(party, Failed(Party.Problem.UNREACHABLE, f"{type(error).__name__}: {error}"), size=size)
        return False
    holders.hold(Holding.Kind.MAIL, party.name, Holding.What.CHECKPOINT, size)
    parties.succeeded(party, size=size, place=here)
    return True


def _message(address: str, latest: Published) -> EmailMessage:
    origin = note.parse(latest.note.encode()).text.partition("\n")[0]
    texts = [_text(language, origin, latest.checkpoint.size) for language in ("en", "ur")]
    message = EmailMessage(f"{origin}: {latest.checkpoint.size}", "\n\n".join([*texts, latest.note]),
                           to=[address])
    message.attach(NAME, latest.note, "text/plain")
    return message


def _text(language: str, origin: str, size: int) -> str:
    with translation.override(language):
        return _("This is a signed checkpoint of the custody log %(origin)s: %(size)s entries. Keep this mail. As long "
                 "as somebody outside keeps it, no entry under it can be changed, removed, inserted or moved without "
                 "being noticed. It says nothing about what the entries are.") % {
                     "origin": f"{_LTR}{origin}{_END}", "size": f"{_LTR}{size}{_END}"}
