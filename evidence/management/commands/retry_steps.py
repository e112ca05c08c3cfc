"""`manage.py retry_steps`: try failed fixity, derivation and archive steps again after the cause was mended."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.intake import steps


class Command(BaseCommand):
    help = "Make every failed step pending again; the next sweep takes it up."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{steps.retry_failed()} steps will be tried again.")
