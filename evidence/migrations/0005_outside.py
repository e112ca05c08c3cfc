"""What leaves the machine, who holds it, self-tests and verifications. All but the states take inserts only."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

INSERT_ONLY = ["evidence_refusal", "evidence_timestamp", "evidence_cosignature", "evidence_holding", "evidence_selftest"]


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    for table in INSERT_ONLY:
        for statement in (
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}",
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_truncate",
        ):
            schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for table in INSERT_ONLY:
        schema_editor.execute(f"DROP TRIGGER refuse_change ON {table}")
        schema_editor.execute(f"DROP TRIGGER refuse_truncate ON {table}")


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0004_erasure'),
    ]

    operations = [
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('witness', 'Witness'), ('authority', 'Authority'), ('mail', 'Mail'), ('person', 'Person')], max_length=10)),
                ('who', models.CharField(help_text='witness, host, mail address, or user/number', max_length=255)),
                ('what', models.CharField(choices=[('cosignature', 'Cosignature'), ('timestamp', 'Timestamp'), ('checkpoint', 'Checkpoint'), ('receipt', 'Receipt')], max_length=12)),
                ('size', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['-size'], name='holding_by_size'), models.Index(fields=['kind', 'who', '-size'], name='holding_by_who')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'who', 'what', 'size'), name='one_holding_of_each')],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('authority', 'Authority'), ('witness', 'Witness'), ('mail', 'Mail')], max_length=10)),
                ('name', models.CharField(help_text="host of an authority, name of a witness's key, mail address", max_length=255)),
                ('failures', models.PositiveIntegerField(default=0, help_text='in a row')),
                ('failing_since', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, choices=[('unreachable', 'no answer, or not in time'), ('status', 'an HTTP status that says no'), ('too_large', 'an answer larger than any good one'), ('refused', 'an answer that does not verify'), ('unknown_log', 'the witness does not know this log'), ('untrusted_key', "the witness does not know this log's key"), ('fork', 'ALARM: the witness holds another history of this log'), ('behind', 'ALARM: the witness knows less than it cosigned'), ('ahead', 'ALARM: the witness knows more than this log has')], max_length=20)),
                ('detail', models.CharField(blank=True, max_length=500)),
                ('size', models.BigIntegerField(help_text='of the checkpoint that the last try was about', null=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(help_text='not asked again before', null=True)),
                ('place', models.CharField(blank=True, help_text='which database spoke, for mail', max_length=100)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'name'), name='one_party_per_name'), models.CheckConstraint(condition=models.Q(models.Q(('failing_since', None), ('failures', 0), ('problem', '')), models.Q(('failing_since__isnull', False), ('failures__gt', 0), models.Q(('problem', ''), _negated=True)), _connector='OR'), name='party_fails_since')],
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('size', models.BigIntegerField(help_text='of the checkpoint in question', null=True)),
                ('problem', models.CharField(choices=[('unreachable', 'no answer, or not in time'), ('status', 'an HTTP status that says no'), ('too_large', 'an answer larger than any good one'), ('refused', 'an answer that does not verify'), ('unknown_log', 'the witness does not know this log'), ('untrusted_key', "the witness does not know this log's key"), ('fork', 'ALARM: the witness holds another history of this log'), ('behind', 'ALARM: the witness knows less than it cosigned'), ('ahead', 'ALARM: the witness knows more than this log has')], max_length=20)),
                ('detail', models.CharField(max_length=500)),
                ('reply', models.BinaryField(help_text='its first 16 KiB')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='evidence.party')),
            ],
        ),
        migrations.CreateModel(
            name='SelfTest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('ok', models.BooleanField()),
                ('software', models.CharField(max_length=100)),
                ('machine', models.CharField(help_text='the host that ran it', max_length=200)),
                ('parts', models.JSONField()),
            ],
            options={
                'indexes': [models.Index(fields=['-at'], name='self_test_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(help_text='what is verified: exhibit/CW-2026-0014/E-007, case/…', max_length=200)),
                ('context', models.CharField(max_length=200)),
                ('subjects', models.JSONField(default=list, help_text='words of custody')),
                ('items', models.JSONField(default=list, help_text='ids')),
                ('act', models.CharField(help_text='what the event calls it', max_length=40)),
                ('agent', models.JSONField(help_text='who asked, as a value')),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('finished_at', models.DateTimeField(null=True)),
                ('size', models.BigIntegerField(help_text='of the checkpoint that it was proven against', null=True)),
                ('checked', models.JSONField(default=dict, help_text='what was looked at → how many')),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('problems', models.JSONField(default=list, help_text='the first of them: {object, problem}')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-asked_at'], name='verification_by_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('subject',), name='one_pending_verification'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state', 'pending')), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed'])), _connector='OR'), name='verification_ends')],
            },
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.CharField(help_text='the name of its key', max_length=255)),
                ('key', models.TextField(help_text='its verifier key (C2SP vkey)')),
                ('cosigned_at', models.DateTimeField(help_text="by the witness's clock")),
                ('line', models.TextField(help_text='the signature line as it stands in a note')),
                ('received_at', models.DateTimeField(help_text='by our own clock')),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cosignatures', to='evidence.checkpoint')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'key'), name='one_cosignature_per_key')],
            },
        ),
        migrations.CreateModel(
            name='Timestamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(help_text='its host', max_length=255)),
                ('response', models.BinaryField(help_text='TimeStampResp, DER')),
                ('chain', models.TextField(help_text="PEM: the authority's certificate that was pinned, then its chain to the root")),
                ('gen_time', models.DateTimeField()),
                ('serial', models.CharField(help_text='decimal', max_length=64)),
                ('policy', models.CharField(help_text='OID', max_length=200)),
                ('accuracy_us', models.BigIntegerField(help_text='microseconds; null where the token does not say', null=True)),
                ('received_at', models.DateTimeField(help_text='by our own clock')),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timestamps', to='evidence.checkpoint')),
            ],
            options={
                'indexes': [models.Index(fields=['authority', 'checkpoint'], name='timestamp_by_authority')],
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'authority'), name='one_timestamp_per_authority')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
