"""forget_identity: for somebody whom the provider of the single sign-on knows by a new account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.people import identities
from casework.people.models import User


class Command(BaseCommand):
    help = "Takes the account at the provider that signs a person in away, and ends their sessions. Recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].lower()).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {options['email']}.")
        gone = identities.forget(person)
        self.stdout.write(f"The account of {person.email} at the provider is gone." if gone
                          else f"{person.email} had no account at a provider.")
