"""Confidence beside likelihood, what each exhibit shows and the Admiralty code of it, other explanations as a list.

What was written before keeps its words: the field that was there is a likelihood and stays one, nobody's confidence is
made up, no source counts as judged, and the other explanations are one explanation without a reason. None of it comes
to a second person so: the trigger refuses to let a finding into review, or to be reviewed, before it is complete."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
INSERT INTO casework_alternative (finding_id, position, hypothesis, why) SELECT id, 1, alternatives, '' FROM casework_finding
"""
BACK = """
UPDATE casework_finding f SET alternatives = (
    SELECT string_agg(concat_ws(E'\\n', hypothesis, nullif(why, '')), E'\\n\\n' ORDER BY position)
    FROM casework_alternative a WHERE a.finding_id = f.id)
"""
# Foreign keys are checked at the end of a transaction, and until then the table cannot be altered.
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
COMPLETE = """
CREATE FUNCTION casework_finding_is_complete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.confidence = ''
       OR NOT EXISTS (SELECT FROM casework_citation c WHERE c.finding_id = NEW.id AND c.bearing = 'for')
       OR EXISTS (SELECT FROM casework_citation c WHERE c.finding_id = NEW.id AND '' IN (c.reliability, c.credibility))
       OR NOT EXISTS (SELECT FROM casework_alternative a WHERE a.finding_id = NEW.id)
       OR EXISTS (SELECT FROM casework_alternative a WHERE a.finding_id = NEW.id AND a.why = '') THEN
        RAISE EXCEPTION 'a finding that is not complete comes to nobody for review' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER complete AFTER UPDATE ON casework_finding FOR EACH ROW
    WHEN (NEW.state IN ('in_review', 'reviewed') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION casework_finding_is_complete();
ALTER TABLE casework_finding ENABLE ALWAYS TRIGGER complete
"""
INCOMPLETE = "DROP TRIGGER complete ON casework_finding; DROP FUNCTION casework_finding_is_complete()"


def run(sql):
    return lambda apps, schema_editor: schema_editor.execute(sql, params=None)


def keep(apps, schema_editor):
    for sql in (KEPT, CHECKED):
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0024_stated'),
    ]

    operations = [
        migrations.AddField(
            model_name='citation',
            name='credibility',
            field=models.CharField(blank=True, choices=[('1', '1: confirmed by other sources'), ('2', '2: probably true'), ('3', '3: possibly true'), ('4', '4: doubtful'), ('5', '5: improbable'), ('6', '6: truth cannot be judged')], default='', max_length=1),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='citation',
            name='note',
            field=models.TextField(blank=True, default='', help_text='what it shows'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='citation',
            name='reliability',
            field=models.CharField(blank=True, choices=[('A', 'A: completely reliable'), ('B', 'B: usually reliable'), ('C', 'C: fairly reliable'), ('D', 'D: not usually reliable'), ('E', 'E: unreliable'), ('F', 'F: reliability cannot be judged')], default='', max_length=1),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(('bearing__in', ['for', 'against']), ('credibility__in', ['', '1', '2', '3', '4', '5', '6']), ('reliability__in', ['', 'A', 'B', 'C', 'D', 'E', 'F'])), name='citation_words_known'),
        ),
        migrations.AddField(
            model_name='finding',
            name='confidence',
            field=models.CharField(blank=True, choices=[('low', 'low'), ('moderate', 'moderate'), ('high', 'high')], default='', help_text='empty where it was written before this was asked', max_length=8, verbose_name='Confidence'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='finding',
            name='kind',
            field=models.CharField(choices=[('coordination', 'Coordination'), ('inauthenticity', 'Inauthenticity'), ('payment', 'Payment'), ('direction', 'Direction'), ('harm', 'Harm')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__in', ['', 'low', 'moderate', 'high']), ('kind__in', ['coordination', 'inauthenticity', 'payment', 'direction', 'harm']), ('likelihood__in', ['almost_no_chance', 'very_unlikely', 'unlikely', 'even', 'likely', 'very_likely', 'almost_certain'])), name='finding_words_known'),
        ),
        migrations.CreateModel(
            name='Alternative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(help_text='from 1, in the order in which they were written')),
                ('hypothesis', models.TextField()),
                ('why', models.TextField(blank=True, help_text='why it is less likely; empty where it was written before this was asked')),
                ('finding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='others', to='casework.finding')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('finding', 'position'), name='one_alternative_per_position'), models.CheckConstraint(condition=models.Q(('hypothesis', ''), _negated=True), name='alternative_says_what')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='finding',
            name='finding_says_what_speaks_against_it',
        ),
        # Empty where the way back adds the column again.
        migrations.AlterField(
            model_name='finding',
            name='alternatives',
            field=models.TextField(blank=True, verbose_name='Other explanations considered'),
        ),
        migrations.RunPython(keep, run(BACK)),
        migrations.RemoveField(
            model_name='finding',
            name='alternatives',
        ),
        # Until the column is gone its name is taken.
        migrations.AlterField(
            model_name='alternative',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alternatives', to='casework.finding'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('against', ''), _negated=True), name='finding_says_what_speaks_against_it'),
        ),
        migrations.RunPython(run(COMPLETE), run(INCOMPLETE)),
    ]
