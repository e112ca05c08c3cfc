"""What accounts show, and what platforms say of them: of an observation nothing is written later but the account that it
is of, of a claim nothing but that and its withdrawal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


OBSERVED = ("id", "exhibit_id", "handle", "display_name", "biography", "place", "picture_id", "followers", "following",
            "posts", "status", "created", "observed_at", "observed_resolution", "observed_given", "recorded_by_id")
CLAIMED = ("id", "exhibit_id", "kind", "text", "at", "at_resolution", "at_given", "recorded_by_id", "recorded_at")
TABLES = {"casework_observation": (OBSERVED, "account_id"),
          "casework_platformclaim": (CLAIMED, "account_id, withdrawn_at, withdrawn_by_id, withdrawn_reason")}


def guard(apps, schema_editor):
    role = settings.DATABASE_APP_ROLE
    statements = []
    for table, (columns, later) in TABLES.items():
        new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
        statements += [
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}",
            f"GRANT UPDATE ({later}) ON {table} TO {role}",
            f"CREATE TRIGGER written_once BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (({new}) IS DISTINCT FROM ({old})) EXECUTE FUNCTION evidence_refuse()",
            f"CREATE TRIGGER refuse_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION evidence_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER written_once",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_delete"]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    for statement in (
        "DROP TRIGGER written_once ON casework_observation", "DROP TRIGGER refuse_delete ON casework_observation",
        f"GRANT UPDATE, DELETE ON casework_observation TO {settings.DATABASE_APP_ROLE}",
    ):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0022_worklist'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlatformClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(null=True)),
                ('at_resolution', models.CharField(blank=True, choices=[('second', 'to the second'), ('minute', 'to the minute'), ('day', 'the day only')], max_length=6)),
                ('at_given', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('country', 'Country or region'), ('verified', 'Verified mark'), ('official', 'Mark of an authority or a state medium'), ('automated', 'Automated account'), ('renamings', 'How often it was renamed'), ('other', 'Another label')], max_length=10)),
                ('text', models.CharField(help_text='as the platform words it', max_length=300)),
            ],
            options={
                'ordering': ['at', 'pk'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='observation',
            name='biography',
            field=models.TextField(blank=True, help_text='what it says of itself'),
        ),
        migrations.AddField(
            model_name='observation',
            name='created',
            field=models.CharField(blank=True, help_text='as shown: 2021, 2021-03 or 2021-03-14', max_length=10),
        ),
        migrations.AddField(
            model_name='observation',
            name='followers',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='observation',
            name='following',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='observation',
            name='observed_given',
            field=models.CharField(blank=True, help_text='as it was typed; empty: when the exhibit was captured', max_length=40),
        ),
        migrations.AddField(
            model_name='observation',
            name='observed_resolution',
            field=models.CharField(choices=[('second', 'to the second'), ('minute', 'to the minute'), ('day', 'the day only')], default='second', max_length=6),
        ),
        migrations.AddField(
            model_name='observation',
            name='picture',
            field=models.ForeignKey(help_text='the exhibit that is its picture, where there is one', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='casework.exhibit'),
        ),
        migrations.AddField(
            model_name='observation',
            name='place',
            field=models.CharField(blank=True, help_text='the place that it claims', max_length=200),
        ),
        migrations.AddField(
            model_name='observation',
            name='posts',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='observation',
            name='status',
            field=models.CharField(choices=[('active', 'Shown as active'), ('renamed', 'Shown under another handle'), ('suspended', 'Shown as suspended by the platform'), ('deleted', 'Shown as deleted'), ('missing', 'Nothing found at its address'), ('unknown', 'Not shown')], default='unknown', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('observed_resolution__in', ['second', 'minute', 'day']), ('status__in', ['active', 'renamed', 'suspended', 'deleted', 'missing', 'unknown'])), name='observation_words_known'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('followers', None), ('followers__lte', 100000000000), _connector='OR'), models.Q(('following', None), ('following__lte', 100000000000), _connector='OR'), models.Q(('posts', None), ('posts__lte', 100000000000), _connector='OR')), name='observation_counts_can_be'),
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('created', ''), ('created__regex', '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$'), _connector='OR'), name='observation_created_is_a_day_or_less'),
        ),
        migrations.AddField(
            model_name='platformclaim',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='casework.account'),
        ),
        migrations.AddField(
            model_name='platformclaim',
            name='exhibit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='platform_claims', to='casework.exhibit'),
        ),
        migrations.AddField(
            model_name='platformclaim',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='platformclaim',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='platformclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='platformclaim_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='platformclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at', None), ('at_given', ''), ('at_resolution', '')), models.Q(('at__isnull', False), ('at_resolution__in', ['second', 'minute', 'day']), models.Q(('at_given', ''), _negated=True)), _connector='OR'), name='platformclaim_time_has_a_resolution'),
        ),
        migrations.AddConstraint(
            model_name='platformclaim',
            constraint=models.CheckConstraint(condition=models.Q(('at__isnull', False), models.Q(('text', ''), _negated=True)), name='platform_claim_has_a_text_and_a_time'),
        ),
        migrations.AddConstraint(
            model_name='platformclaim',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['country', 'verified', 'official', 'automated', 'renamings', 'other'])), name='platform_claim_kind_known'),
        ),
        migrations.RunPython(guard, unguard),
    ]
