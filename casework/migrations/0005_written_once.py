"""What an exhibit is and how it came is written once: receipts are made of these columns.

The application's role may update no other column than those that people edit. Sightings take inserts only, as the
keys of lodgings do already. ENABLE ALWAYS triggers refuse the owner too."""

from django.conf import settings
from django.db import migrations

EDITED = "title, note, sensitive, withdrawn_at, withdrawn_reason"
WRITTEN_ONCE = ("id", "case_id", "number", "item_id", "lodged_by_id", "lodged_at", "event_id", "leaf_hash")


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    columns = [", ".join(f"{row}.{column}" for column in WRITTEN_ONCE) for row in ("NEW", "OLD")]
    sql = [
        f"REVOKE UPDATE, DELETE, TRUNCATE ON casework_exhibit FROM {role}",
        f"GRANT UPDATE ({EDITED}) ON casework_exhibit TO {role}",
        "CREATE TRIGGER written_once BEFORE UPDATE ON casework_exhibit FOR EACH ROW "
        f"WHEN (({columns[0]}) IS DISTINCT FROM ({columns[1]})) EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_delete BEFORE DELETE ON casework_exhibit FOR EACH ROW "
        "EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON casework_exhibit FOR EACH STATEMENT "
        "EXECUTE FUNCTION evidence_refuse()",
        *(f"ALTER TABLE casework_exhibit ENABLE ALWAYS TRIGGER {name}"
          for name in ("written_once", "refuse_delete", "refuse_truncate")),
        f"REVOKE UPDATE, DELETE, TRUNCATE ON casework_sighting FROM {role}",
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON casework_sighting FOR EACH ROW "
        "EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON casework_sighting FOR EACH STATEMENT "
        "EXECUTE FUNCTION evidence_refuse()",
        *(f"ALTER TABLE casework_sighting ENABLE ALWAYS TRIGGER {name}" for name in ("refuse_change", "refuse_truncate")),
    ]
    for statement in sql:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    sql = [f"DROP TRIGGER {name} ON casework_exhibit" for name in ("written_once", "refuse_delete", "refuse_truncate")]
    sql += [f"DROP TRIGGER {name} ON casework_sighting" for name in ("refuse_change", "refuse_truncate")]
    sql.append(f"GRANT UPDATE, DELETE ON casework_exhibit, casework_sighting TO {role}")
    for statement in sql:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_voided_links"), ("evidence", "0002_guards")]
    operations = [migrations.RunPython(guard, unguard)]
