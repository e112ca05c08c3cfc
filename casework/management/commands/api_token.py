"""api_token USER [--scope S …] [--days N] [--case REF …]: prints a token once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.people import services
from casework.people.models import ApiToken, User


class Command(BaseCommand):
    help = "Makes an API token for a person and prints its secret, which is not kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the person's e-mail address")
        parser.add_argument("--scope", action="append", choices=ApiToken.Scope.values,
                            help="may be given several times; read when left out")
        parser.add_argument("--days", type=int, default=30, help="how long it lives (30)")
        parser.add_argument("--case", action="append", default=[],
                            help="only for this case; may be given several times")
        parser.add_argument("--name", default="made at a terminal", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["user"].lower(), is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody active has the address {options['user']}.")
        try:
            _, secret = services.make_token(person, options["name"], options["scope"] or ["read"], options["days"],
                                            options["case"])
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(secret)
