"""Tombstones of what two people disposed of, and the bytes that go for them.

A tombstone is insert-only, and stands only on an event of a disposal that names its item and two people."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION evidence_tombstone_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
BEGIN
    SELECT convert_from(p.content, 'UTF8')::jsonb INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'disposal';
    IF told IS NULL OR told #>> '{detail,act}' IS DISTINCT FROM 'exhibits_disposed'
        OR NOT coalesce(told #> '{detail,items}' ? NEW.item_id::text, false)
        OR coalesce(told #>> '{agent,id}', '') = '' OR coalesce(told #>> '{detail,approver,id}', '') = ''
        OR told #>> '{agent,id}' = told #>> '{detail,approver,id}'
    THEN
        RAISE EXCEPTION 'no disposal of two people names this item' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = [
    "CREATE TRIGGER stands BEFORE INSERT ON evidence_tombstone FOR EACH ROW "
    "EXECUTE FUNCTION evidence_tombstone_stands()",
    "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON evidence_tombstone FOR EACH ROW "
    "EXECUTE FUNCTION evidence_refuse()",
    "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON evidence_tombstone FOR EACH STATEMENT "
    "EXECUTE FUNCTION evidence_refuse()",
    *(f"ALTER TABLE evidence_tombstone ENABLE ALWAYS TRIGGER {name}"
      for name in ("stands", "refuse_change", "refuse_truncate")),
]
UNDO = "DROP TRIGGER stands ON evidence_tombstone; DROP FUNCTION evidence_tombstone_stands()"


def restrict(apps, schema_editor):
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON evidence_tombstone FROM {settings.DATABASE_APP_ROLE}",
                          params=None)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0009_fixity")]
    operations = [
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("item", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                                              related_name="tombstone", serialize=False, to="evidence.item")),
                ("disposed_at", models.DateTimeField()),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                            to="evidence.event")),
            ]),
        migrations.CreateModel(
            name="Removal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(choices=[("evidence", "the store"), ("archive", "the archive")],
                                           max_length=10)),
                ("context", models.CharField(max_length=200)),
                ("state", models.CharField(choices=[("pending", "Pending"), ("done", "Done"), ("kept", "Kept")],
                                           default="pending", max_length=10)),
                ("held", models.BooleanField(default=False, help_text="a legal hold of the context stops it")),
                ("not_before", models.DateTimeField(help_text="until when the storage refuses, where it said so",
                                                    null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("detail", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField()),
                ("blob", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="removals",
                                           to="evidence.blob")),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="removals",
                                           to="evidence.item")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "pending")), fields=["changed_at"],
                                         name="removal_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "blob", "place"), name="one_removal_per_place"),
                    models.CheckConstraint(condition=models.Q(("state__in", ["pending", "done", "kept"])),
                                           name="removal_state_known")],
            }),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, UNDO),
        migrations.RunPython(restrict, migrations.RunPython.noop),
    ]
