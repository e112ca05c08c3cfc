"""The address under which an account was seen, written once with its observation."""

from django.db import migrations, models

COLUMNS = ("id", "exhibit_id", "handle", "display_name", "biography", "place", "picture_id", "followers", "following",
           "posts", "status", "created", "observed_at", "observed_resolution", "observed_given", "recorded_by_id")


def _guard(schema_editor, columns):
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    for statement in (
        "DROP TRIGGER written_once ON casework_observation",
        f"CREATE TRIGGER written_once BEFORE UPDATE ON casework_observation FOR EACH ROW "
        f"WHEN (({new}) IS DISTINCT FROM ({old})) EXECUTE FUNCTION evidence_refuse()",
        "ALTER TABLE casework_observation ENABLE ALWAYS TRIGGER written_once",
    ):
        schema_editor.execute(statement, params=None)


def guard(apps, schema_editor):
    _guard(schema_editor, (*COLUMNS, "address"))


def unguard(apps, schema_editor):
    _guard(schema_editor, COLUMNS)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0026_revisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='observation',
            name='address',
            field=models.CharField(blank=True, default='', help_text='the post or profile under which it was seen, where somebody gave it', max_length=2000),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('address', ''), ('address__regex', '^https?://'), _connector='OR'), name='observation_address_is_of_the_web'),
        ),
        migrations.RunPython(guard, unguard),
    ]
