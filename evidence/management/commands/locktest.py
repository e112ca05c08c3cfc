"""`manage.py locktest`: try to break the archive's lock on objects made for it; exit 1 unless it held."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.archive import locktest
from evidence.archive.models import LockTest


class Command(BaseCommand):
    help = "Prove that the archive refuses to delete and to shorten. What came of it is kept."

    def handle(self, *args: Any, **options: Any) -> None:
        test = locktest.run()
        self.stdout.write(f"{test.result}  {test.storage}  {test.detail}".rstrip())
        if test.result != LockTest.Result.ENFORCED:
            raise SystemExit(1)
