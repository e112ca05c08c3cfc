"""Registers the evidence floor with Django."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from evidence import checks


class EvidenceConfig(AppConfig):
    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(checks.durable, Tags.database)
        register(checks.insert_only, Tags.database)
