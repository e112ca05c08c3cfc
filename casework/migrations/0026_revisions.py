"""Revisions of findings: a row for each wording, written once, and the event that holds its words. Techniques as tags.

What was written before has its rows made from the events of the log, in their order. Each is bound as it was then, so
that a review that was given still names the wording that it was given to."""

import hashlib
import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from evidence.tlog import canonical

GUARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON casework_revision FROM {role};
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON casework_revision
    FOR EACH ROW EXECUTE FUNCTION evidence_refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON casework_revision
    FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse();
ALTER TABLE casework_revision ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE casework_revision ENABLE ALWAYS TRIGGER refuse_truncate
"""
# Foreign keys are checked at the end of a transaction, and until then the table cannot be altered.
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
ACTS = {"finding_written", "finding_edited"}


def from_the_log(apps, schema_editor):
    finding_model, revision_model = apps.get_model("casework", "Finding"), apps.get_model("casework", "Revision")
    payloads = apps.get_model("evidence", "Payload").objects
    for finding in finding_model.objects.select_related("case").order_by("pk").iterator():
        word, number = f"finding/{finding.case.ref}/F-{finding.number:03d}", 0
        for row in payloads.filter(subject=word).order_by("at", "event_id").iterator():
            said = json.loads(bytes(row.content))["detail"]
            if said.get("act") in ACTS:
                number += 1
                bound = {name: value for name, value in said.items() if name not in ("act", "was")}
                digest = hashlib.sha256(canonical.encode(bound | {"finding": word})).hexdigest()
                revision_model.objects.create(finding=finding, number=number, editor_id=finding.author_id, at=row.at,
                                              digest=digest, event_id=row.event_id)
        if number > 1:
            finding_model.objects.filter(pk=finding.pk).update(revision=number)
    schema_editor.execute(CHECKED, params=None)


def guard(apps, schema_editor):
    schema_editor.execute(GUARD.format(role=settings.DATABASE_APP_ROLE), params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0025_weighed_findings'),
        ('evidence', '0010_disposal'),
    ]

    operations = [
        migrations.AddField(
            model_name='finding',
            name='revision',
            field=models.PositiveIntegerField(default=1, help_text='the number of the wording that stands'),
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('digest', models.CharField(help_text='what a review of it binds', max_length=64)),
                ('event_id', models.UUIDField(help_text='the event that holds its words', unique=True)),
                ('editor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='casework.finding')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('finding', 'number'), name='one_revision_per_number'), models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$'), ('number__gte', 1)), name='revision_is_bound')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('technique', models.CharField(help_text='T0049 or T0049.005', max_length=9)),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='casework.finding')),
            ],
            options={
                'ordering': ['technique'],
                'constraints': [models.UniqueConstraint(fields=('finding', 'technique'), name='technique_tagged_once'), models.CheckConstraint(condition=models.Q(('technique__regex', '^T[0-9]{4}([.][0-9]{3})?$')), name='tag_is_a_number')],
            },
        ),
        migrations.RunPython(from_the_log, migrations.RunPython.noop),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
