"""Who is signed in, and in the same question to the database what every page asks: whether the log is behind, and
whether this person has, or must have, a second factor."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_in
from django.db.models import BooleanField, Func

from casework.people import sessions, sign_ins
from casework.people.factors import with_standing
from casework.people.models import User

# Nobody is signed in without this module being asked, and all ways of signing in end in this signal.
user_logged_in.connect(sessions.begin)
authentication_failed.connect(sign_ins.wrong_factor)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's; the person of a session has `log_is_behind`, `has_factor` and `must_enrol` besides."""

    def get_user(self, user_id: int) -> User | None:
        asked = Func(function="evidence_is_behind", output_field=BooleanField())
        person: User | None = with_standing(User.objects.annotate(log_is_behind=asked)).filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
