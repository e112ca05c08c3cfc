"""Payloads can be erased: by one function of a role of its own, in the transaction that records the erasure.

The function makes the erasure event, notes what it erased and deletes; nobody else passes the trigger. What is to be
kept of an erased event (index, kind, subject, time) must stand in the erasure event, word for word."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD_PAYLOAD = """
CREATE FUNCTION evidence_refuse_payload() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    -- Inside evidence_erase the current user is the role that owns it. Even that role deletes only what an erasure
    -- event names that was recorded a moment ago: it still waits for its place in the log.
    IF TG_OP = 'DELETE' AND current_user = {eraser} AND EXISTS (
        SELECT FROM evidence_erasure x JOIN evidence_pending q ON q.event_id = x.erasure_id
        WHERE x.event_id = OLD.event_id)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% on % is refused: the log is insert-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""

ERASE = """
CREATE FUNCTION evidence_erase(erased uuid[], new_id uuid, new_commitment bytea, new_salt bytea, new_content bytea,
                               new_subject text, new_context text, new_at timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb := convert_from(new_content, 'UTF8')::jsonb;
    there jsonb;
    gone bigint;
BEGIN
    -- What may be erased: events of this context that have their place in the log. An erasure is never erased, nor is
    -- the history of the log's own keys.
    SELECT jsonb_agg(jsonb_build_object(
               'at', to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'id', p.event_id,
               'index', l.index, 'kind', p.kind, 'subject', p.subject) ORDER BY l.index)
        INTO there FROM evidence_payload p JOIN evidence_leaf l ON l.event_id = p.event_id
        WHERE p.event_id = ANY (erased) AND p.context = new_context AND p.kind <> 'disposal'
            AND NOT starts_with(p.subject, 'key/');
    IF there IS NULL OR jsonb_array_length(there) <> cardinality(erased) THEN
        RAISE EXCEPTION 'not every one of these events can be erased' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF told ->> 'id' IS DISTINCT FROM new_id::text OR told ->> 'kind' IS DISTINCT FROM 'disposal'
        OR told ->> 'subject' IS DISTINCT FROM new_subject OR told ->> 'context' IS DISTINCT FROM new_context
        OR told #>> '{detail,act}' IS DISTINCT FROM 'events_erased' OR told #> '{detail,events}' IS DISTINCT FROM there
    THEN
        RAISE EXCEPTION 'the erasure event does not name exactly these events'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF coalesce(told #>> '{detail,reason}', '') = '' OR coalesce(told #>> '{detail,basis}', '') = ''
        OR coalesce(told #>> '{agent,name}', '') = '' OR coalesce(told #>> '{detail,approver,name}', '') = ''
        OR told -> 'agent' = told #> '{detail,approver}'
        OR told #>> '{agent,id}' = told #>> '{detail,approver,id}'
    THEN
        RAISE EXCEPTION 'an erasure needs a reason, a legal basis and two people'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM public.evidence_record(new_id, new_commitment, new_salt, new_content, 'disposal', new_subject, new_context,
                                   new_at);
    INSERT INTO evidence_erasure (event_id, erasure_id, kind, subject, context, at)
        SELECT p.event_id, new_id, p.kind, p.subject, p.context, p.at FROM evidence_payload p
        WHERE p.event_id = ANY (erased);
    DELETE FROM evidence_payload WHERE event_id = ANY (erased);
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone <> cardinality(erased) THEN
        RAISE EXCEPTION 'some of these events were erased meanwhile' USING ERRCODE = 'serialization_failure';
    END IF;
END $$
"""
ARGUMENTS = "uuid[], uuid, bytea, bytea, bytea, text, text, timestamptz"
MISSING = ("There is no database role {role}, which must own the function that erases. As a superuser: CREATE ROLE {role} "
           "NOLOGIN; GRANT {role} TO the role that migrates. docs/operations.md says more.")


def guard(apps, schema_editor):
    quote, eraser, app = schema_editor.quote_name, settings.DATABASE_ERASER_ROLE, settings.DATABASE_APP_ROLE
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [eraser])
        if not cursor.rowcount:
            raise RuntimeError(MISSING.format(role=eraser))
    literal = "'" + eraser.replace("'", "''") + "'"
    sql = [
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON evidence_erasure "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON evidence_erasure "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
        "ALTER TABLE evidence_erasure ENABLE ALWAYS TRIGGER refuse_change",
        "ALTER TABLE evidence_erasure ENABLE ALWAYS TRIGGER refuse_truncate",
        # Only the function notes what it erased.
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON evidence_erasure FROM {quote(app)}",
        f"GRANT USAGE ON SCHEMA public TO {quote(eraser)}",
        f"GRANT SELECT, INSERT, DELETE ON evidence_payload TO {quote(eraser)}",
        f"GRANT SELECT, INSERT ON evidence_event, evidence_pending, evidence_erasure TO {quote(eraser)}",
        f"GRANT SELECT ON evidence_leaf TO {quote(eraser)}",
        GUARD_PAYLOAD.format(eraser=literal),
        *_payload_trigger("evidence_refuse_payload"),
        f"GRANT CREATE ON SCHEMA public TO {quote(eraser)}",
        f"SET LOCAL ROLE {quote(eraser)}",
        ERASE,
        f"REVOKE ALL ON FUNCTION evidence_erase({ARGUMENTS}) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION evidence_erase({ARGUMENTS}) TO {quote(app)}",
        "RESET ROLE",
        f"REVOKE CREATE ON SCHEMA public FROM {quote(eraser)}",
    ]
    for statement in sql:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    if apps.get_model("evidence", "Erasure").objects.exists():
        raise RuntimeError("Events were erased: without the notes of that, their payloads would count as lost.")
    eraser = schema_editor.quote_name(settings.DATABASE_ERASER_ROLE)
    for statement in (
            f"SET LOCAL ROLE {eraser}", f"DROP FUNCTION evidence_erase({ARGUMENTS})", "RESET ROLE",
            *_payload_trigger("evidence_refuse"), "DROP FUNCTION evidence_refuse_payload()",
            f"REVOKE ALL ON evidence_payload, evidence_event, evidence_pending, evidence_erasure, evidence_leaf "
            f"FROM {eraser}", f"REVOKE USAGE ON SCHEMA public FROM {eraser}"):
        schema_editor.execute(statement, params=None)


def _payload_trigger(function):
    return ["DROP TRIGGER refuse_change ON evidence_payload",
            "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON evidence_payload "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()",
            "ALTER TABLE evidence_payload ENABLE ALWAYS TRIGGER refuse_change"]


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_record")]
    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("event", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                                               serialize=False, to="evidence.event")),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=200)),
                ("context", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("erasure", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="erased",
                                              to="evidence.event")),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "at"], name="erasure_by_subject"),
                            models.Index(fields=["context", "at"], name="erasure_by_context")],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
