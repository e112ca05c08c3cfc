"""Who is signed in, and in the same question to the database whether the log is behind: every page says so."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import BooleanField, Func

from casework.people.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's; the person of a session has `log_is_behind` besides."""

    def get_user(self, user_id: int) -> User | None:
        asked = Func(function="evidence_is_behind", output_field=BooleanField())
        person = User.objects.annotate(log_is_behind=asked).filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
