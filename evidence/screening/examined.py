"""Whether the scanner is there, finds what it should and is up to date: what `manage.py doctor` says of it."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from evidence.screening import services
from evidence.screening.clamd import Garbled, Unreachable

OLDEST_SIGNATURES = timedelta(days=7)


def troubles() -> Iterator[tuple[bool, str, str]]:
    """(whether it breaks a promise, what is wrong, how it is mended)."""
    if not services.is_on():
        yield (False, "No malware scanner is set up: nothing is screened, and no original is locked for it.",
               "Install clamav-daemon on this machine and set CLAMD_URL.")
        return
    try:
        found, knows = services.version(), services.knows_the_test_file()
    except (Unreachable, Garbled) as error:
        yield (True, f"The malware scanner does not answer: {error}. {services.waiting()} files wait for it.",
               "Start clamd, or look at CLAMD_URL. Until then originals that wait are locked.")
        return
    if not knows:
        yield (True, f"{found.engine} does not find the harmless test file that every scanner knows: what it calls "
               "clean says nothing.", "Run freshclam, and restart clamd.")
    elif found.dated is None:
        yield False, f"{found.engine} does not say how old its signatures are.", "Run freshclam."
    elif (age := timezone.now() - found.dated) > OLDEST_SIGNATURES:
        yield (True, f"The signatures of the malware scanner are {age.days} days old.",
               "Look whether freshclam runs and reaches its mirror.")
