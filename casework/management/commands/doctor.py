"""doctor: what is missing, misconfigured or unsafe here, each with its mend. Exit 1 when something is bad."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from casework.doctor import examine


class Command(BaseCommand):
    help = "Says what is missing, misconfigured or unsafe on this machine, and how to mend it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(examine())
        for trouble in found:
            self.stdout.write(f"{'BAD ' if trouble.bad else 'note'}  {trouble.what}\n      mend: {trouble.mend}")
        bad = sum(trouble.bad for trouble in found)
        self.stdout.write(f"{bad} bad, {len(found) - bad} to know." if found else "All is well.")
        if bad:
            sys.exit(1)
