"""A log that is behind what was witnessed of it takes nothing: what is read meanwhile goes to the recovery log.

The two functions that record ask first. What stands in the recovery log may leave it only for the log."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

INSERT_ONLY = ["evidence_rewind", "evidence_declaration"]

IS_BEHIND = """
CREATE FUNCTION evidence_is_behind() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- In this language the plan is kept: the question stands before every record.
    RETURN EXISTS (SELECT FROM evidence_rewind r
                   WHERE NOT EXISTS (SELECT FROM evidence_declaration d WHERE d.rewind_id = r.id));
END $$
"""
# Whoever declares a restore holds the lock alone: nothing comes into the recovery log behind its back.
RECOVER = """
CREATE FUNCTION evidence_recover(ids uuid[], commitments bytea[], salts bytea[], contents bytea[], kinds text[],
                                 subjects text[], contexts text[], times timestamptz[])
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({lock});
    IF NOT evidence_is_behind() THEN
        RETURN false;
    END IF;
    IF EXISTS (SELECT FROM unnest(kinds, subjects) AS e(kind, subject)
               WHERE e.kind NOT IN ('access', 'export') AND NOT starts_with(e.subject, 'rewind/')) THEN
        RAISE EXCEPTION 'the log is behind what was witnessed of it: nothing changes before a restore is declared'
            USING ERRCODE = 'CW001';
    END IF;
    INSERT INTO evidence_recovered (event_id, commitment, salt, content, kind, subject, context, at)
        SELECT * FROM unnest(ids, commitments, salts, contents, kinds, subjects, contexts, times);
    RETURN true;
END $$
""".format(lock=0x6361736577_04)
RECORD = """
CREATE OR REPLACE FUNCTION evidence_record(new_id uuid, new_commitment bytea, new_salt bytea, new_content bytea,
    new_kind text, new_subject text, new_context text, new_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {asks}
    INSERT INTO evidence_event (id, commitment) VALUES (new_id, new_commitment);
    INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at)
        VALUES (new_id, new_salt, new_content, new_kind, new_subject, new_context, new_at);
    INSERT INTO evidence_pending (event_id) VALUES (new_id);
END $$
"""
RECORD_ALL = """
CREATE OR REPLACE FUNCTION evidence_record_all(ids uuid[], commitments bytea[], salts bytea[], contents bytea[],
    kinds text[], subjects text[], contexts text[], times timestamptz[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {asks}
    INSERT INTO evidence_event (id, commitment) SELECT * FROM unnest(ids, commitments);
    INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at)
        SELECT * FROM unnest(ids, salts, contents, kinds, subjects, contexts, times);
    INSERT INTO evidence_pending (event_id) SELECT * FROM unnest(ids);
END $$
"""
ONE_ASKS = """IF evidence_is_behind() AND evidence_recover(ARRAY[new_id], ARRAY[new_commitment], ARRAY[new_salt],
        ARRAY[new_content], ARRAY[new_kind], ARRAY[new_subject], ARRAY[new_context], ARRAY[new_at]) THEN
        RETURN;
    END IF;"""
ALL_ASK = """IF evidence_is_behind() AND evidence_recover(ids, commitments, salts, contents, kinds, subjects, contexts,
                                                 times) THEN
        RETURN;
    END IF;"""
KEEP_RECOVERED = """
CREATE FUNCTION evidence_keep_recovered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM evidence_payload p JOIN evidence_event e ON e.id = p.event_id WHERE p.event_id = OLD.event_id
        AND p.salt = OLD.salt AND p.content = OLD.content AND e.commitment = OLD.commitment)
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% on % is refused: it is not in the log', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$
"""


def guard(apps, schema_editor):
    quote = schema_editor.quote_name
    app, eraser = quote(settings.DATABASE_APP_ROLE), quote(settings.DATABASE_ERASER_ROLE)
    sql = [IS_BEHIND, RECOVER, RECORD.format(asks=ONE_ASKS), RECORD_ALL.format(asks=ALL_ASK), KEEP_RECOVERED,
           f"REVOKE UPDATE, TRUNCATE ON evidence_recovered FROM {app}",
           f"GRANT SELECT ON evidence_rewind, evidence_declaration TO {eraser}"]
    sql += [f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {app}" for table in INSERT_ONLY]
    for table in [*INSERT_ONLY, "evidence_recovered"]:
        refuse = "evidence_keep_recovered" if table == "evidence_recovered" else "evidence_refuse"
        sql += [
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {refuse}()",
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_truncate",
        ]
    for statement in sql:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    if apps.get_model("evidence", "Rewind").objects.exists():
        raise RuntimeError("This log was put back once: without the record of it nobody could tell what was given up.")
    eraser = schema_editor.quote_name(settings.DATABASE_ERASER_ROLE)
    sql = [RECORD.format(asks=""), RECORD_ALL.format(asks=""),
           f"REVOKE SELECT ON evidence_rewind, evidence_declaration FROM {eraser}"]
    sql += [f"DROP TRIGGER {trigger} ON {table}" for table in [*INSERT_ONLY, "evidence_recovered"]
            for trigger in ("refuse_change", "refuse_truncate")]
    sql += ["DROP FUNCTION evidence_keep_recovered()", "DROP FUNCTION evidence_recover", "DROP FUNCTION evidence_is_behind"]
    for statement in sql:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0010_disposal")]
    operations = [
        migrations.CreateModel(
            name="Rewind",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("noticed_at", models.DateTimeField()),
                ("how", models.CharField(choices=[("restore", "Restore"), ("signer", "Signer")], max_length=10)),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("last_at", models.DateTimeField(
                    help_text="when the last entry that the log holds was recorded", null=True)),
                ("head_size", models.BigIntegerField()),
                ("head_root", models.BinaryField(max_length=32, null=True)),
                ("head_note", models.TextField(
                    blank=True, help_text="the checkpoint, word for word, where there is one")),
                ("known", models.JSONField(
                    default=list, help_text="all that was witnessed beyond: {by, name, size, root, at}")),
            ],
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("rewind", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                                                serialize=False, to="evidence.rewind")),
                ("declared_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Recovered",
            fields=[
                ("event_id", models.UUIDField(primary_key=True, serialize=False)),
                ("commitment", models.BinaryField(max_length=32)),
                ("salt", models.BinaryField(max_length=32)),
                ("content", models.BinaryField()),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=200)),
                ("context", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(guard, unguard),
    ]
