"""The tables of what leaves the house."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reports', name) for name in (
        '0001_initial', '0002_bags', '0003_withheld',)]

    initial = True

    dependencies = [
        ('casework', '0002_rules'),
        ('evidence', '0002_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='casework.case')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('referral', 'Legal referral'), ('briefing', 'Media briefing')], max_length=8)),
                ('language', models.CharField(choices=[('en', 'English'), ('ur', 'اردو')], default='en', max_length=2)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('rendering', 'Being made'), ('sealed', 'Sealed'), ('failed', 'Failed'), ('returned', 'Returned')], default='draft', max_length=10)),
                ('necessity', models.TextField(verbose_name='Necessity and proportionality')),
                ('against', models.TextField(verbose_name='What speaks against it')),
                ('less_intrusive', models.TextField(verbose_name='Less intrusive options considered')),
                ('frozen', models.JSONField()),
                ('digest', models.CharField(help_text='SHA-256 of the canonical frozen data', max_length=64)),
                ('log_size', models.BigIntegerField()),
                ('log_root', models.CharField(max_length=64)),
                ('composed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('composed_at', models.DateTimeField()),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('review_note', models.TextField(blank=True)),
                ('sealed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('step', models.CharField(blank=True, max_length=40)),
                ('problem', models.TextField(blank=True)),
                ('claimed_until', models.DateTimeField(help_text='a worker renders it; after this, another may', null=True)),
                ('item', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossier', to='evidence.item')),
                ('sealed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='one_dossier_per_number'), models.CheckConstraint(condition=models.Q(('reviewer', None), models.Q(('reviewer', models.F('composed_by')), _negated=True), _connector='OR'), name='dossier_reviewed_by_another_person'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sealed'), _negated=True), models.Q(('item__isnull', False), ('reviewer__isnull', False), ('sealed_at__isnull', False)), _connector='OR'), name='sealed_dossier_has_its_bytes'), models.CheckConstraint(condition=models.Q(models.Q(('necessity', ''), _negated=True), models.Q(('against', ''), _negated=True), models.Q(('less_intrusive', ''), _negated=True)), name='dossier_is_weighed')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Bag',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bags', to='reports.dossier')),
                ('state', models.CharField(choices=[('waiting', 'Being packed'), ('made', 'Packed'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField()),
                ('claimed_until', models.DateTimeField(help_text='a worker packs it; after this, another may', null=True)),
                ('problem', models.TextField(blank=True)),
                ('item', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bag', to='evidence.item')),
                ('log_size', models.BigIntegerField(help_text='of the checkpoint that everything is proven against', null=True)),
                ('made_at', models.DateTimeField(null=True)),
                ('withheld', models.JSONField(default=list, help_text='labels of originals that stayed here: malware was found')),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'made'), _negated=True), models.Q(('item__isnull', False), ('log_size__isnull', False), ('made_at__isnull', False)), _connector='OR'), name='made_bag_has_its_bytes'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('problem', ''), _negated=True), _connector='OR'), name='failed_bag_says_why'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('dossier',), name='one_waiting_bag_per_dossier')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='reports.dossier')),
                ('bag', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='reports.bag')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('purpose', models.CharField(max_length=300)),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='download_has_a_purpose')],
                'indexes': [],
            },
        ),
    ]
