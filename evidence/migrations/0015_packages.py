"""Packages that others made: the check of each, its files, and the items that came out of them.

What was found is never changed, files and origins take inserts only. An origin stands only on a file of a valid package
whose hashes fit, and on the accession of its item, which says the same."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


GUARD = """
CREATE FUNCTION evidence_origin_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
    taken record;
BEGIN
    SELECT convert_from(p.content, 'UTF8')::jsonb -> 'detail' INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'accession' AND p.subject = 'item/' || NEW.item_id::text;
    SELECT f.path, f.sha256, f.fits, k.item_id, k.state INTO taken FROM evidence_packagefile f
        JOIN evidence_package k ON k.id = f.package_id WHERE f.id = NEW.file_id;
    IF told IS NULL OR told #>> '{package,path}' IS DISTINCT FROM taken.path
        OR told #>> '{package,item}' IS DISTINCT FROM taken.item_id::text
        OR told ->> 'sha256' IS DISTINCT FROM taken.sha256
    THEN
        RAISE EXCEPTION 'no accession says that this item came from there' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT taken.fits OR taken.state <> 'valid' THEN
        RAISE EXCEPTION 'what does not fit is not taken out' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$
"""
ONCE = ("evidence_packagefile", "evidence_origin")


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    statements = [
        f"REVOKE DELETE, TRUNCATE ON evidence_package FROM {role}",
        "CREATE TRIGGER keep_what_was_found BEFORE UPDATE ON evidence_package FOR EACH ROW "
        "WHEN (OLD.state IN ('valid', 'invalid')) EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_delete BEFORE DELETE ON evidence_package FOR EACH ROW "
        "EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON evidence_package FOR EACH STATEMENT "
        "EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER stands BEFORE INSERT ON evidence_origin FOR EACH ROW "
        "EXECUTE FUNCTION evidence_origin_stands()",
        "ALTER TABLE evidence_origin ENABLE ALWAYS TRIGGER stands",
        *(f"ALTER TABLE evidence_package ENABLE ALWAYS TRIGGER {name}"
          for name in ("keep_what_was_found", "refuse_delete", "refuse_truncate")),
    ]
    for table in ONCE:
        statements += [
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}",
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION evidence_refuse()",
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION evidence_refuse()",
            *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for name in ("refuse_change", "refuse_truncate")),
        ]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    schema_editor.execute("DROP TRIGGER stands ON evidence_origin; DROP FUNCTION evidence_origin_stands()", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0014_steps_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('context', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('valid', 'Valid'), ('invalid', 'Invalid'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claimed_until', models.DateTimeField(help_text='a worker checks it; after this, another may', null=True)),
                ('reason', models.TextField(blank=True, help_text='why it could not be checked')),
                ('checked_at', models.DateTimeField(null=True)),
                ('version', models.CharField(blank=True, max_length=10)),
                ('folder', models.TextField(blank=True)),
                ('algorithms', models.JSONField(default=list)),
                ('ignored', models.JSONField(default=list, help_text='manifests of algorithms that we do not know')),
                ('claims', models.JSONField(default=list, help_text='label and value of each field of bag-info.txt')),
                ('problems', models.JSONField(default=list, help_text='the first ones: code, path, declared, found')),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('file_count', models.PositiveIntegerField(default=0)),
                ('byte_count', models.PositiveBigIntegerField(default=0)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='package', to='evidence.item')),
            ],
        ),
        migrations.CreateModel(
            name='PackageFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(help_text='in the directory of the Zip file')),
                ('path', models.TextField()),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(help_text='computed by us', max_length=64)),
                ('declared', models.JSONField(default=dict, help_text="algorithm: digest, as the sender's manifests say")),
                ('fits', models.BooleanField(help_text='something was declared, and all of it is so')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='evidence.package')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='origin', serialize=False, to='evidence.item')),
                ('event', models.ForeignKey(help_text='the accession event, which says the same', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.event')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='origin', to='evidence.packagefile')),
            ],
        ),
        migrations.AddIndex(
            model_name='package',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['asked_at'], name='package_waiting'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'valid', 'invalid', 'failed'])), name='package_state_known'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'failed']), ('checked_at__isnull', False), _connector='OR'), name='checked_package_has_its_time'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'valid'), _negated=True), ('problem_count', 0), _connector='OR'), name='valid_package_has_no_problem'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'invalid'), _negated=True), ('problem_count__gt', 0), _connector='OR'), name='invalid_package_names_its_problems'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='failed_package_says_why'),
        ),
        migrations.AddConstraint(
            model_name='packagefile',
            constraint=models.UniqueConstraint(fields=('package', 'position'), name='one_file_per_position'),
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunPython(guard, unguard),
    ]
