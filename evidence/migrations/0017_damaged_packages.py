"""Packages in which only some files are damaged: the others are taken out, and what was found stays as for any other."""

from django.db import migrations, models

STANDS = """
CREATE OR REPLACE FUNCTION evidence_origin_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
    taken record;
BEGIN
    SELECT convert_from(p.content, 'UTF8')::jsonb -> 'detail' INTO told FROM evidence_payload p
        WHERE p.event_id = NEW.event_id AND p.kind = 'accession' AND p.subject = 'item/' || NEW.item_id::text;
    SELECT f.path, f.sha256, f.fits, k.item_id, k.state INTO taken FROM evidence_packagefile f
        JOIN evidence_package k ON k.id = f.package_id WHERE f.id = NEW.file_id;
    IF told IS NULL OR told #>> '{package,path}' IS DISTINCT FROM taken.path
        OR told #>> '{package,item}' IS DISTINCT FROM taken.item_id::text
        OR told ->> 'sha256' IS DISTINCT FROM taken.sha256
    THEN
        RAISE EXCEPTION 'no accession says that this item came from there' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT taken.fits OR taken.state NOT IN (%s) THEN
        RAISE EXCEPTION 'what does not fit is not taken out' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER keep_what_was_found ON evidence_package;
CREATE TRIGGER keep_what_was_found BEFORE UPDATE ON evidence_package FOR EACH ROW
    WHEN (OLD.state IN (%s)) EXECUTE FUNCTION evidence_refuse();
ALTER TABLE evidence_package ENABLE ALWAYS TRIGGER keep_what_was_found
"""


def _guarded(taken_out: str, kept: str) -> str:
    return STANDS % (taken_out, kept)


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0016_screening'),
    ]

    operations = [
        migrations.AlterField(
            model_name='package',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('valid', 'Valid'), ('damaged', 'Damaged'), ('invalid', 'Invalid'), ('failed', 'Failed')], default='waiting', max_length=8),
        ),
        migrations.RemoveConstraint(model_name='package', name='package_state_known'),
        migrations.RemoveConstraint(model_name='package', name='invalid_package_names_its_problems'),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'valid', 'damaged', 'invalid', 'failed'])), name='package_state_known'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['damaged', 'invalid']), _negated=True), ('problem_count__gt', 0), _connector='OR'), name='invalid_package_names_its_problems'),
        ),
        migrations.RunSQL(_guarded("'valid', 'damaged'", "'valid', 'damaged', 'invalid'"),
                          _guarded("'valid'", "'valid', 'invalid'")),
    ]
