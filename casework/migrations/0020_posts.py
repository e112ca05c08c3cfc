"""Imports, and the rows that are read from exports: written once, of an import that is being read, and gone only with the
bytes that they were read from.

The application's role may move an import on, and of its rows insert and read them; it may delete them where two people
disposed of the exhibit, which the trigger asks. ENABLE ALWAYS triggers refuse the owner too."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


MOVED = ("state", "kept", "place", "rows_sha256", "attempts", "due_at", "whole", "problem", "asks", "ended_at",
         "withdrawn_at", "withdrawn_by_id", "withdrawn_reason", "cleared_at")
WRITTEN_ONCE = ("id", "case_id", "number", "exhibit_id", "sha256", "format", "part", "zone", "options", "begun_by_id",
                "begun_at")
# What came of it is not written again either.
ENDED = ("state", "kept", "place", "rows_sha256", "whole", "problem", "ended_at")

FUNCTIONS = """
-- A row of an import that has ended comes back with a backup: it has one of the places that were counted, and nothing
-- else has that place.
CREATE FUNCTION casework_rows_of_a_reading() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added LEFT JOIN casework_import i ON i.id = added.source_id AND i.case_id = added.case_id
               WHERE i.state IS DISTINCT FROM 'reading'
               AND (i.cleared_at IS NOT NULL OR i.kept IS NULL OR added.position > i.kept
                    OR EXISTS (SELECT FROM casework_post p WHERE p.source_id = i.id AND p.position = added.position)
                       AND EXISTS (SELECT FROM casework_unread u WHERE u.source_id = i.id
                                   AND u.position = added.position))) THEN
        RAISE EXCEPTION 'rows of an import that is not being read, or of another case'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION casework_rows_stay() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gone WHERE NOT EXISTS (
            SELECT FROM casework_import i JOIN casework_exhibit e ON e.id = i.exhibit_id
            JOIN evidence_tombstone t ON t.item_id = e.item_id WHERE i.id = gone.source_id)) THEN
        RAISE EXCEPTION 'rows stay for as long as the bytes that they were read from'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$
"""
ROWS = """
REVOKE UPDATE, TRUNCATE ON {table} FROM {role};
CREATE TRIGGER of_a_reading AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION casework_rows_of_a_reading();
CREATE TRIGGER stay AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION casework_rows_stay();
CREATE TRIGGER refuse_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION evidence_refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER of_a_reading;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER stay;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_update;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_truncate
"""
IMPORTS = """
REVOKE UPDATE, DELETE, TRUNCATE ON casework_import FROM {role};
GRANT UPDATE ({moved}) ON casework_import TO {role};
CREATE TRIGGER written_once BEFORE UPDATE ON casework_import FOR EACH ROW
    WHEN (({new}) IS DISTINCT FROM ({old})) EXECUTE FUNCTION evidence_refuse();
CREATE TRIGGER ended_once BEFORE UPDATE ON casework_import FOR EACH ROW
    WHEN (OLD.state IN ('read', 'stopped') AND ({ended_new}) IS DISTINCT FROM ({ended_old}))
    EXECUTE FUNCTION evidence_refuse();
CREATE TRIGGER refuse_delete BEFORE DELETE ON casework_import FOR EACH ROW EXECUTE FUNCTION evidence_refuse();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON casework_import FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse();
ALTER TABLE casework_import ENABLE ALWAYS TRIGGER written_once;
ALTER TABLE casework_import ENABLE ALWAYS TRIGGER ended_once;
ALTER TABLE casework_import ENABLE ALWAYS TRIGGER refuse_delete;
ALTER TABLE casework_import ENABLE ALWAYS TRIGGER refuse_truncate
"""


def of(row, columns):
    return ", ".join(f"{row}.{column}" for column in columns)


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    schema_editor.execute(FUNCTIONS, params=None)
    for table in ("casework_post", "casework_unread"):
        schema_editor.execute(ROWS.format(table=table, role=role), params=None)
    schema_editor.execute(IMPORTS.format(
        role=role, moved=", ".join(MOVED), new=of("NEW", WRITTEN_ONCE), old=of("OLD", WRITTEN_ONCE),
        ended_new=of("NEW", ENDED), ended_old=of("OLD", ENDED)), params=None)


def unguard(apps, schema_editor):
    """Dropping the tables takes their triggers along; these go first, because the functions stand under them."""
    for table in ("casework_post", "casework_unread"):
        for name in ("of_a_reading", "stay"):
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}", params=None)
    schema_editor.execute("DROP FUNCTION casework_rows_of_a_reading(), casework_rows_stay()", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0019_campaigns'),
        ('evidence', '0010_disposal'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='I-001 within the case')),
                ('sha256', models.CharField(help_text='of the bytes that are read', max_length=64)),
                ('format', models.CharField(choices=[('whatsapp', 'WhatsApp chat (.txt)'), ('telegram', 'Telegram Desktop (result.json)'), ('xarchive', 'Archive of an account of X'), ('zeeschuimer', 'Zeeschuimer capture'), ('fourcat', '4CAT data set'), ('table', 'Table (CSV)'), ('sheet', 'Workbook (XLSX)')], max_length=12)),
                ('part', models.TextField(blank=True, help_text='the members that are read, a line each; empty: the file, or all')),
                ('zone', models.CharField(blank=True, help_text='an IANA name; `unknown` where nobody can say; empty where none is needed', max_length=64)),
                ('options', models.JSONField(help_text='exactly what a person said to the reader (docs/exports.md)')),
                ('begun_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('reading', 'Being read'), ('read', 'Read to the end'), ('stopped', 'Stopped')], default='waiting', max_length=8)),
                ('kept', models.PositiveBigIntegerField(default=0, help_text='rows so far')),
                ('place', models.BigIntegerField(default=0, help_text='the byte behind the last row, of its member')),
                ('rows_sha256', models.CharField(blank=True, max_length=64)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='since a row was kept last')),
                ('due_at', models.DateTimeField(help_text='not tried again before')),
                ('whole', models.JSONField(help_text='what the reader counted over the whole', null=True)),
                ('problem', models.TextField(blank=True, help_text='why it stopped')),
                ('asks', models.JSONField(help_text='what somebody has to say first, and what is known of it', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('cleared_at', models.DateTimeField(help_text='its rows went with the bytes, which were disposed of', null=True)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='casework.case')),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='casework.exhibit')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveBigIntegerField(help_text='among all records of the export, from 1')),
                ('member', models.TextField(blank=True, help_text='of the archive; empty where it is none')),
                ('start', models.BigIntegerField(help_text='the first byte, of the member unpacked')),
                ('end', models.BigIntegerField(help_text='the byte behind the last')),
                ('line', models.BigIntegerField(help_text='in which it begins, from 1; of a sheet the row')),
                ('at_text', models.TextField(blank=True, help_text='the time as written')),
                ('text', models.TextField(blank=True)),
                ('raw', models.JSONField(default=dict, help_text='what the format gives more')),
                ('kind', models.CharField(choices=[('message', 'Message'), ('system', 'Notice of the platform'), ('post', 'Post')], max_length=7)),
                ('local', models.CharField(blank=True, help_text='of a clock whose zone the export does not say', max_length=19)),
                ('at', models.DateTimeField(help_text='UTC', null=True)),
                ('resolution', models.CharField(blank=True, max_length=6)),
                ('sender', models.TextField(blank=True)),
                ('sender_id', models.TextField(blank=True)),
                ('attachments', models.JSONField(default=list, help_text='name, whether the archive holds it, bytes')),
                ('system_act', models.CharField(blank=True, max_length=7)),
                ('post_id', models.TextField(blank=True)),
                ('url', models.TextField(blank=True)),
                ('counts', models.JSONField(default=dict)),
                ('marks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None)),
                ('case', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.case')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='%(class)ss', to='casework.import')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Unread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveBigIntegerField(help_text='among all records of the export, from 1')),
                ('member', models.TextField(blank=True, help_text='of the archive; empty where it is none')),
                ('start', models.BigIntegerField(help_text='the first byte, of the member unpacked')),
                ('end', models.BigIntegerField(help_text='the byte behind the last')),
                ('line', models.BigIntegerField(help_text='in which it begins, from 1; of a sheet the row')),
                ('at_text', models.TextField(blank=True, help_text='the time as written')),
                ('text', models.TextField(blank=True)),
                ('raw', models.JSONField(default=dict, help_text='what the format gives more')),
                ('reason', models.TextField()),
                ('case', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='casework.case')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='%(class)ss', to='casework.import')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'reading'])), fields=['due_at'], name='imports_waiting'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='one_import_per_number'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.UniqueConstraint(models.F('exhibit'), models.F('format'), django.db.models.functions.text.MD5('part'), condition=models.Q(('withdrawn_at', None), models.Q(('state', 'stopped'), _negated=True)), name='one_import_of_the_same'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ('whatsapp', 'telegram', 'xarchive', 'zeeschuimer', 'fourcat', 'table', 'sheet')), ('state__in', ['waiting', 'reading', 'read', 'stopped'])), name='import_words_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'read'), ('whole__isnull', False)), models.Q(models.Q(('state', 'read'), _negated=True), ('whole__isnull', True)), _connector='OR'), name='read_import_has_its_totals'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'stopped'), models.Q(('problem', ''), _negated=True)), models.Q(models.Q(('state', 'stopped'), _negated=True), ('asks__isnull', True), ('problem', '')), _connector='OR'), name='stopped_import_says_why'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='import_withdrawn_with_a_reason'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(fields=['case', 'at', 'id'], name='posts_in_time'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(models.F('case'), django.db.models.functions.text.Left('sender', 64), name='posts_of_a_sender'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('source', 'position'), name='one_post_per_position'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('line__gte', 1), ('position__gte', 1), ('start__gte', 0), ('start__lt', models.F('end'))), name='post_cites_bytes'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['message', 'system', 'post']), ('marks__contained_by', ['back', 'bare_newline', 'cut', 'edited', 'fold', 'formula', 'gap', 'like_system', 'media_omitted', 'no_time', 'replaced']), ('resolution__in', ('', 'second', 'minute', 'day')), ('system_act__in', ('', 'created', 'joined', 'left', 'removed', 'deleted', 'renamed', 'other'))), name='post_words_known'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at', None), ('local', '')), models.Q(('resolution', ''), _negated=True), _connector='OR'), name='post_time_has_a_resolution'),
        ),
        migrations.AddConstraint(
            model_name='unread',
            constraint=models.UniqueConstraint(fields=('source', 'position'), name='one_unread_per_position'),
        ),
        migrations.AddConstraint(
            model_name='unread',
            constraint=models.CheckConstraint(condition=models.Q(('line__gte', 1), ('position__gte', 1), ('start__gte', 0), ('start__lte', models.F('end'))), name='unread_cites_bytes'),
        ),
        migrations.AddConstraint(
            model_name='unread',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='unread_says_why'),
        ),
        migrations.RunPython(guard, unguard),
    ]
