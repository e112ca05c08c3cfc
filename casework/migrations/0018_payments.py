"""Payments: none is ever deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
    CREATE TRIGGER refuse_delete BEFORE DELETE ON casework_payment FOR EACH ROW EXECUTE FUNCTION evidence_refuse();
    ALTER TABLE casework_payment ENABLE ALWAYS TRIGGER refuse_delete;
"""


def guard(apps, schema_editor):
    schema_editor.execute(f"REVOKE DELETE, TRUNCATE ON casework_payment FROM {settings.DATABASE_APP_ROLE}", params=None)
    schema_editor.execute(GUARD, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0017_taskings'),
    ]

    operations = [
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(null=True)),
                ('at_resolution', models.CharField(blank=True, choices=[('second', 'to the second'), ('minute', 'to the minute'), ('day', 'the day only')], max_length=6)),
                ('at_given', models.CharField(blank=True, max_length=40)),
                ('number', models.PositiveIntegerField(help_text='M-001 within the case')),
                ('amount', models.DecimalField(decimal_places=8, max_digits=20)),
                ('currency', models.CharField(choices=[('PKR', 'PKR'), ('INR', 'INR'), ('USD', 'USD'), ('EUR', 'EUR'), ('GBP', 'GBP'), ('AED', 'AED'), ('SAR', 'SAR'), ('QAR', 'QAR'), ('KWD', 'KWD'), ('BHD', 'BHD'), ('OMR', 'OMR'), ('AFN', 'AFN'), ('BDT', 'BDT'), ('LKR', 'LKR'), ('NPR', 'NPR'), ('IRR', 'IRR'), ('TRY', 'TRY'), ('CNY', 'CNY'), ('RUB', 'RUB'), ('MYR', 'MYR'), ('IDR', 'IDR'), ('PHP', 'PHP'), ('JPY', 'JPY'), ('KRW', 'KRW'), ('CAD', 'CAD'), ('AUD', 'AUD'), ('CHF', 'CHF'), ('SGD', 'SGD'), ('ZAR', 'ZAR'), ('NGN', 'NGN'), ('KES', 'KES'), ('USDT', 'USDT'), ('BTC', 'BTC')], max_length=4)),
                ('method', models.CharField(choices=[('easypaisa', 'Easypaisa'), ('jazzcash', 'JazzCash'), ('bank', 'Bank transfer'), ('upi', 'UPI'), ('cash', 'Cash'), ('crypto', 'Cryptocurrency'), ('top_up', 'Mobile top-up'), ('other', 'Another way')], max_length=10)),
                ('shows', models.CharField(choices=[('transfer', 'The screen of a transfer'), ('receipt', 'A receipt'), ('statement', 'What the payee says'), ('promise', 'A promise in a message')], max_length=10)),
                ('payer_text', models.CharField(blank=True, help_text='as shown, where it is no subject of the case', max_length=200)),
                ('payer_tail', models.CharField(blank=True, help_text='the last characters of account or wallet', max_length=4)),
                ('payee_text', models.CharField(blank=True, max_length=200)),
                ('payee_tail', models.CharField(blank=True, max_length=4)),
                ('reference', models.CharField(blank=True, help_text='of the transfer, as shown', max_length=120)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='casework.case')),
                ('exhibits', models.ManyToManyField(related_name='payments', to='casework.exhibit')),
                ('payee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments_taken', to='casework.subject')),
                ('payer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments_made', to='casework.subject')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taskings', models.ManyToManyField(related_name='payments', to='casework.tasking')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='payment_withdrawn_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('at', None), ('at_given', ''), ('at_resolution', '')), models.Q(('at__isnull', False), ('at_resolution__in', ['second', 'minute', 'day']), models.Q(('at_given', ''), _negated=True)), _connector='OR'), name='payment_time_has_a_resolution'), models.UniqueConstraint(fields=('case', 'number'), name='one_payment_per_number'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_is_above_zero'), models.CheckConstraint(condition=models.Q(('currency__in', ['PKR', 'INR', 'USD', 'EUR', 'GBP', 'AED', 'SAR', 'QAR', 'KWD', 'BHD', 'OMR', 'AFN', 'BDT', 'LKR', 'NPR', 'IRR', 'TRY', 'CNY', 'RUB', 'MYR', 'IDR', 'PHP', 'JPY', 'KRW', 'CAD', 'AUD', 'CHF', 'SGD', 'ZAR', 'NGN', 'KES', 'USDT', 'BTC']), ('method__in', ['easypaisa', 'jazzcash', 'bank', 'upi', 'cash', 'crypto', 'top_up', 'other']), ('shows__in', ['transfer', 'receipt', 'statement', 'promise'])), name='payment_words_known'), models.CheckConstraint(condition=models.Q(('payer', None), ('payer_text', ''), _connector='OR'), name='payer_is_a_subject_or_a_text'), models.CheckConstraint(condition=models.Q(('payee', None), ('payee_text', ''), _connector='OR'), name='payee_is_a_subject_or_a_text')],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
