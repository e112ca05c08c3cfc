"""Files of packages that somebody wants lodged: there is one row for each, and what is lodged stays so."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def guard(apps, schema_editor):
    for statement in (
        f"REVOKE DELETE, TRUNCATE ON casework_unpacking FROM {settings.DATABASE_APP_ROLE}",
        "CREATE TRIGGER keep_what_is_lodged BEFORE UPDATE ON casework_unpacking FOR EACH ROW "
        "WHEN (OLD.state = 'lodged') EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_delete BEFORE DELETE ON casework_unpacking FOR EACH ROW "
        "EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON casework_unpacking FOR EACH STATEMENT "
        "EXECUTE FUNCTION evidence_refuse()",
        *(f"ALTER TABLE casework_unpacking ENABLE ALWAYS TRIGGER {name}"
          for name in ("keep_what_is_lodged", "refuse_delete", "refuse_truncate")),
    ):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0005_written_once'),
        ('evidence', '0015_packages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unpacking',
            fields=[
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='unpacking', serialize=False, to='evidence.packagefile')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('lodged', 'Lodged'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('claimed_until', models.DateTimeField(help_text='a worker lodges it; after this, another may', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problem', models.TextField(blank=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('became', models.ForeignKey(help_text='the exhibit that it is, or whose bytes it brought again', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.exhibit')),
                ('exhibit', models.ForeignKey(help_text='the package', on_delete=django.db.models.deletion.PROTECT, related_name='unpackings', to='casework.exhibit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['asked_at'], name='unpacking_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'lodged', 'failed'])), name='unpacking_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('became__isnull', False), ('state', 'lodged')), models.Q(models.Q(('state', 'lodged'), _negated=True), ('became', None)), _connector='OR'), name='lodged_file_is_an_exhibit'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('problem', ''), _negated=True), _connector='OR'), name='failed_unpacking_says_why')],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
