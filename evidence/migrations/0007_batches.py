"""One call that writes many events: a batch of files records two for each of them.

It runs with the rights of whoever calls it: it may do nothing that the application's role may not."""

from django.db import migrations

MAKE = """
CREATE FUNCTION evidence_record_all(ids uuid[], commitments bytea[], salts bytea[], contents bytea[], kinds text[],
                                    subjects text[], contexts text[], times timestamptz[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO evidence_event (id, commitment) SELECT * FROM unnest(ids, commitments);
    INSERT INTO evidence_payload (event_id, salt, content, kind, subject, context, at)
        SELECT * FROM unnest(ids, salts, contents, kinds, subjects, contexts, times);
    INSERT INTO evidence_pending (event_id) SELECT * FROM unnest(ids);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_outside")]
    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION evidence_record_all")]
