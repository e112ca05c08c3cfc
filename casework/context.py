"""What the shell of every page shows."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from casework.access import Role
from evidence.custody import behind

DEMO_PEOPLE = [(f"{role}@demo.example", role.label) for role in Role] + [("admin@demo.example", _("Administrator"))]


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    language = getattr(request, "LANGUAGE_CODE", "en")
    return {
        "language": language,
        "direction": "rtl" if language == "ur" else "ltr",
        "theme": user.theme if user and user.is_authenticated else "auto",
        "blur": request.COOKIES.get("blur") == "1",
        "demo": settings.DEMO,
        "behind": lambda: _behind(user),
        **_demo_sign_in(request),
    }


def _behind(user: Any) -> bool:
    """Whether every page says that nothing changes now. Who is signed in knows it already (casework.people.backend);
    also the page that says that the database is gone is drawn."""
    if (known := getattr(user, "log_is_behind", None)) is not None:
        return bool(known)
    try:
        return behind.is_behind()
    except DatabaseError:
        return False


def _demo_sign_in(request: HttpRequest) -> dict[str, Any]:
    """In the demo, and on its sign-in page alone: who there is, and the password that its first start made up."""
    match = request.resolver_match
    kept = settings.CASEWORK_HOME / "demo-password"
    if not settings.DEMO or match is None or match.url_name != "account_login" or not kept.is_file():
        return {}
    return {"demo_people": DEMO_PEOPLE, "demo_password": kept.read_text().strip()}
