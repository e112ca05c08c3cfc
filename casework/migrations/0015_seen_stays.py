"""Who looked into an unlocking is written once, like all else of it: what was seen is seen for ever, and by the same."""

from django.db import migrations

SEEN = """
CREATE TRIGGER seen_once BEFORE UPDATE ON casework_unlocking FOR EACH ROW
    WHEN ((OLD.seen_by_id IS NOT NULL OR OLD.seen_at IS NOT NULL)
          AND (NEW.seen_by_id, NEW.seen_at) IS DISTINCT FROM (OLD.seen_by_id, OLD.seen_at))
    EXECUTE FUNCTION evidence_refuse();
ALTER TABLE casework_unlocking ENABLE ALWAYS TRIGGER seen_once
"""


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0014_known_devices'),
    ]

    operations = [
        migrations.RunSQL(SEEN, "DROP TRIGGER seen_once ON casework_unlocking"),
    ]
