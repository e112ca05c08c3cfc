"""Taskings: none is ever deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
    CREATE TRIGGER refuse_delete BEFORE DELETE ON casework_tasking FOR EACH ROW EXECUTE FUNCTION evidence_refuse();
    ALTER TABLE casework_tasking ENABLE ALWAYS TRIGGER refuse_delete;
"""


def guard(apps, schema_editor):
    schema_editor.execute(f"REVOKE DELETE, TRUNCATE ON casework_tasking FROM {settings.DATABASE_APP_ROLE}", params=None)
    schema_editor.execute(GUARD, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0016_channels'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tasking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(null=True)),
                ('at_resolution', models.CharField(blank=True, choices=[('second', 'to the second'), ('minute', 'to the minute'), ('day', 'the day only')], max_length=6)),
                ('at_given', models.CharField(blank=True, max_length=40)),
                ('number', models.PositiveIntegerField(help_text='K-001 within the case')),
                ('message', models.TextField(help_text='as the exhibit shows it')),
                ('post_text', models.TextField(blank=True, help_text='what is to be posted, where that is not the message itself')),
                ('window_from', models.DateTimeField(null=True)),
                ('window_until', models.DateTimeField(null=True)),
                ('pay_amount', models.DecimalField(decimal_places=8, max_digits=20, null=True)),
                ('pay_currency', models.CharField(blank=True, choices=[('PKR', 'PKR'), ('INR', 'INR'), ('USD', 'USD'), ('EUR', 'EUR'), ('GBP', 'GBP'), ('AED', 'AED'), ('SAR', 'SAR'), ('QAR', 'QAR'), ('KWD', 'KWD'), ('BHD', 'BHD'), ('OMR', 'OMR'), ('AFN', 'AFN'), ('BDT', 'BDT'), ('LKR', 'LKR'), ('NPR', 'NPR'), ('IRR', 'IRR'), ('TRY', 'TRY'), ('CNY', 'CNY'), ('RUB', 'RUB'), ('MYR', 'MYR'), ('IDR', 'IDR'), ('PHP', 'PHP'), ('JPY', 'JPY'), ('KRW', 'KRW'), ('CAD', 'CAD'), ('AUD', 'AUD'), ('CHF', 'CHF'), ('SGD', 'SGD'), ('ZAR', 'ZAR'), ('NGN', 'NGN'), ('KES', 'KES'), ('USDT', 'USDT'), ('BTC', 'BTC')], max_length=4)),
                ('pay_per', models.CharField(blank=True, choices=[('post', 'for each post'), ('day', 'for each day'), ('other', 'for something else')], max_length=5)),
                ('pay_per_text', models.CharField(blank=True, max_length=200)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taskings', to='casework.case')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taskings', to='casework.channel')),
                ('exhibits', models.ManyToManyField(related_name='taskings', to='casework.exhibit')),
                ('handed_out_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handed_out', to='casework.subject')),
                ('attached', models.ManyToManyField(help_text='media to post', related_name='+', to='casework.exhibit')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='tasking_withdrawn_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('at', None), ('at_given', ''), ('at_resolution', '')), models.Q(('at__isnull', False), ('at_resolution__in', ['second', 'minute', 'day']), models.Q(('at_given', ''), _negated=True)), _connector='OR'), name='tasking_time_has_a_resolution'), models.UniqueConstraint(fields=('case', 'number'), name='one_tasking_per_number'), models.CheckConstraint(condition=models.Q(('message', ''), _negated=True), name='tasking_has_its_message'), models.CheckConstraint(condition=models.Q(('window_from', None), ('window_until', None), ('window_from__lte', models.F('window_until')), _connector='OR'), name='tasking_window_opens_before_it_closes'), models.CheckConstraint(condition=models.Q(models.Q(('pay_amount', None), ('pay_currency', ''), ('pay_per', ''), ('pay_per_text', '')), models.Q(('pay_amount__gt', 0), ('pay_per__in', ['post', 'day']), ('pay_per_text', ''), models.Q(('pay_currency', ''), _negated=True)), models.Q(('pay_amount__gt', 0), ('pay_per', 'other'), models.Q(('pay_currency', ''), _negated=True), models.Q(('pay_per_text', ''), _negated=True)), _connector='OR'), name='pay_says_what_for')],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
