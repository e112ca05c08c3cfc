"""What the application's role says of its own work is held to what can be: no check of a day that has not come, no
healing that begins at its end or ends without an event, no verification that changes once it is done.

Whoever owns the tables puts a backup back in an order that knows no events yet, so a row that has ended is taken from
him alone; what he makes up is found by `verify --all`."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Bytes that came in by a clock that runs ahead are watched from now on, not from when that clock will be right.
WATCH = """
CREATE OR REPLACE FUNCTION evidence_watch_{of}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO evidence_check (blob_id, place, checked_at, failures)
        VALUES (NEW.{blob}, '{place}', {at}, 0) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
WATCHED = (("blob", "sha256", "store", "stored_at"), ("copy", "blob_id", "archive", "verified_at"))
# What was forged before this migration may go back to now. The retry is an hour, see evidence.fixity.routine.
CHECK = """
CREATE FUNCTION evidence_keep_check() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.checked_at > clock_timestamp() OR NEW.retry_at > clock_timestamp() + interval '61 minutes' THEN
        RAISE EXCEPTION '% on % is refused: nothing was read in the future', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.blob_id, NEW.place) IS DISTINCT FROM (OLD.blob_id, OLD.place)
                             OR NEW.checked_at < least(OLD.checked_at, statement_timestamp())) THEN
        RAISE EXCEPTION '% on % is refused: what was read stays read', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
"""
OWNS = """
CREATE FUNCTION evidence_owns(tab oid) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS
$$ SELECT pg_has_role(current_user, c.relowner, 'USAGE') FROM pg_class c WHERE c.oid = tab $$
"""
HEALING = """
CREATE OR REPLACE FUNCTION evidence_keep_healing() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.state, NEW.attempts, NEW.detail) = ('pending', 0, '') AND NEW.event_id IS NULL
            OR evidence_owns(TG_RELID)
        THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD.state = 'pending'
        AND to_jsonb(NEW) - '{state,attempts,detail,finished_at,event_id}'::text[]
            = to_jsonb(OLD) - '{state,attempts,detail,finished_at,event_id}'::text[]
    THEN
        IF NEW.state = 'pending' AND NEW.event_id IS NULL THEN
            RETURN NEW;
        END IF;
        SELECT convert_from(p.content, 'UTF8')::jsonb INTO told FROM evidence_payload p
            WHERE p.event_id = NEW.event_id AND p.kind = 'replication';
        IF told #>> '{detail,act}' = 'bytes_healed'
            AND told #> '{detail,match}' = to_jsonb(NEW.state = 'done')
            AND told #> '{detail,damage}' = to_jsonb(NEW.damage_id)
            AND told #>> '{agent,id}' = NEW.agent ->> 'id'
            AND told #>> '{detail,approver,id}' = NEW.approver ->> 'id'
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'no recorded event says that this order to heal ended so'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RAISE EXCEPTION '% on % is refused: an order to heal is written once', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
DAMAGE = """
CREATE FUNCTION evidence_open_damage() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.healed_at IS NOT NULL AND NOT evidence_owns(TG_RELID) THEN
        RAISE EXCEPTION '% on % is refused: a damage begins open', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
"""
VERIFICATION = """
CREATE FUNCTION evidence_keep_verification() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    work text[] := '{state,attempts,finished_at,size,checked,problem_count,problems}';
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.state = 'pending' OR evidence_owns(TG_RELID))
        OR TG_OP = 'UPDATE' AND OLD.state = 'pending' AND to_jsonb(NEW) - work = to_jsonb(OLD) - work
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: what a verification found stays', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""
# The function of 0009, for the way back.
HEALING_BEFORE = """
CREATE OR REPLACE FUNCTION evidence_keep_healing() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
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
# Orders that ended before this column was there.
NAMED = """
UPDATE evidence_healing h SET event_id = (
    SELECT p.event_id FROM evidence_payload p WHERE p.kind = 'replication' AND p.context = h.context
    AND convert_from(p.content, 'UTF8')::jsonb #>> '{detail,act}' = 'bytes_healed'
    AND convert_from(p.content, 'UTF8')::jsonb #> '{detail,damage}' = to_jsonb(h.damage_id)
    AND convert_from(p.content, 'UTF8')::jsonb #> '{detail,match}' = to_jsonb(h.state = 'done')
    AND p.at >= h.asked_at ORDER BY p.at LIMIT 1) WHERE h.state <> 'pending'
"""
# (name, when, table, function)
TRIGGERS = (
    ("keep", "INSERT OR UPDATE", "evidence_check", "evidence_keep_check"),
    ("begin", "INSERT", "evidence_healing", "evidence_keep_healing"),
    ("begin", "INSERT", "evidence_damage", "evidence_open_damage"),
    ("guard_change", "INSERT OR UPDATE OR DELETE", "evidence_verification", "evidence_keep_verification"),
)
TRUNCATE = ("CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON evidence_verification "
            "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()")


def guard(apps, schema_editor):
    off, on = (f"ALTER TABLE evidence_healing {word} TRIGGER guard_change" for word in ("DISABLE", "ENABLE ALWAYS"))
    sql = [off, NAMED, on, OWNS, CHECK, HEALING, DAMAGE, VERIFICATION,
           *(WATCH.format(of=of, blob=blob, place=place, at=f"least(NEW.{at}, clock_timestamp())")
             for of, blob, place, at in WATCHED),
           *(f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
             for name, when, table, function in TRIGGERS),
           *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for name, _when, table, _function in TRIGGERS),
           f"REVOKE DELETE, TRUNCATE ON evidence_verification FROM {settings.DATABASE_APP_ROLE}",
           TRUNCATE, "ALTER TABLE evidence_verification ENABLE ALWAYS TRIGGER guard_truncate"]
    for statement in sql:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    sql = [*(f"DROP TRIGGER {name} ON {table}" for name, _when, table, _function in TRIGGERS),
           "DROP TRIGGER guard_truncate ON evidence_verification", HEALING_BEFORE,
           "DROP FUNCTION evidence_keep_check(), evidence_open_damage(), evidence_keep_verification(), evidence_owns(oid)",
           f"GRANT DELETE ON evidence_verification TO {settings.DATABASE_APP_ROLE}",
           *(WATCH.format(of=of, blob=blob, place=place, at=f"NEW.{at}") for of, blob, place, at in WATCHED)]
    for statement in sql:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0019_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='healing',
            name='event',
            field=models.OneToOneField(help_text='says how it ended, and whose order it was', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.event'),
        ),
        migrations.RunPython(guard, unguard),
    ]
