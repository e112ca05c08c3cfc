"""HALL: what the settings must be before anybody signs in. `manage.py check` runs it, and so does the doctor.

But for where CONTENT_URL leads, nothing here can be set wrong from the environment alone; it holds when somebody
changes settings.py."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from casework import origins

JSON_ONLY = ["rest_framework.renderers.JSONRenderer"]
ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
OPEN = {"rest_framework.permissions.AllowAny", "rest_framework.permissions.IsAuthenticatedOrReadOnly"}
HOST = "__Host-"


def policy(**_more: Any) -> list[CheckMessage]:
    """E001–E009 and W001; each names the setting, and the hint says what it must be."""
    return [(Warning if ".W" in number else Error)(what, hint=hint, id=number)
            for number, what, hint in [*_wrong(), *_origins()]]


def _wrong() -> Iterator[tuple[str, str, str]]:
    api: dict[str, Any] = settings.REST_FRAMEWORK
    if settings.DEBUG:
        yield "casework.E001", "DEBUG is on: error pages show what is inside.", "Nothing here turns it on; turn it off."
    asked = api.get("DEFAULT_PERMISSION_CLASSES", [])
    if not asked or OPEN & set(asked):
        yield "casework.E002", "The API opens to everybody where a view says nothing.", \
            "REST_FRAMEWORK: DEFAULT_PERMISSION_CLASSES must ask for a signed-in person."
    if api.get("DEFAULT_RENDERER_CLASSES") != JSON_ONLY:
        yield "casework.E003", "The API answers in more than JSON: pages made of data can hold script.", \
            f"REST_FRAMEWORK: DEFAULT_RENDERER_CLASSES must be {JSON_ONLY}."
    if settings.FILE_UPLOAD_PERMISSIONS != 0o600:
        yield "casework.E004", "Others on this machine may read what is uploaded.", \
            "FILE_UPLOAD_PERMISSIONS must be 0o600."
    if not settings.PASSWORD_HASHERS or settings.PASSWORD_HASHERS[0] != ARGON2:
        yield "casework.E005", "Passwords are not kept as Argon2.", f"PASSWORD_HASHERS must begin with {ARGON2}."
    cookies = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    if settings.HTTPS and not (all(name.startswith(HOST) for name in cookies) and settings.SESSION_COOKIE_SECURE
                               and settings.CSRF_COOKIE_SECURE and settings.SESSION_COOKIE_PATH == "/"
                               and not settings.SESSION_COOKIE_DOMAIN and not settings.CSRF_COOKIE_DOMAIN):
        yield "casework.E006", "Another host of the same domain could set our cookies.", \
            "With https the names of both cookies begin with __Host-; they are secure, of this host, and of path /."
    if not settings.SESSION_COOKIE_HTTPONLY:
        yield "casework.E007", "A script can read the session's cookie.", "SESSION_COOKIE_HTTPONLY must be on."


def _origins() -> Iterator[tuple[str, str, str]]:
    """What shows other people's bytes must be another origin than the pages, and better one that shares no cookies."""
    pages, content = origins.place(settings.BASE_URL), origins.place(settings.CONTENT_URL)
    if not settings.CONTENT_URL:
        return
    if pages == content:
        yield "casework.E008", "CONTENT_URL is the origin of the pages: nothing is kept apart.", \
            "Give it another host name, which leads to the same server."
    elif origins.are_kin(pages[1], content[1]):
        yield "casework.W001", "Cookies of the pages can be made to reach CONTENT_URL, or the other way round.", \
            "Give it a host under another domain: browsers share cookies between ports, and a domain's among its hosts."
    if settings.HTTPS and content[0] != "https":
        yield "casework.E009", "CONTENT_URL is shown in clear while the pages are https.", \
            "It must begin with https:// too."
