"""`manage.py selftest`: try every part of this machine that evidence rests on; exit 1 when one fails."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.machine import services


class Command(BaseCommand):
    help = "Known answers, store, archive, signing key, jail. The result is kept; later accessions name it."

    def handle(self, *args: Any, **options: Any) -> None:
        test = services.run()
        for part in test.parts:
            self.stdout.write(f"{'ok    ' if part['ok'] else 'FAILED'} {part['name']}  {part['detail']}".rstrip())
        if not test.ok:
            raise SystemExit(1)
