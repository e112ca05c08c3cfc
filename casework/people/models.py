"""Users, invitations, devices, sessions and API tokens."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.people.browsers import in_words


class People(BaseUserManager["User"]):
    def visible_to(self, user: Any) -> models.QuerySet["User"]:
        """Administrators manage everybody; everybody else, and a token that is limited to cases, sees their own row."""
        if not getattr(user, "is_active", False):
            return self.none()
        return self.all() if user.is_administrator and user.only_cases is None else self.filter(pk=user.pk)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save()
        return person


class User(AbstractUser):
    """A person who signs in. `is_administrator` manages people and platforms and opens no case."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("E-mail"), unique=True)
    display_name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=2, choices=[("en", "English"), ("ur", "اردو")], default="en")
    theme = models.CharField(_("Theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    single_keys = models.BooleanField(_("Single-key shortcuts"), default=True)
    is_administrator = models.BooleanField(default=False)

    # The cases that the token allows with which this person's program came, by their refs; None: no limit.
    only_cases: frozenset[str] | None = None
    # What let this request in: the token, or the session.
    token_key: int | None = None
    session_key: str = ""

    objects: ClassVar[People] = People()  # type: ignore[assignment]
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.display_name or self.email

    def is_still_in(self) -> bool:
        """Whether what let this request in was neither revoked nor ended, nor ran out since."""
        if self.token_key is not None:
            return ApiToken.objects.filter(pk=self.token_key, revoked_at=None, expires_at__gt=timezone.now()).exists()
        return not self.session_key or SignIn.objects.alive().filter(session=self.session_key).exists()

    @property
    def has_joined(self) -> bool:
        """Whether this person ever set a password; before that the account is only an invitation."""
        return self.has_usable_password()

    def as_agent(self) -> dict[str, Any]:
        """This person as a value in a custody event, not as a key to a row."""
        return {"type": "person", "id": f"user/{self.pk}", "name": self.display_name or self.email}


class Invitation(models.Model):
    """A link that lets one person set a password once. The token is kept as its SHA-256.

    `used_at`: a password was set with it. `voided_at`: it was put out of use before anybody did."""

    class Kind(models.TextChoices):
        INVITE = "invite"
        RESET = "reset"

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="link_used_or_voided",
                                   condition=models.Q(used_at=None) | models.Q(voided_at=None)),
        ]


class Identity(models.Model):
    """Whom an OpenID provider means by a subject: bound when it first vouched for the person's address.

    From then on the subject decides, whatever address the provider has for it; and nobody else of the provider's can
    come in as this person."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="identity")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="identity_of_one_person", fields=["issuer", "subject"])]


class Device(models.Model):
    """A browser in which this person signed in: its cookie has a secret that is kept here as its SHA-256."""

    LIFETIME = timedelta(days=90)

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    secret_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class DeviceMail(models.Model):
    """A mail that waits: this person signed in in a browser that was not known. The row goes with the mail."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)


class SignInQuerySet(models.QuerySet["SignIn"]):
    def visible_to(self, user: Any) -> Self:
        """Where somebody is signed in concerns only them."""
        return self.filter(person=user)

    def alive(self) -> Self:
        now = timezone.now()
        return self.filter(session__expire_date__gt=now, seen_at__gt=now - SignIn.IDLE,
                           began_at__gt=now - SignIn.LONGEST)


class SignIn(models.Model):
    """A session of somebody who signed in, beside the framework's row with its data; both go together.

    It is over half an hour after it was last used, and twelve hours after it began. `agent` is what the browser says
    of itself, `address` where it was when it signed in, `new_device`: it was not known for them before."""

    IDLE = timedelta(minutes=30)
    LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="sign_in")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="sign_ins")
    new_device = models.BooleanField(default=False)

    objects = SignInQuerySet.as_manager()

    @property
    def is_over(self) -> bool:
        now = timezone.now()
        return now - self.seen_at > self.IDLE or now - self.began_at > self.LONGEST

    @property
    def browser(self) -> str:
        return in_words(self.agent)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: Any) -> Self:
        """A token concerns only the person who made it."""
        return self.filter(person=user)


class ApiToken(models.Model):
    """A bearer token: shown once, kept as its SHA-256, limited by scopes, by time and, where it names some, to cases.

    `cases` has their refs, as words: this room knows no case."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Write")
        REVIEW = "review", _("Review and decide")
        EXPORT = "export", _("Download originals and dossiers")

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    cases = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()
