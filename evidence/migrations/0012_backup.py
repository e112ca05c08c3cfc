"""Backups that were made: insert-only for everybody, so that what still lies in one can be named."""

from django.conf import settings
from django.db import migrations, models


def guard(apps, schema_editor):
    for statement in (
        f"REVOKE UPDATE, DELETE, TRUNCATE ON evidence_backup FROM {settings.DATABASE_APP_ROLE}",
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON evidence_backup "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON evidence_backup "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
        "ALTER TABLE evidence_backup ENABLE ALWAYS TRIGGER refuse_change",
        "ALTER TABLE evidence_backup ENABLE ALWAYS TRIGGER refuse_truncate",
    ):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0011_rewinds")]
    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("place", models.CharField(help_text="its folder, as whoever made it called it", max_length=500)),
                ("taken_at", models.DateTimeField(help_text="the moment that it shows")),
                ("log_size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("manifest_sha256", models.CharField(max_length=64)),
                ("blobs", models.BigIntegerField()),
                ("bytes", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["-taken_at"], name="backup_by_time")]},
        ),
        # Dropping the table takes its triggers along.
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
