"""The keys under which clients lodged: insert-only for everybody, like the log."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def guard(apps, schema_editor):
    for statement in [
        f"REVOKE UPDATE, DELETE, TRUNCATE ON casework_lodgingkey FROM {settings.DATABASE_APP_ROLE}",
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON casework_lodgingkey "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON casework_lodgingkey "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
        "ALTER TABLE casework_lodgingkey ENABLE ALWAYS TRIGGER refuse_change",
        "ALTER TABLE casework_lodgingkey ENABLE ALWAYS TRIGGER refuse_truncate",
    ]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_cache_and_grants"), ("evidence", "0002_guards")]
    operations = [
        migrations.CreateModel(
            name="LodgingKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("event_id", models.UUIDField(help_text="the accession event of that time")),
                ("leaf_hash", models.CharField(max_length=64)),
                ("already_held", models.BooleanField()),
                ("used_at", models.DateTimeField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                           to="casework.case")),
                ("exhibit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                              to="casework.exhibit")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                           to="evidence.item")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                             to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name="lodgingkey",
            constraint=models.UniqueConstraint(fields=("case", "person", "key"), name="one_lodging_per_key"),
        ),
        # Dropping the table takes its triggers along.
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
