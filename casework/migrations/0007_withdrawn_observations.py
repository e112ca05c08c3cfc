"""A wrong observation of an account can be withdrawn; what it says stays as it was written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from evidence import guards


def allow(apps, schema_editor):
    guards.apply(schema_editor, [f"GRANT UPDATE ({', '.join(guards.WITHDRAWAL)}) ON casework_observation "
                                 f"TO {settings.DATABASE_APP_ROLE}"])


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_observed_at_an_address")]
    operations = [
        migrations.AddField("observation", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField("observation", "withdrawn_by", models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
        migrations.AddField("observation", "withdrawn_reason", models.TextField(blank=True, default=""),
                            preserve_default=False),
        migrations.AddConstraint("observation", models.CheckConstraint(
            condition=models.Q(("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_reason", ""))
            | models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False))
            & ~models.Q(("withdrawn_reason", "")),
            name="observation_withdrawn_with_a_reason")),
        # Without a way back, like the rules that it goes on from.
        migrations.RunPython(allow)]
