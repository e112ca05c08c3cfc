"""create_admin EMAIL --name NAME: the first administrator, made at a terminal; no page makes one."""

import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.people import services
from casework.people.links import link_to


class Command(BaseCommand):
    help = "Makes an administrator: asks for a password, or with --link prints a link on which they set it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="how people call this administrator")
        parser.add_argument("--link", action="store_true", help="print a link instead of asking for a password")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"]
        try:
            person, token = services.invite(email, options["name"] or email.partition("@")[0], by=None,
                                            administrator=True)
            if options["link"]:
                self.stdout.write(link_to(token))
                return
            services.accept(token, self._ask())
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        self.stdout.write(f"{person.email} is an administrator now.")

    def _ask(self) -> str:
        try:
            password, again = getpass.getpass("Password: "), getpass.getpass("Again: ")
        except EOFError:
            raise CommandError("No password was typed, so none was set. Run this at a terminal, or with --link, and "
                               "set the password on the page that the link opens.") from None
        if again != password:
            raise CommandError("The two do not match. Nothing was set: run this again.")
        return password
