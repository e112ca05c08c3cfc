"""Registers the casework floor with Django."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from casework import checks

# Every Django process, not only the worker, must send its wake-ups through the configured application.
from casework.celery import app as celery_app

__all__ = ["CaseworkConfig", "celery_app"]


class CaseworkConfig(AppConfig):
    name = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(checks.policy, Tags.security)
