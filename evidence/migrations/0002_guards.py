"""The database refuses what must not be: the log's tables take inserts only, from everybody.

The application's role lacks the privileges; ENABLE ALWAYS triggers refuse the owner too, replica mode included.
Triggers are a guard rail: the promise rests on checkpoints held outside."""

from django.conf import settings
from django.db import migrations

INSERT_ONLY = ["evidence_event", "evidence_leaf", "evidence_payload", "evidence_checkpoint"]
WRITTEN_ONCE = ["evidence_blob", "evidence_item", "evidence_derivative"]


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    sql = [
        "CREATE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% on % is refused: the log is insert-only', TG_OP, TG_TABLE_NAME "
        "USING ERRCODE = 'insufficient_privilege'; END $$",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ]
    for table in INSERT_ONLY + WRITTEN_ONCE:
        sql += [
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}",
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
            f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_truncate",
        ]
    for statement in sql:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for table in INSERT_ONLY + WRITTEN_ONCE:
        schema_editor.execute(f"DROP TRIGGER refuse_change ON {table}")
        schema_editor.execute(f"DROP TRIGGER refuse_truncate ON {table}")
    schema_editor.execute("DROP FUNCTION evidence_refuse()")


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
