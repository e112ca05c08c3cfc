"""Test this machine and keep the result; and what every accession says of the machine that took it in."""

import logging
import time
import tomllib
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from evidence.machine import clock, selftest
from evidence.machine.models import SelfTest

log = logging.getLogger(__name__)

EVERY = timedelta(hours=24)
# An accession may say what was true so many seconds ago: a thousand files must not ask a thousand times.
CACHED_SECONDS = 5.0
_LONGEST = 300
_known: tuple[float, dict[str, Any]] | None = None


def run() -> SelfTest:
    """Try every part and keep what came of it."""
    parts = [{"name": name, "ok": not wrong, "detail": wrong[:_LONGEST]}
             for name, wrong in ((name, _tried(part)) for name, part in selftest.PARTS.items())]
    return SelfTest.objects.create(at=timezone.now(), ok=all(part["ok"] for part in parts), software=software(),
                                   machine=clock.machine(), parts=parts)


def run_if_due() -> SelfTest | None:
    """Once a day."""
    last = latest()
    return run() if last is None or not timedelta() <= timezone.now() - last.at < EVERY else None


def latest() -> SelfTest | None:
    return SelfTest.objects.order_by("-at").first()


def failures(test: SelfTest) -> str:
    """What failed in it, in one line."""
    return "; ".join(f"{part['name']}: {part['detail']}" for part in test.parts if not part["ok"])


def system() -> dict[str, Any]:
    """The `system` of an accession's detail: software, the clock where the kernel tells, the last self-test."""
    global _known
    now = time.monotonic()
    if _known is None or now - _known[0] > CACHED_SECONDS:
        _known = now, _system()
    return _known[1]


@lru_cache(maxsize=1)
def software() -> str:
    """Name and version of this program."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return f"{project['name']} {project['version']}"


def _system() -> dict[str, Any]:
    told: dict[str, Any] = {"software": software()}
    if (seen := clock.read()) is not None:
        told["clock"] = {"synchronised": seen.synchronised, "offset_us": seen.offset_us, "error_us": seen.error_us,
                         "error_at_most_us": seen.error_at_most_us}
    if (last := latest()) is not None:
        told["self_test"] = {"id": str(last.id), "at": last.at.isoformat(), "ok": last.ok}
    return told


def _tried(part: Callable[[], str]) -> str:
    try:
        return part()
    # A part that breaks in a way nobody thought of has failed; the others are still worth knowing.
    except Exception as error:
        log.exception("%s failed", part.__name__)
        return f"{type(error).__name__}: {error}"
