"""Channels and what is seen of them: of an observation nothing but its withdrawal is written later."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WRITTEN_ONCE = ("id", "channel_id", "fact", "text", "spelled", "members", "subject_id", "became_id", "exhibit_id", "at",
                "at_resolution", "at_given", "recorded_by_id", "recorded_at")


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    columns = [", ".join(f"{row}.{column}" for column in WRITTEN_ONCE) for row in ("NEW", "OLD")]
    for statement in (
        f"REVOKE DELETE, TRUNCATE ON casework_channel FROM {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON casework_channelobservation FROM {role}",
        f"GRANT UPDATE (withdrawn_at, withdrawn_by_id, withdrawn_reason) ON casework_channelobservation TO {role}",
        "CREATE TRIGGER written_once BEFORE UPDATE ON casework_channelobservation FOR EACH ROW "
        f"WHEN (({columns[0]}) IS DISTINCT FROM ({columns[1]})) EXECUTE FUNCTION evidence_refuse()",
        "ALTER TABLE casework_channelobservation ENABLE ALWAYS TRIGGER written_once",
        *(f"CREATE TRIGGER refuse_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION evidence_refuse()"
          for table in ("casework_channel", "casework_channelobservation")),
        *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_delete"
          for table in ("casework_channel", "casework_channelobservation")),
    ):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0015_seen_stays'),
        ('evidence', '0016_screening'),
    ]

    operations = [
        migrations.AlterField(
            model_name='account',
            name='platform',
            field=models.CharField(choices=[('x', 'X'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('threads', 'Threads'), ('tiktok', 'TikTok'), ('youtube', 'YouTube'), ('whatsapp', 'WhatsApp'), ('telegram', 'Telegram'), ('signal', 'Signal'), ('mastodon', 'Mastodon'), ('linkedin', 'LinkedIn'), ('reddit', 'Reddit'), ('other', 'Other')], max_length=12),
        ),
        migrations.AlterField(
            model_name='notice',
            name='platform',
            field=models.CharField(choices=[('x', 'X'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('threads', 'Threads'), ('tiktok', 'TikTok'), ('youtube', 'YouTube'), ('whatsapp', 'WhatsApp'), ('telegram', 'Telegram'), ('signal', 'Signal'), ('mastodon', 'Mastodon'), ('linkedin', 'LinkedIn'), ('reddit', 'Reddit'), ('other', 'Other')], max_length=12, verbose_name='Platform'),
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('number', models.PositiveIntegerField(help_text='C-001 within the case')),
                ('platform', models.CharField(choices=[('x', 'X'), ('facebook', 'Facebook'), ('instagram', 'Instagram'), ('threads', 'Threads'), ('tiktok', 'TikTok'), ('youtube', 'YouTube'), ('whatsapp', 'WhatsApp'), ('telegram', 'Telegram'), ('signal', 'Signal'), ('mastodon', 'Mastodon'), ('linkedin', 'LinkedIn'), ('reddit', 'Reddit'), ('other', 'Other')], max_length=12)),
                ('stable_id', models.CharField(blank=True, max_length=120)),
                ('note', models.TextField(blank=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='channels', to='casework.case')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ChannelObservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(null=True)),
                ('at_resolution', models.CharField(blank=True, choices=[('second', 'to the second'), ('minute', 'to the minute'), ('day', 'the day only')], max_length=6)),
                ('at_given', models.CharField(blank=True, max_length=40)),
                ('fact', models.CharField(choices=[('first_seen', 'First seen'), ('created', 'Created'), ('name', 'Name'), ('invite', 'Invite link'), ('members', 'Members counted'), ('admin', 'Admin'), ('deleted', 'Deleted'), ('recreated', 'Re-created as')], max_length=10)),
                ('text', models.CharField(blank=True, help_text='name, link or admin, as it was shown', max_length=500)),
                ('spelled', models.CharField(blank=True, help_text='a link in one spelling', max_length=500)),
                ('members', models.PositiveIntegerField(null=True)),
                ('became', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='came_from', to='casework.channel')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='casework.channel')),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='channel_observations', to='casework.exhibit')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(help_text='the admin, where it is a subject of the case', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='administers', to='casework.subject')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='channel_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='one_channel_per_number'),
        ),
        migrations.AddConstraint(
            model_name='channel',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('stable_id', ''), _negated=True), ('withdrawn_at', None)), fields=('case', 'platform', 'stable_id'), name='one_channel_per_stable_id'),
        ),
        migrations.AddConstraint(
            model_name='channelobservation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='channelobservation_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='channelobservation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at', None), ('at_given', ''), ('at_resolution', '')), models.Q(('at__isnull', False), ('at_resolution__in', ['second', 'minute', 'day']), models.Q(('at_given', ''), _negated=True)), _connector='OR'), name='channelobservation_time_has_a_resolution'),
        ),
        migrations.AddConstraint(
            model_name='channelobservation',
            constraint=models.CheckConstraint(condition=models.Q(('at__isnull', False)), name='observation_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='channelobservation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('became', None), ('fact__in', ['first_seen', 'created', 'deleted']), ('members', None), ('subject', None), ('text', '')), models.Q(('became', None), ('fact__in', ['name', 'invite']), ('members', None), ('subject', None), models.Q(('text', ''), _negated=True)), models.Q(('became', None), ('fact', 'members'), ('members__isnull', False), ('subject', None), ('text', '')), models.Q(('became', None), ('fact', 'admin'), ('members', None), ('subject__isnull', False), ('text', '')), models.Q(('became', None), ('fact', 'admin'), ('members', None), ('subject', None), models.Q(('text', ''), _negated=True)), models.Q(('became__isnull', False), ('fact', 'recreated'), ('members', None), ('subject', None), ('text', ''), models.Q(('became', models.F('channel')), _negated=True)), _connector='OR'), name='observation_says_its_fact_and_no_other'),
        ),
        # Dropping the tables takes their triggers along.
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
