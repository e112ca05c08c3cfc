"""`manage.py mail_checkpoint`: mail the checkpoint to everybody in CHECKPOINT_MAIL now, as after a restore."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evidence.custody import mailing


class Command(BaseCommand):
    help = "Mail the newest checkpoint to every address in CHECKPOINT_MAIL, whenever the last one went."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMAIL_URL or not settings.CHECKPOINT_MAIL:
            raise CommandError("set EMAIL_URL and CHECKPOINT_MAIL first")
        sent = mailing.mail_all()
        self.stdout.write(f"{sent} of {len(settings.CHECKPOINT_MAIL)} mails were handed over.")
        if sent < len(settings.CHECKPOINT_MAIL):
            raise SystemExit(1)
