"""What is known of platforms, as rows that are written once; and which of them a notice relied on."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from evidence import guards


def guard(apps, schema_editor):
    for table in ("casework_policy", "casework_route"):
        guards.apply(schema_editor, [*guards.insert_only(table), *guards.no_truncate(table)])


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0004_merged'),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('edition', models.PositiveIntegerField(help_text='1 for the first wording under this key')),
                ('platforms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('x', 'X'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('threads', 'Threads'), ('tiktok', 'TikTok'), ('youtube', 'YouTube'), ('whatsapp', 'WhatsApp'), ('telegram', 'Telegram'), ('signal', 'Signal'), ('mastodon', 'Mastodon'), ('linkedin', 'LinkedIn'), ('reddit', 'Reddit'), ('other', 'Other')], max_length=12), size=None)),
                ('name', models.CharField(max_length=200)),
                ('address', models.CharField(blank=True, max_length=500)),
                ('note', models.TextField(blank=True)),
                ('sources', models.JSONField(default=list)),
                ('in_use', models.BooleanField(default=True)),
                ('reason', models.TextField(blank=True, help_text='why this wording took the place of the one before')),
                ('issue', models.PositiveIntegerField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('wording', models.TextField(blank=True, help_text="the platform's own words")),
                ('fits', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('coordination', 'Coordination'), ('inauthenticity', 'Inauthenticity'), ('impersonation', 'Impersonation'), ('payment', 'Payment'), ('direction', 'Direction'), ('harm', 'Harm')], max_length=14), default=list, size=None)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['key', '-edition'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='notice',
            name='policy_row',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='casework.policy'),
        ),
        migrations.CreateModel(
            name='Route',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('edition', models.PositiveIntegerField(help_text='1 for the first wording under this key')),
                ('platforms', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('x', 'X'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('threads', 'Threads'), ('tiktok', 'TikTok'), ('youtube', 'YouTube'), ('whatsapp', 'WhatsApp'), ('telegram', 'Telegram'), ('signal', 'Signal'), ('mastodon', 'Mastodon'), ('linkedin', 'LinkedIn'), ('reddit', 'Reddit'), ('other', 'Other')], max_length=12), size=None)),
                ('name', models.CharField(max_length=200)),
                ('address', models.CharField(blank=True, max_length=500)),
                ('note', models.TextField(blank=True)),
                ('sources', models.JSONField(default=list)),
                ('in_use', models.BooleanField(default=True)),
                ('reason', models.TextField(blank=True, help_text='why this wording took the place of the one before')),
                ('issue', models.PositiveIntegerField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('form', 'Web form'), ('mail', 'Mail'), ('portal', 'Portal for law enforcement'), ('partner', 'API for partners')], max_length=7)),
                ('wants', models.JSONField(default=list, help_text='fields of the form: [{name, most (characters), required}]')),
                ('most_urls', models.PositiveIntegerField(help_text='addresses that one notice may name', null=True)),
                ('used_by', models.TextField(blank=True, help_text='who may use it')),
                ('not_where', models.TextField(blank=True, help_text='where, or for whom, it may not be used')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), default=list, size=None)),
                ('answer_unit', models.CharField(blank=True, choices=[('days', 'days'), ('working_days', 'working days'), ('none', 'It states no time')], max_length=12)),
                ('answer_within', models.PositiveIntegerField(null=True)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['key', '-edition'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(fields=('key', 'edition'), name='policy_one_row_per_edition'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('edition__gte', 1), ('platforms__len__gte', 1), models.Q(('name', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='policy_is_something'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issue__isnull', False), ('recorded_by', None)), models.Q(('issue', None), ('recorded_by__isnull', False)), _connector='OR'), name='policy_by_a_person_or_an_issue'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('edition', 1), ('recorded_by', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='policy_changed_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='route',
            constraint=models.UniqueConstraint(fields=('key', 'edition'), name='route_one_row_per_edition'),
        ),
        migrations.AddConstraint(
            model_name='route',
            constraint=models.CheckConstraint(condition=models.Q(('edition__gte', 1), ('platforms__len__gte', 1), models.Q(('name', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='route_is_something'),
        ),
        migrations.AddConstraint(
            model_name='route',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issue__isnull', False), ('recorded_by', None)), models.Q(('issue', None), ('recorded_by__isnull', False)), _connector='OR'), name='route_by_a_person_or_an_issue'),
        ),
        migrations.AddConstraint(
            model_name='route',
            constraint=models.CheckConstraint(condition=models.Q(('edition', 1), ('recorded_by', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='route_changed_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='route',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['form', 'mail', 'portal', 'partner'])), name='route_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='route',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer_unit__in', ['days', 'working_days']), ('answer_within__gte', 1), ('answer_within__isnull', False)), models.Q(('answer_unit__in', ['', 'none']), ('answer_within', None)), _connector='OR'), name='route_answer_has_its_unit'),
        ),
        # There is no way back: without these the database would take another wording in the place of one.
        migrations.RunPython(guard),
    ]
