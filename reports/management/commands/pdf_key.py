"""Make the key that signs documents, with a self-made certificate, if there is none. Run once by script/server."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.pdf import sign


class Command(BaseCommand):
    help = "Make the PKCS#12 file that signs documents, with a self-made certificate, unless it exists."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.PDF_SIGNING_KEY)
        try:
            made = not path.exists()
            found = (sign.make_key if made else sign.certificate)(path, settings.PDF_SIGNING_PASSPHRASE)
        except (sign.NoKey, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{'made' if made else 'kept'} {path}\n{found.subject}\nSHA-256 {found.fingerprint}")
