"""`manage.py lock_copies`: read and lock second copies that were made before the archive had a lock."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.archive import services


class Command(BaseCommand):
    help = "The next sweep reads each copy that has no lock, locks it and records that."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.lock_unlocked()} items wait for it.")
