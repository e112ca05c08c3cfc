"""How it goes with each party outside: the last success, failures in a row, and when it is asked again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from evidence.custody.outside import Party, Refusal

# Seconds to wait after 1, 2, 3 … failures in a row. Short at the end too: an outage must not outlast its cause long.
PATIENCE = (30, 60, 120, 300, 600)
KEPT_REPLY = 16 * 1024
# These say that somebody rewrote something, here or there. The others are outages.
ALARMS = frozenset({Party.Problem.FORK, Party.Problem.BEHIND, Party.Problem.AHEAD})


class Failed(Exception):
    """A try that came to nothing: which problem, what exactly, and what was answered."""

    def __init__(self, problem: Party.Problem, detail: str, reply: bytes = b""):
        super().__init__(detail)
        self.problem, self.detail, self.reply = problem, detail[:500].replace("\x00", ""), reply


def known(kind: Party.Kind, name: str) -> Party:
    """Its row, made where there is none."""
    return Party.objects.get_or_create(kind=kind, name=name)[0]


def seen(kind: Party.Kind, name: str) -> Party:
    """Its row, or one that is not kept where it was never asked."""
    return Party.objects.filter(kind=kind, name=name).first() or Party(kind=kind, name=name)


def may_be_asked(party: Party) -> bool:
    """Whether its pause after a failure is over. A pause longer than any was given by a clock since set back."""
    now = timezone.now()
    return party.next_at is None or not now < party.next_at <= now + timedelta(seconds=PATIENCE[-1])


def succeeded(party: Party, *, size: int, place: str = "") -> None:
    now = timezone.now()
    Party.objects.filter(pk=party.pk).update(failures=0, failing_since=None, problem="", detail="", size=size,
                                             tried_at=now, succeeded_at=now, next_at=None, place=place)


@transaction.atomic
def failed(party: Party, failure: Failed, *, size: int | None) -> None:
    """Note what went wrong and when to try again; keep the answer, where there was one that says something new."""
    row, now = Party.objects.select_for_update().get(pk=party.pk), timezone.now()
    row.failures += 1
    # The 1st, 2nd, 4th, 8th … of a row of equal failures: a liar who goes on lying must not fill the disk.
    tells = row.problem != failure.problem or row.failures & (row.failures - 1) == 0
    row.failing_since, row.tried_at, row.size = row.failing_since or now, now, size
    row.problem, row.detail = failure.problem, failure.detail
    row.next_at = now + timedelta(seconds=PATIENCE[min(row.failures, len(PATIENCE)) - 1])
    row.save()
    if tells and failure.problem != Party.Problem.UNREACHABLE:
        Refusal.objects.create(party=row, at=now, size=size, problem=failure.problem, detail=failure.detail,
                               reply=failure.reply[:KEPT_REPLY])
