"""Nobody signs up: people are invited. No web route makes an administrator. A new password is an act of ours."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from casework.people import services
from casework.people.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        services.change_password(user, password)
