"""What the shell of every page shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    language = getattr(request, "LANGUAGE_CODE", "en")
    return {
        "language": language,
        "direction": "rtl" if language == "ur" else "ltr",
        "theme": user.theme if user and user.is_authenticated else "auto",
        "demo": settings.DEMO,
    }
