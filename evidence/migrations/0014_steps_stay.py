"""What is done and what waits is never taken away: the application's role may update these rows and not delete them."""

from django.conf import settings
from django.db import migrations

TABLES = "evidence_step, evidence_removal"


def restrict(apps, schema_editor):
    schema_editor.execute(f"REVOKE DELETE, TRUNCATE ON {TABLES} FROM {settings.DATABASE_APP_ROLE}", params=None)


def allow(apps, schema_editor):
    schema_editor.execute(f"GRANT DELETE ON {TABLES} TO {settings.DATABASE_APP_ROLE}", params=None)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0013_parts")]
    operations = [migrations.RunPython(restrict, allow)]
