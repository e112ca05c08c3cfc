"""forget_factors: for somebody who lost every second factor and every recovery code. They add a new one at sign-in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.people import factors
from casework.people.models import User


class Command(BaseCommand):
    help = "Takes a person's passkeys, authenticator app and recovery codes away, and ends their sessions. Recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].lower()).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        self.stdout.write(f"{factors.forget(person)} second factors of {person.email} are gone.")
