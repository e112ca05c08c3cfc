"""Parts of captures that came together: insert-only for everybody.

A row stands only on the accession of its item, which says the same: which part of how many, in which set."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION evidence_part_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
    main jsonb;
BEGIN
    SELECT convert_from(p.content, 'UTF8')::jsonb #> '{detail,capture}' INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'accession' AND p.subject = 'item/' || NEW.item_id::text;
    SELECT convert_from(p.content, 'UTF8')::jsonb #> '{detail,capture}' INTO main FROM evidence_payload p
        WHERE p.kind = 'accession' AND p.subject = 'item/' || NEW.main_id::text;
    IF told IS NULL OR main IS NULL OR told ->> 'set' IS DISTINCT FROM main ->> 'set'
        OR told ->> 'role' IS DISTINCT FROM NEW.role OR told ->> 'position' IS DISTINCT FROM NEW.position::text
    THEN
        RAISE EXCEPTION 'no accession says that this item is that part' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$
"""


def guard(apps, schema_editor):
    for statement in (
        f"REVOKE UPDATE, DELETE, TRUNCATE ON evidence_part FROM {settings.DATABASE_APP_ROLE}",
        "CREATE TRIGGER stands BEFORE INSERT ON evidence_part FOR EACH ROW EXECUTE FUNCTION evidence_part_stands()",
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON evidence_part "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON evidence_part "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
        *(f"ALTER TABLE evidence_part ENABLE ALWAYS TRIGGER {name}"
          for name in ("stands", "refuse_change", "refuse_truncate")),
    ):
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    schema_editor.execute("DROP TRIGGER stands ON evidence_part; DROP FUNCTION evidence_part_stands()", params=None)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0012_backup")]
    operations = [
        migrations.CreateModel(
            name="Part",
            fields=[
                ("item", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                                              related_name="part", serialize=False, to="evidence.item")),
                ("role", models.CharField(choices=[("picture", "picture"), ("source", "source"),
                                                   ("archive", "archive"), ("other", "other")], max_length=10)),
                ("position", models.PositiveSmallIntegerField(help_text="from 1")),
                ("event", models.ForeignKey(help_text="the accession event, which says the same",
                                            on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                            to="evidence.event")),
                ("main", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="parts",
                                           to="evidence.item")),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("main", "position"), name="one_part_per_position"),
                    models.CheckConstraint(condition=models.Q(("role__in", ["picture", "source", "archive", "other"])),
                                           name="part_role_known"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("item", models.F("main")), ("position", 1)),
                                           models.Q(("position__gt", 1), models.Q(("item", models.F("main")),
                                                                                  _negated=True)), _connector="OR"),
                        name="main_part_comes_first")],
            }),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunPython(guard, unguard),
    ]
