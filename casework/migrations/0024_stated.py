"""What is said of subjects, as rows with author and time: personas, places, notes, links, and tags of a closed table. What
spoke for one was a text of its own: it becomes the first note, by whoever the custody log says wrote it."""

import json

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What a statement, a note or a link cites is as it was, too.
CITED = tuple(f"casework_{name}_exhibits" for name in ("personastatement", "locationassessment", "subjectnote",
                                                       "accountlink"))
STATED = ("casework_personastatement", "casework_locationassessment", *CITED)
WITHDRAWAL = "withdrawn_at, withdrawn_by_id, withdrawn_reason"
WITHDRAWN = {
    "casework_subjectnote": ("id", "subject_id", "bearing", "text", "recorded_by_id", "recorded_at"),
    "casework_accountlink": ("id", "case_id", "subject_id", "other_id", "kind", "likelihood", "basis",
                             "recorded_by_id", "recorded_at"),
}


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    statements = ["ALTER TABLE casework_subject ADD CONSTRAINT subject_of_its_case UNIQUE (id, case_id)"]
    for end in ("subject", "other"):
        statements.append(f"ALTER TABLE casework_accountlink ADD CONSTRAINT link_{end}_of_its_case "
                          f"FOREIGN KEY ({end}_id, case_id) REFERENCES casework_subject (id, case_id) "
                          "DEFERRABLE INITIALLY DEFERRED")
    for table, columns in WITHDRAWN.items():
        new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
        statements += [
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}",
            f"GRANT UPDATE ({WITHDRAWAL}) ON {table} TO {role}",
            f"CREATE TRIGGER written_once BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (({new}) IS DISTINCT FROM ({old})) EXECUTE FUNCTION evidence_refuse()",
            f"CREATE TRIGGER refuse_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER written_once",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_delete"]
    for table in STATED:
        statements += [
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}",
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change"]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    """What stands on a table that stays; the rest goes with its tables."""
    for end in ("subject", "other"):
        schema_editor.execute(f"ALTER TABLE casework_accountlink DROP CONSTRAINT link_{end}_of_its_case")
    schema_editor.execute("ALTER TABLE casework_subject DROP CONSTRAINT subject_of_its_case")


def carry(apps, schema_editor):
    """Each text becomes a note; where the log says no more who wrote it, whoever named the account stands for it."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT named.id, exculpatory, named_by_id, named_at, named.number, ref "
                       "FROM casework_subject named JOIN casework_case held ON held.id = case_id "
                       "WHERE exculpatory <> '' ORDER BY named.id")
        for pk, text, named_by, named_at, number, ref in cursor.fetchall():
            by, at = _written(cursor, f"subject/{ref}/S-{number:03d}") or (named_by, named_at)
            cursor.execute("INSERT INTO casework_subjectnote (subject_id, bearing, text, recorded_by_id, recorded_at, "
                           "withdrawn_reason) VALUES (%s, 'for', %s, %s, %s, '')", [pk, text, by, at])


def _written(cursor, subject):
    """Who wrote the text last, and when."""
    cursor.execute("SELECT content, at FROM evidence_payload WHERE subject = %s ORDER BY at DESC", [subject])
    for content, at in cursor.fetchall():
        try:
            event = json.loads(bytes(content))
            noted, who = event["detail"]["act"] == "exculpatory_noted", event["agent"].get("id", "")
        except (ValueError, LookupError, TypeError, AttributeError):
            continue  # What is no event of the format, `verify` names.
        if noted:
            cursor.execute("SELECT id FROM casework_user WHERE 'user/' || id = %s", [who])
            found = cursor.fetchone()
            return (found[0], at) if found else None
    return None


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0023_observed'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('same_operator', 'Same operator suspected'), ('renamed_from', 'Renamed from'), ('contact', 'Shares contact details with'), ('administers', 'Administers')], max_length=13)),
                ('likelihood', models.CharField(choices=[('almost_no_chance', 'almost no chance (1–5 %)'), ('very_unlikely', 'very unlikely (5–20 %)'), ('unlikely', 'unlikely (20–45 %)'), ('even', 'roughly even chance (45–55 %)'), ('likely', 'likely (55–80 %)'), ('very_likely', 'very likely (80–95 %)'), ('almost_certain', 'almost certain (95–99 %)')], max_length=20)),
                ('basis', models.TextField()),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LocationAssessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.TextField(blank=True, help_text='what shows it')),
                ('stated_at', models.DateTimeField()),
                ('place', models.CharField(blank=True, max_length=200)),
                ('likelihood', models.CharField(blank=True, choices=[('almost_no_chance', 'almost no chance (1–5 %)'), ('very_unlikely', 'very unlikely (5–20 %)'), ('unlikely', 'unlikely (20–45 %)'), ('even', 'roughly even chance (45–55 %)'), ('likely', 'likely (55–80 %)'), ('very_likely', 'very likely (80–95 %)'), ('almost_certain', 'almost certain (95–99 %)')], max_length=20)),
            ],
            options={
                'ordering': ['-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonaStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('basis', models.TextField(blank=True, help_text='what shows it')),
                ('stated_at', models.DateTimeField()),
                ('persona', models.CharField(choices=[('none', 'None stated'), ('woman', 'Poses as a woman'), ('news', 'Poses as a news organisation'), ('place', 'Poses as a place'), ('official', 'Poses as an official'), ('other', 'Another persona')], max_length=10)),
            ],
            options={
                'ordering': ['-pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SubjectNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('bearing', models.CharField(choices=[('for', 'In its favour'), ('against', 'Against it')], max_length=7)),
                ('text', models.TextField()),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='subject',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, help_text='of casework.accounts.tags', size=None),
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.CheckConstraint(condition=models.Q(('tags__contained_by', ['together', 'same_text', 'reposts', 'round_the_clock', 'bursts', 'hashtag_flood', 'reply_flood', 'new', 'woken', 'renamed', 'others_picture', 'deletes', 'follows_in_bulk'])), name='subject_tags_known'),
        ),
        migrations.AddField(
            model_name='accountlink',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_links', to='casework.case'),
        ),
        migrations.AddField(
            model_name='accountlink',
            name='exhibits',
            field=models.ManyToManyField(related_name='+', to='casework.exhibit'),
        ),
        migrations.AddField(
            model_name='accountlink',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_back', to='casework.subject'),
        ),
        migrations.AddField(
            model_name='accountlink',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='accountlink',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='casework.subject'),
        ),
        migrations.AddField(
            model_name='accountlink',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='locationassessment',
            name='exhibits',
            field=models.ManyToManyField(related_name='+', to='casework.exhibit'),
        ),
        migrations.AddField(
            model_name='locationassessment',
            name='stated_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='locationassessment',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='locations', to='casework.subject'),
        ),
        migrations.AddField(
            model_name='personastatement',
            name='exhibits',
            field=models.ManyToManyField(related_name='+', to='casework.exhibit'),
        ),
        migrations.AddField(
            model_name='personastatement',
            name='stated_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='personastatement',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='personas', to='casework.subject'),
        ),
        migrations.AddField(
            model_name='subjectnote',
            name='exhibits',
            field=models.ManyToManyField(related_name='+', to='casework.exhibit'),
        ),
        migrations.AddField(
            model_name='subjectnote',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='subjectnote',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='casework.subject'),
        ),
        migrations.AddField(
            model_name='subjectnote',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='accountlink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='accountlink_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='accountlink',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('subject', 'other', 'kind'), name='one_link_of_each_kind'),
        ),
        migrations.AddConstraint(
            model_name='accountlink',
            constraint=models.CheckConstraint(condition=models.Q(('subject', models.F('other')), _negated=True), name='link_is_between_two'),
        ),
        migrations.AddConstraint(
            model_name='accountlink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('basis', ''), _negated=True), ('kind__in', ['same_operator', 'renamed_from', 'contact', 'administers']), ('likelihood__in', ['almost_no_chance', 'very_unlikely', 'unlikely', 'even', 'likely', 'very_likely', 'almost_certain'])), name='link_says_why'),
        ),
        migrations.AddConstraint(
            model_name='locationassessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('basis', ''), _negated=True), models.Q(models.Q(('likelihood', ''), ('place', '')), models.Q(models.Q(('place', ''), _negated=True), ('likelihood__in', ['almost_no_chance', 'very_unlikely', 'unlikely', 'even', 'likely', 'very_likely', 'almost_certain'])), _connector='OR')), name='location_has_a_likelihood_and_a_basis'),
        ),
        migrations.AddConstraint(
            model_name='personastatement',
            constraint=models.CheckConstraint(condition=models.Q(('persona', 'none'), models.Q(('persona__in', ['woman', 'news', 'place', 'official', 'other']), models.Q(('basis', ''), _negated=True)), _connector='OR'), name='persona_says_what_shows_it'),
        ),
        migrations.AddConstraint(
            model_name='subjectnote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='subjectnote_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='subjectnote',
            constraint=models.CheckConstraint(condition=models.Q(('bearing__in', ['for', 'against']), models.Q(('text', ''), _negated=True)), name='note_says_which_way_it_bears'),
        ),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(carry, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='subject',
            name='exculpatory',
        ),
    ]
