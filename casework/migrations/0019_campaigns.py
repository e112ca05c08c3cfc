"""Campaigns, causes and listings: of a listing, a mark and a push nothing but the withdrawal is written later."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WITHDRAWAL = "withdrawn_at, withdrawn_by_id, withdrawn_reason"
WRITTEN_ONCE = {
    "casework_listing": ("id", "authority", "list_name", "organisation", "reference", "listed_on", "source_url",
                         "read_on", "recorded_by_id", "recorded_at"),
    "casework_mark": ("id", "campaign_id", "kind", "text", "exhibit_id", "at", "at_resolution", "at_given",
                      "recorded_by_id", "recorded_at"),
    "casework_push": ("id", "campaign_id", "cause_id", "basis", "recorded_by_id", "recorded_at"),
}
KEPT = ("casework_campaign", "casework_cause", *WRITTEN_ONCE)


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    statements = []
    for table in KEPT:
        statements += [
            f"REVOKE DELETE, TRUNCATE ON {table} FROM {role}",
            f"CREATE TRIGGER refuse_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_delete"]
    for table, columns in WRITTEN_ONCE.items():
        new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
        statements += [
            f"REVOKE UPDATE ON {table} FROM {role}",
            f"GRANT UPDATE ({WITHDRAWAL}) ON {table} TO {role}",
            f"CREATE TRIGGER written_once BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (({new}) IS DISTINCT FROM ({old})) EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER written_once"]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0018_payments'),
        ('evidence', '0016_screening'),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('number', models.PositiveIntegerField(help_text='G-001 within the case')),
                ('title', models.CharField(max_length=200)),
                ('objective', models.TextField(help_text='what it was to make people see or believe, as taskings show it')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), default=list, size=None)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='casework.case')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taskings', models.ManyToManyField(related_name='campaigns', to='casework.tasking')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('authority', models.CharField(help_text='who lists it', max_length=200)),
                ('list_name', models.CharField(help_text='the list or law', max_length=200)),
                ('organisation', models.CharField(help_text='as the list spells it', max_length=300)),
                ('reference', models.CharField(help_text='number of the entry or the order', max_length=120)),
                ('listed_on', models.DateField()),
                ('source_url', models.URLField(max_length=500)),
                ('read_on', models.DateField(help_text='when somebody last read it there')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['authority', 'list_name', 'organisation', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('number', models.PositiveIntegerField(help_text='U-001 within the case')),
                ('title', models.CharField(max_length=200)),
                ('description', models.TextField(blank=True)),
                ('listing_basis', models.TextField(blank=True, help_text='why this listing applies to the cause')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='causes', to='casework.case')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='causes', to='casework.listing')),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(null=True)),
                ('at_resolution', models.CharField(blank=True, choices=[('second', 'to the second'), ('minute', 'to the minute'), ('day', 'the day only')], max_length=6)),
                ('at_given', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('hashtag', 'Hashtag'), ('slogan', 'Slogan')], max_length=7)),
                ('text', models.CharField(max_length=500)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='casework.campaign')),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaign_marks', to='casework.exhibit')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('basis', models.TextField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pushes', to='casework.campaign')),
                ('cause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pushes', to='casework.cause')),
                ('exhibits', models.ManyToManyField(related_name='+', to='casework.exhibit')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='campaign_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='one_campaign_per_number'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('objective', ''), _negated=True)), name='campaign_has_title_and_objective'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='listing_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('authority', 'list_name', 'reference', 'organisation'), name='one_listing_of_each'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source_url', ''), _negated=True), models.Q(('reference', ''), _negated=True), models.Q(('authority', ''), _negated=True), models.Q(('list_name', ''), _negated=True), models.Q(('organisation', ''), _negated=True)), name='listing_is_sourced'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='cause_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='one_cause_per_number'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('listing', None), ('listing_basis', '')), models.Q(('listing__isnull', False), models.Q(('listing_basis', ''), _negated=True)), _connector='OR'), name='cause_says_why_a_listing_applies'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='mark_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at', None), ('at_given', ''), ('at_resolution', '')), models.Q(('at__isnull', False), ('at_resolution__in', ['second', 'minute', 'day']), models.Q(('at_given', ''), _negated=True)), _connector='OR'), name='mark_time_has_a_resolution'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('at__isnull', False), models.Q(('text', ''), _negated=True)), name='mark_has_a_text_and_a_time'),
        ),
        migrations.AddConstraint(
            model_name='push',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='push_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='push',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('campaign', 'cause'), name='one_push_of_each_cause'),
        ),
        migrations.AddConstraint(
            model_name='push',
            constraint=models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='push_says_why'),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
