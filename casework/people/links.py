"""The address that an invited person opens."""

from django.conf import settings
from django.urls import reverse


def link_to(token: str) -> str:
    """The whole address, so that it can be copied into a message."""
    return str(settings.BASE_URL) + reverse("people:join", args=[token])
