"""The database refuses what must not be: who may write which table of the vault, and what stays as it was written."""

from pathlib import Path

from django.conf import settings
from django.db import migrations

from evidence import guards

HERE = Path(__file__).parent
MISSING = ("There is no database role {role}, which must own the function that erases. As a superuser: CREATE ROLE {role} "
           "NOLOGIN; GRANT {role} TO the role that migrates. docs/operations.md says more.")
ERASE = "evidence_erase(uuid[], uuid, bytea, bytea, bytea, text, text, timestamptz)"
INSERT_ONLY = ("evidence_backup", "evidence_blob", "evidence_checkpoint", "evidence_cosignature", "evidence_declaration",
               "evidence_derivative", "evidence_erasure", "evidence_event", "evidence_holding", "evidence_item",
               "evidence_leaf", "evidence_locktest", "evidence_origin", "evidence_packagefile", "evidence_part",
               "evidence_refusal", "evidence_rewind", "evidence_screening", "evidence_selftest", "evidence_timestamp",
               "evidence_tombstone")
KINDS = ("accession", "fixity", "derivation", "replication", "virus_check", "redaction", "access", "export", "transfer",
         "sealing", "release", "hold", "disposal", "decision")
# The words that an event is looked up by are words of the format: no role inserts another kind, subject or context.
WORDS = """
ALTER TABLE {table} ADD CONSTRAINT {table}_has_words CHECK (
    kind IN ({kinds}) AND subject ~ '^[a-z][a-z_]*/.' AND (context IN ('', 'log') OR context ~ '^[a-z][a-z_]*/.'))
"""
TWO_PEOPLE = """
ALTER TABLE evidence_healing ADD CONSTRAINT healing_needs_two_people CHECK (
    coalesce(agent ->> 'id', '') <> '' AND coalesce(approver ->> 'id', '') <> '' AND reason <> ''
    AND agent ->> 'id' <> approver ->> 'id')
"""
# Rows of these stand only on an event of the log that says the same.
STANDS = {"evidence_origin": "evidence_origin_stands", "evidence_part": "evidence_part_stands",
          "evidence_screening": "evidence_screening_stands", "evidence_tombstone": "evidence_tombstone_stands"}


def guard(apps, schema_editor):
    app, eraser = settings.DATABASE_APP_ROLE, settings.DATABASE_ERASER_ROLE
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [eraser])
        if not cursor.rowcount:
            raise RuntimeError(MISSING.format(role=eraser))
    literal = "'" + eraser.replace("'", "''") + "'"
    guards.apply(schema_editor, [
        # What other apps and later migrations make is the application's as well, unless its migration says otherwise.
        f"GRANT USAGE ON SCHEMA public TO {app}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
        guards.read(HERE / "guards.sql").replace(":eraser", literal), guards.read(HERE / "record.sql")])
    guards.apply(schema_editor, [*log(app), *work(app)])
    guards.apply(schema_editor, erasing(schema_editor.quote_name(app), schema_editor.quote_name(eraser)))


def log(app):
    """The log, items and all that is said of them: written once."""
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    statements = [f"REVOKE INSERT ON evidence_erasure FROM {app}",
                  *(WORDS.format(table=table, kinds=kinds) for table in ("evidence_payload", "evidence_recovered"))]
    for table in INSERT_ONLY:
        statements += guards.insert_only(table) + guards.no_truncate(table)
    for table, function in STANDS.items():
        statements += guards.trigger(table, "stands", "BEFORE INSERT", function=function)
    for table, function in (("evidence_payload", "evidence_refuse_payload"),
                            ("evidence_recovered", "evidence_keep_recovered")):
        statements += guards.insert_only(table, function) + guards.no_truncate(table)
    return [*statements, f"GRANT DELETE ON evidence_recovered TO {app}"]


def work(app):
    """What waits and what was done: it moves on, and is never taken away."""
    found = "OLD.state IN ('valid', 'damaged', 'invalid')"
    statements = [f"REVOKE DELETE, TRUNCATE ON {table} FROM {app}" for table in (
        "evidence_step", "evidence_removal", "evidence_damage", "evidence_healing", "evidence_verification")]
    for table, name in (("evidence_blob", "blob"), ("evidence_archivecopy", "copy")):
        statements.append(f"CREATE TRIGGER watch AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION "
                          f"evidence_watch_{name}()")
    for table, begin, change, moment in (
            ("evidence_damage", "evidence_open_damage", "evidence_close_damage", "UPDATE OR DELETE"),
            ("evidence_healing", "evidence_keep_healing", "evidence_keep_healing", "UPDATE OR DELETE"),
            ("evidence_verification", "", "evidence_keep_verification", "INSERT OR UPDATE OR DELETE")):
        if begin:
            statements += guards.trigger(table, "begin", "BEFORE INSERT", function=begin)
        statements += guards.trigger(table, "guard_change", f"BEFORE {moment}", function=change)
        statements += guards.no_truncate(table, "guard_truncate")
    return [*statements, TWO_PEOPLE,
            *guards.trigger("evidence_check", "keep", "BEFORE INSERT OR UPDATE", function="evidence_keep_check"),
            *guards.never_deleted("evidence_package"), *guards.no_truncate("evidence_package"),
            *guards.trigger("evidence_package", "keep_what_was_found", "BEFORE UPDATE", when=found)]


def erasing(app, eraser):
    """One role owns the function that erases, and nobody signs in as it."""
    return [
        f"GRANT USAGE ON SCHEMA public TO {eraser}",
        f"GRANT SELECT, INSERT, DELETE ON evidence_payload TO {eraser}",
        f"GRANT SELECT, INSERT ON evidence_event, evidence_pending, evidence_erasure TO {eraser}",
        f"GRANT SELECT ON evidence_leaf, evidence_rewind, evidence_declaration TO {eraser}",
        f"GRANT CREATE ON SCHEMA public TO {eraser}",
        f"SET LOCAL ROLE {eraser}",
        guards.read(HERE / "erase.sql"),
        f"REVOKE ALL ON FUNCTION {ERASE} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {ERASE} TO {app}",
        "RESET ROLE",
        f"REVOKE CREATE ON SCHEMA public FROM {eraser}"]


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_tables")]
    replaces = [("evidence", "0020_claims")]
    # There is no way back: without these the database would take everything.
    operations = [migrations.RunPython(guard)]
