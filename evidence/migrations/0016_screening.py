"""What a scanner said of items: insert-only for everybody.

A row stands only on an event that says the same, or on the row before it of the same item, which it repeats."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION evidence_screening_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
    before record;
BEGIN
    IF NEW.event_id IS NULL THEN
        SELECT s.outcome, s.finding INTO before FROM evidence_screening s WHERE s.item_id = NEW.item_id
            ORDER BY s.id DESC LIMIT 1;
        IF NOT FOUND OR (before.outcome, before.finding) IS DISTINCT FROM (NEW.outcome, NEW.finding) THEN
            RAISE EXCEPTION 'a new verdict needs its event' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN NEW;
    END IF;
    SELECT convert_from(p.content, 'UTF8')::jsonb -> 'detail' INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'virus_check' AND p.subject = 'item/' || NEW.item_id::text;
    IF told IS NULL OR told ->> 'outcome' IS DISTINCT FROM NEW.outcome OR told ->> 'finding' IS DISTINCT FROM NEW.finding
        OR told ->> 'engine' IS DISTINCT FROM NEW.engine OR told ->> 'signatures' IS DISTINCT FROM NEW.signatures
    THEN
        RAISE EXCEPTION 'no event says that this item was screened so' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$
"""


def guard(apps, schema_editor):
    for statement in (
        f"REVOKE UPDATE, DELETE, TRUNCATE ON evidence_screening FROM {settings.DATABASE_APP_ROLE}",
        "CREATE TRIGGER stands BEFORE INSERT ON evidence_screening "
        "FOR EACH ROW EXECUTE FUNCTION evidence_screening_stands()",
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON evidence_screening "
        "FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON evidence_screening "
        "FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()",
        *(f"ALTER TABLE evidence_screening ENABLE ALWAYS TRIGGER {name}"
          for name in ("stands", "refuse_change", "refuse_truncate")),
    ):
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    schema_editor.execute("DROP TRIGGER stands ON evidence_screening; DROP FUNCTION evidence_screening_stands()",
                          params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0015_packages'),
    ]

    operations = [
        migrations.AlterField(
            model_name='step',
            name='name',
            field=models.CharField(choices=[('fixity', 'independent second hash'), ('derive', 'thumbnail and metadata'), ('archive', 'second copy, read back'), ('screen', 'screened for malware')], max_length=10),
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('clean', 'Clean'), ('found', 'Found'), ('too_large', 'Too Large')], max_length=10)),
                ('finding', models.CharField(blank=True, help_text="the scanner's name for what was found", max_length=200)),
                ('engine', models.CharField(max_length=100)),
                ('signatures', models.CharField(blank=True, help_text='number of its database, where it has one', max_length=10)),
                ('at', models.DateTimeField()),
                ('event', models.OneToOneField(help_text='says the same; none where this says again what was said before', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.event')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='screenings', to='evidence.item')),
            ],
            options={
                'indexes': [models.Index(fields=['item', '-id'], name='screening_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['clean', 'found', 'too_large'])), name='screening_outcome_known'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'found'), models.Q(('finding', ''), _negated=True)), models.Q(models.Q(('outcome', 'found'), _negated=True), ('finding', '')), _connector='OR'), name='finding_is_named')],
            },
        ),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.RunPython(guard, unguard),
    ]
