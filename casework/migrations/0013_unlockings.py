"""Who unlocked which original for themselves: of a row nothing but who looked into it is written later."""

import datetime
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

WRITTEN_ONCE = ("id", "exhibit_id", "item_id", "person_id", "state", "finding", "reason", "at", "until")


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    columns = [", ".join(f"{row}.{column}" for column in WRITTEN_ONCE) for row in ("NEW", "OLD")]
    for statement in (
        f"REVOKE UPDATE, DELETE, TRUNCATE ON casework_unlocking FROM {role}",
        f"GRANT UPDATE (seen_by_id, seen_at) ON casework_unlocking TO {role}",
        "CREATE TRIGGER written_once BEFORE UPDATE ON casework_unlocking FOR EACH ROW "
        f"WHEN (({columns[0]}) IS DISTINCT FROM ({columns[1]})) EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_delete BEFORE DELETE ON casework_unlocking FOR EACH ROW "
        "EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON casework_unlocking FOR EACH STATEMENT "
        "EXECUTE FUNCTION evidence_refuse()",
        *(f"ALTER TABLE casework_unlocking ENABLE ALWAYS TRIGGER {name}"
          for name in ("written_once", "refuse_delete", "refuse_truncate")),
    ):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0012_uploads'),
        ('evidence', '0016_screening'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unlocking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=10)),
                ('finding', models.CharField(blank=True, max_length=200)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unlockings', to='casework.exhibit')),
                ('item', models.ForeignKey(help_text="the exhibit's own, or that of a part of its capture", on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.item')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='unlocking_has_a_reason'), models.CheckConstraint(condition=models.Q(('until__lte', django.db.models.expressions.CombinedExpression(models.F('at'), '+', models.Value(datetime.timedelta(seconds=1800))))), name='unlocking_ends'), models.CheckConstraint(condition=models.Q(models.Q(('seen_at', None), ('seen_by', None)), models.Q(('seen_at__isnull', False), ('seen_by__isnull', False), models.Q(('seen_by', models.F('person')), _negated=True)), _connector='OR'), name='unlocking_seen_by_another')],
            },
        ),
        # Dropping the table takes its triggers along.
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
