"""The words that an event is looked up by are words of the format: no role inserts another kind, subject or context.

What is there already is not looked at. A row that is wrong can neither be changed nor deleted, so it would stand in the
way of every later version; `verify` names it."""

from django.db import migrations

KINDS = ("accession", "fixity", "derivation", "replication", "virus_check", "redaction", "access", "export", "transfer",
         "sealing", "release", "hold", "disposal", "decision")
TABLES = ("evidence_payload", "evidence_recovered")
MAKE = """
ALTER TABLE {table} ADD CONSTRAINT {table}_has_words CHECK (
    kind IN ({kinds}) AND subject ~ '^[a-z][a-z_]*/.'
    AND (context IN ('', 'log') OR context ~ '^[a-z][a-z_]*/.')) NOT VALID
"""


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0018_findings'),
    ]

    operations = [
        migrations.RunSQL(MAKE.format(table=table, kinds=", ".join(f"'{kind}'" for kind in KINDS)),
                          f"ALTER TABLE {table} DROP CONSTRAINT {table}_has_words") for table in TABLES
    ]
