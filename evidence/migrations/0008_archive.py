"""Locks of second copies, as their storage tells them, and the tests of whether it keeps them (insert-only)."""

from django.conf import settings
from django.db import migrations, models


def guard(apps, schema_editor):
    for statement in (
        f"REVOKE UPDATE, DELETE, TRUNCATE ON evidence_locktest FROM {settings.DATABASE_APP_ROLE}",
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON evidence_locktest "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON evidence_locktest "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
        "ALTER TABLE evidence_locktest ENABLE ALWAYS TRIGGER refuse_change",
        "ALTER TABLE evidence_locktest ENABLE ALWAYS TRIGGER refuse_truncate",
    ):
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    schema_editor.execute("DROP TRIGGER refuse_change ON evidence_locktest")
    schema_editor.execute("DROP TRIGGER refuse_truncate ON evidence_locktest")


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0007_batches'),
    ]

    operations = [
        migrations.CreateModel(
            name='LockTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('storage', models.CharField(max_length=300)),
                ('mode', models.CharField(help_text='ARCHIVE_LOCK; auto where it is not set', max_length=10)),
                ('result', models.CharField(choices=[('enforced', 'Enforced'), ('bypassable', 'Bypassable'), ('not_enforced', 'Not Enforced'), ('no_lock', 'No Lock'), ('unreachable', 'Unreachable')], max_length=12)),
                ('detail', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='archivecopy',
            name='legal_hold',
            field=models.BooleanField(default=False, help_text='it has no end; a person lifts it'),
        ),
        migrations.AddField(
            model_name='archivecopy',
            name='lock_mode',
            field=models.CharField(blank=True, choices=[('governance', 'governance'), ('compliance', 'compliance')], max_length=10),
        ),
        migrations.AddField(
            model_name='archivecopy',
            name='locked_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='archivecopy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lock_mode', ''), ('locked_until', None)), models.Q(('lock_mode__in', ['governance', 'compliance']), ('locked_until__isnull', False)), _connector='OR'), name='lock_has_an_end'),
        ),
        migrations.AddIndex(
            model_name='locktest',
            index=models.Index(fields=['-at'], name='lock_test_by_time'),
        ),
        migrations.RunPython(guard, unguard),
    ]
