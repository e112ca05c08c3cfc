"""One call that writes an event: the server keeps its plan, so that a record costs no more than plain inserts.

It runs with the rights of whoever calls it: it may do nothing that the application's role may not."""

from django.db import migrations

MAKE = """
CREATE FUNCTION evidence_record(new_id uuid, new_commitment bytea, new_salt bytea, new_content bytea, new_kind text,
                                new_subject text, new_context text, new_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO evidence_event (id, commitment) VALUES (new_id, new_commitment);
    INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at)
        VALUES (new_id, new_salt, new_content, new_kind, new_subject, new_context, new_at);
    INSERT INTO evidence_pending (event_id) VALUES (new_id);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_guards")]
    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION evidence_record")]
