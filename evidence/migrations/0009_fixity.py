"""Every byte on watch: when it was read last, what was found damaged, and the orders of two people to heal it.

The database makes a check with every blob and every copy. A damage is opened by anybody and closed by a healing that
ended well, which needs two people; neither is changed otherwise, nor deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WATCH = [
    """
CREATE FUNCTION evidence_watch_blob() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO evidence_check (blob_id, place, checked_at, failures) VALUES (NEW.sha256, 'store', NEW.stored_at, 0)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$""",
    """
CREATE FUNCTION evidence_watch_copy() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO evidence_check (blob_id, place, checked_at, failures)
        VALUES (NEW.blob_id, 'archive', NEW.verified_at, 0) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$""",
    "CREATE TRIGGER watch AFTER INSERT ON evidence_blob FOR EACH ROW EXECUTE FUNCTION evidence_watch_blob()",
    "CREATE TRIGGER watch AFTER INSERT ON evidence_archivecopy FOR EACH ROW EXECUTE FUNCTION evidence_watch_copy()",
    "INSERT INTO evidence_check (blob_id, place, checked_at, failures) "
    "SELECT sha256, 'store', stored_at, 0 FROM evidence_blob",
    "INSERT INTO evidence_check (blob_id, place, checked_at, failures) "
    "SELECT blob_id, 'archive', verified_at, 0 FROM evidence_archivecopy",
]
UNWATCH = ["DROP TRIGGER watch ON evidence_blob", "DROP TRIGGER watch ON evidence_archivecopy",
           "DROP FUNCTION evidence_watch_blob()", "DROP FUNCTION evidence_watch_copy()"]
CLOSE = """
CREATE FUNCTION evidence_close_damage() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.healed_at IS NULL AND NEW.healed_at IS NOT NULL
        AND to_jsonb(NEW) - '{healed_at,healing_id}'::text[] = to_jsonb(OLD) - '{healed_at,healing_id}'::text[]
        AND EXISTS (SELECT FROM evidence_healing h
                    WHERE h.id = NEW.healing_id AND h.damage_id = OLD.id AND h.state = 'done')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: a damage is closed by a healing that ended well', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
ORDER = """
CREATE FUNCTION evidence_keep_healing() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'pending'
        AND to_jsonb(NEW) - '{state,attempts,detail,finished_at}'::text[]
            = to_jsonb(OLD) - '{state,attempts,detail,finished_at}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: an order to heal is written once', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
TWO_PEOPLE = """
ALTER TABLE evidence_healing ADD CONSTRAINT healing_needs_two_people CHECK (
    coalesce(agent ->> 'id', '') <> '' AND coalesce(approver ->> 'id', '') <> '' AND reason <> ''
    AND agent ->> 'id' <> approver ->> 'id')
"""
GUARDED = {"evidence_damage": "evidence_close_damage", "evidence_healing": "evidence_keep_healing"}


def guard(apps, schema_editor):
    sql = [*WATCH, CLOSE, ORDER, TWO_PEOPLE]
    for table, function in GUARDED.items():
        sql += [
            f"REVOKE DELETE, TRUNCATE ON {table} FROM {settings.DATABASE_APP_ROLE}",
            f"CREATE TRIGGER guard_change BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()",
            f"CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER guard_change",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER guard_truncate",
        ]
    for statement in sql:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    sql = [f"DROP TRIGGER {name} ON {table}" for table in GUARDED for name in ("guard_change", "guard_truncate")]
    sql += ["ALTER TABLE evidence_healing DROP CONSTRAINT healing_needs_two_people"]
    for statement in [*UNWATCH, *sql, *(f"DROP FUNCTION {function}()" for function in GUARDED.values())]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0008_archive'),
    ]

    operations = [
        migrations.CreateModel(
            name='Routine',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('checks', models.PositiveIntegerField(default=0)),
                ('bytes', models.BigIntegerField(default=0)),
                ('damaged', models.PositiveIntegerField(default=0)),
                ('told_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Damage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(choices=[('store', 'Store'), ('archive', 'Archive')], max_length=7)),
                ('problem', models.CharField(choices=[('changed', 'Changed'), ('gone', 'Gone'), ('unreadable', 'Unreadable')], max_length=10)),
                ('found_sha256', models.CharField(blank=True, help_text='what lies there now', max_length=64)),
                ('found_size', models.BigIntegerField(null=True)),
                ('found_at', models.DateTimeField()),
                ('healed_at', models.DateTimeField(null=True)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='damages', to='evidence.blob')),
            ],
        ),
        migrations.CreateModel(
            name='Healing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('context', models.CharField(help_text='where it was decided: case/…', max_length=200)),
                ('reason', models.TextField()),
                ('agent', models.JSONField(help_text='who proposed it, as a value')),
                ('approver', models.JSONField(help_text='who agreed, as a value')),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('detail', models.CharField(blank=True, max_length=500)),
                ('finished_at', models.DateTimeField(null=True)),
                ('damage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='healings', to='evidence.damage')),
            ],
        ),
        migrations.AddField(
            model_name='damage',
            name='healing',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closed', to='evidence.healing'),
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(choices=[('store', 'Store'), ('archive', 'Archive')], max_length=7)),
                ('checked_at', models.DateTimeField()),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='in a row: the storage answered with an error')),
                ('retry_at', models.DateTimeField(null=True)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='evidence.blob')),
            ],
            options={
                'indexes': [models.Index(fields=['checked_at'], name='check_by_age')],
                'constraints': [models.UniqueConstraint(fields=('blob', 'place'), name='one_check_per_place')],
            },
        ),
        migrations.AddConstraint(
            model_name='healing',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('damage',), name='one_pending_healing'),
        ),
        migrations.AddConstraint(
            model_name='healing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state', 'pending')), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed'])), _connector='OR'), name='healing_ends'),
        ),
        migrations.AddConstraint(
            model_name='damage',
            constraint=models.UniqueConstraint(condition=models.Q(('healed_at', None)), fields=('blob', 'place'), name='one_open_damage_per_place'),
        ),
        migrations.AddConstraint(
            model_name='damage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('healed_at', None), ('healing', None)), models.Q(('healed_at__isnull', False), ('healing__isnull', False)), _connector='OR'), name='damage_ends_by_a_healing'),
        ),
        migrations.RunPython(guard, unguard),
    ]
