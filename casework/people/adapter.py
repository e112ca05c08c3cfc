"""Nobody signs up: people are invited. No web route makes an administrator. A new password, coming
and going are acts of ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from casework.people import services, sign_ins
from casework.people.models import User


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        # Recorded first: a session that is set up would be kept with the answer that says it could not be recorded.
        shown = get_authentication_records(request)
        sign_ins.came(user, [str(one.get("type", one["method"])) for one in shown])
        super().login(request, user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            sign_ins.left(request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_ins.failed(str(credentials.get("email", "")))

    def set_password(self, user: User, password: str) -> None:
        services.change_password(user, password)
