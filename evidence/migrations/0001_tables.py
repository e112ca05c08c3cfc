"""The tables of the vault."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('evidence', name) for name in (
        '0001_initial', '0002_guards', '0003_record', '0004_erasure', '0005_outside', '0007_batches', '0008_archive',
        '0009_fixity', '0010_disposal', '0011_rewinds', '0012_backup', '0013_parts', '0014_steps_stay',
        '0015_packages', '0016_screening', '0017_damaged_packages', '0018_findings', '0019_words',)]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='LockTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('storage', models.CharField(max_length=300)),
                ('mode', models.CharField(help_text='ARCHIVE_LOCK; auto where it is not set', max_length=10)),
                ('result', models.CharField(choices=[('enforced', 'Enforced'), ('bypassable', 'Bypassable'), ('not_enforced', 'Not Enforced'), ('no_lock', 'No Lock'), ('unreachable', 'Unreachable')], max_length=12)),
                ('detail', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['-at'], name='lock_test_by_time')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('place', models.CharField(help_text='its folder, as whoever made it called it', max_length=500)),
                ('taken_at', models.DateTimeField(help_text='the moment that it shows')),
                ('log_size', models.BigIntegerField()),
                ('root', models.BinaryField(max_length=32)),
                ('manifest_sha256', models.CharField(max_length=64)),
                ('blobs', models.BigIntegerField()),
                ('bytes', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['-taken_at'], name='backup_by_time')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('commitment', models.BinaryField(max_length=32)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Tile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField()),
                ('number', models.BigIntegerField()),
                ('hashes', models.BinaryField(max_length=8192)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('level', 'number'), name='one_tile_per_place')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField(max_length=32)),
                ('note', models.TextField()),
                ('signed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Party',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('authority', 'Authority'), ('witness', 'Witness'), ('mail', 'Mail')], max_length=10)),
                ('name', models.CharField(help_text="host of an authority, name of a witness's key, mail address", max_length=255)),
                ('failures', models.PositiveIntegerField(default=0, help_text='in a row')),
                ('failing_since', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, choices=[('unreachable', 'no answer, or not in time'), ('status', 'an HTTP status that says no'), ('too_large', 'an answer larger than any good one'), ('refused', 'an answer that does not verify'), ('unknown_log', 'the witness does not know this log'), ('untrusted_key', "the witness does not know this log's key"), ('fork', 'ALARM: the witness holds another history of this log'), ('behind', 'ALARM: the witness knows less than it cosigned'), ('ahead', 'ALARM: the witness knows more than this log has')], max_length=20)),
                ('detail', models.CharField(blank=True, max_length=500)),
                ('size', models.BigIntegerField(help_text='of the checkpoint that the last try was about', null=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(help_text='not asked again before', null=True)),
                ('place', models.CharField(blank=True, help_text='which database spoke, for mail', max_length=100)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'name'), name='one_party_per_name'), models.CheckConstraint(condition=models.Q(models.Q(('failing_since', None), ('failures', 0), ('problem', '')), models.Q(('failing_since__isnull', False), ('failures__gt', 0), models.Q(('problem', ''), _negated=True)), _connector='OR'), name='party_fails_since')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('witness', 'Witness'), ('authority', 'Authority'), ('mail', 'Mail'), ('person', 'Person')], max_length=10)),
                ('who', models.CharField(help_text='witness, host, mail address, or user/number', max_length=255)),
                ('what', models.CharField(choices=[('cosignature', 'Cosignature'), ('timestamp', 'Timestamp'), ('checkpoint', 'Checkpoint'), ('receipt', 'Receipt')], max_length=12)),
                ('size', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['-size'], name='holding_by_size'), models.Index(fields=['kind', 'who', '-size'], name='holding_by_who')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'who', 'what', 'size'), name='one_holding_of_each')],
            },
        ),
        migrations.CreateModel(
            name='Rewind',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('noticed_at', models.DateTimeField()),
                ('how', models.CharField(choices=[('restore', 'Restore'), ('signer', 'Signer')], max_length=10)),
                ('size', models.BigIntegerField()),
                ('root', models.BinaryField(max_length=32)),
                ('last_at', models.DateTimeField(help_text='when the last entry that the log holds was recorded', null=True)),
                ('head_size', models.BigIntegerField()),
                ('head_root', models.BinaryField(max_length=32, null=True)),
                ('head_note', models.TextField(blank=True, help_text='the checkpoint, word for word, where there is one')),
                ('known', models.JSONField(default=list, help_text='all that was witnessed beyond: {by, name, size, root, at}')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Recovered',
            fields=[
                ('event_id', models.UUIDField(primary_key=True, serialize=False)),
                ('commitment', models.BinaryField(max_length=32)),
                ('salt', models.BinaryField(max_length=32)),
                ('content', models.BinaryField()),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=200)),
                ('context', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Routine',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('checks', models.PositiveIntegerField(default=0)),
                ('bytes', models.BigIntegerField(default=0)),
                ('damaged', models.PositiveIntegerField(default=0)),
                ('told_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(help_text='what is verified: exhibit/CW-2026-0014/E-007, case/…', max_length=200)),
                ('context', models.CharField(max_length=200)),
                ('subjects', models.JSONField(default=list, help_text='words of custody')),
                ('items', models.JSONField(default=list, help_text='ids')),
                ('act', models.CharField(help_text='what the event calls it', max_length=40)),
                ('agent', models.JSONField(help_text='who asked, as a value')),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('finished_at', models.DateTimeField(null=True)),
                ('size', models.BigIntegerField(help_text='of the checkpoint that it was proven against', null=True)),
                ('checked', models.JSONField(default=dict, help_text='what was looked at → how many')),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('problems', models.JSONField(default=list, help_text='the first of them: {object, problem}')),
            ],
            options={
                'indexes': [models.Index(fields=['subject', '-asked_at'], name='verification_by_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('subject',), name='one_pending_verification'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state', 'pending')), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed'])), _connector='OR'), name='verification_ends')],
            },
        ),
        migrations.CreateModel(
            name='SelfTest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('ok', models.BooleanField()),
                ('software', models.CharField(max_length=100)),
                ('machine', models.CharField(help_text='the host that ran it', max_length=200)),
                ('parts', models.JSONField()),
            ],
            options={
                'indexes': [models.Index(fields=['-at'], name='self_test_by_time')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('size', models.BigIntegerField(help_text='bytes')),
                ('stored_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='blob_sha256_is_hex'), models.CheckConstraint(condition=models.Q(('size__gte', 0)), name='blob_size_not_negative')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='ArchiveCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('blob', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='archive_copy', to='evidence.blob')),
                ('location', models.CharField(max_length=300)),
                ('version', models.CharField(blank=True, help_text="the storage's version id, where it has one", max_length=200)),
                ('verified_at', models.DateTimeField()),
                ('lock_mode', models.CharField(blank=True, choices=[('governance', 'governance'), ('compliance', 'compliance')], max_length=10)),
                ('locked_until', models.DateTimeField(null=True)),
                ('legal_hold', models.BooleanField(default=False, help_text='it has no end; a person lifts it')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lock_mode', ''), ('locked_until', None)), models.Q(('lock_mode__in', ['governance', 'compliance']), ('locked_until__isnull', False)), _connector='OR'), name='lock_has_an_end')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Payload',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='evidence.event')),
                ('salt', models.BinaryField(max_length=32)),
                ('content', models.BinaryField()),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=200)),
                ('context', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'at'], name='payload_by_subject'), models.Index(fields=['context', 'at'], name='payload_by_context')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='evidence.event')),
                ('erasure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erased', to='evidence.event')),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=200)),
                ('context', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['subject', 'at'], name='erasure_by_subject'), models.Index(fields=['context', 'at'], name='erasure_by_context')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Pending',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='evidence.event')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Leaf',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='evidence.event')),
                ('leaf_hash', models.BinaryField(max_length=32)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('index__gte', 0)), name='leaf_index_not_negative')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='evidence.party')),
                ('at', models.DateTimeField()),
                ('size', models.BigIntegerField(help_text='of the checkpoint in question', null=True)),
                ('problem', models.CharField(choices=[('unreachable', 'no answer, or not in time'), ('status', 'an HTTP status that says no'), ('too_large', 'an answer larger than any good one'), ('refused', 'an answer that does not verify'), ('unknown_log', 'the witness does not know this log'), ('untrusted_key', "the witness does not know this log's key"), ('fork', 'ALARM: the witness holds another history of this log'), ('behind', 'ALARM: the witness knows less than it cosigned'), ('ahead', 'ALARM: the witness knows more than this log has')], max_length=20)),
                ('detail', models.CharField(max_length=500)),
                ('reply', models.BinaryField(help_text='its first 16 KiB')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Timestamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timestamps', to='evidence.checkpoint')),
                ('authority', models.CharField(help_text='its host', max_length=255)),
                ('response', models.BinaryField(help_text='TimeStampResp, DER')),
                ('chain', models.TextField(help_text="PEM: the authority's certificate that was pinned, then its chain to the root")),
                ('gen_time', models.DateTimeField()),
                ('serial', models.CharField(help_text='decimal', max_length=64)),
                ('policy', models.CharField(help_text='OID', max_length=200)),
                ('accuracy_us', models.BigIntegerField(help_text='microseconds; null where the token does not say', null=True)),
                ('received_at', models.DateTimeField(help_text='by our own clock')),
            ],
            options={
                'indexes': [models.Index(fields=['authority', 'checkpoint'], name='timestamp_by_authority')],
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'authority'), name='one_timestamp_per_authority')],
            },
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cosignatures', to='evidence.checkpoint')),
                ('witness', models.CharField(help_text='the name of its key', max_length=255)),
                ('key', models.TextField(help_text='its verifier key (C2SP vkey)')),
                ('cosigned_at', models.DateTimeField(help_text="by the witness's clock")),
                ('line', models.TextField(help_text='the signature line as it stands in a note')),
                ('received_at', models.DateTimeField(help_text='by our own clock')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'key'), name='one_cosignature_per_key')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('rewind', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='evidence.rewind')),
                ('declared_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='evidence.blob')),
                ('place', models.CharField(choices=[('store', 'Store'), ('archive', 'Archive')], max_length=7)),
                ('checked_at', models.DateTimeField()),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='in a row: the storage answered with an error')),
                ('retry_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['checked_at'], name='check_by_age')],
                'constraints': [models.UniqueConstraint(fields=('blob', 'place'), name='one_check_per_place')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='evidence.blob')),
                ('acquisition', models.CharField(choices=[('file', 'file as received'), ('clipboard', 'clipboard (re-encoded by the browser)'), ('text', 'typed or pasted text'), ('made', 'made by this system')], max_length=12)),
                ('declared_sha256', models.CharField(blank=True, help_text='empty: the sender declared none', max_length=64)),
                ('name', models.TextField(help_text="the sender's file name, as sent (control characters replaced)")),
                ('name_bytes', models.BinaryField(help_text="the sender's file name, byte for byte")),
                ('claimed_type', models.CharField(blank=True, max_length=200)),
                ('media_type', models.CharField(help_text="by the content's first bytes", max_length=100)),
                ('labels', models.JSONField(default=list, help_text='closed vocabulary: evidence.intake.labels')),
                ('provenance', models.JSONField(default=dict)),
                ('received_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Derivative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='evidence.item')),
                ('kind', models.CharField(choices=[('thumbnail', 'Thumbnail'), ('preview', 'Preview'), ('metadata', 'Metadata')], max_length=12)),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='derivatives', to='evidence.blob')),
                ('process', models.CharField(help_text='name/version of what made it', max_length=60)),
                ('media_type', models.CharField(max_length=100)),
                ('found', models.JSONField(default=list, help_text='closed vocabulary: evidence.derivatives.findings')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'kind', 'process'), name='one_derivative_per_process')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='tombstone', serialize=False, to='evidence.item')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.event')),
                ('disposed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Removal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='removals', to='evidence.item')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='removals', to='evidence.blob')),
                ('place', models.CharField(choices=[('evidence', 'the store'), ('archive', 'the archive')], max_length=10)),
                ('context', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('done', 'Done'), ('kept', 'Kept')], default='pending', max_length=10)),
                ('held', models.BooleanField(default=False, help_text='a legal hold of the context stops it')),
                ('not_before', models.DateTimeField(help_text='until when the storage refuses, where it said so', null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('detail', models.TextField(blank=True)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['changed_at'], name='removal_waiting')],
                'constraints': [models.UniqueConstraint(fields=('item', 'blob', 'place'), name='one_removal_per_place'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'done', 'kept'])), name='removal_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='part', serialize=False, to='evidence.item')),
                ('main', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='evidence.item')),
                ('role', models.CharField(choices=[('picture', 'picture'), ('source', 'source'), ('archive', 'archive'), ('other', 'other')], max_length=10)),
                ('position', models.PositiveSmallIntegerField(help_text='from 1')),
                ('event', models.ForeignKey(help_text='the accession event, which says the same', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.event')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('main', 'position'), name='one_part_per_position'), models.CheckConstraint(condition=models.Q(('role__in', ['picture', 'source', 'archive', 'other'])), name='part_role_known'), models.CheckConstraint(condition=models.Q(models.Q(('item', models.F('main')), ('position', 1)), models.Q(('position__gt', 1), models.Q(('item', models.F('main')), _negated=True)), _connector='OR'), name='main_part_comes_first')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='evidence.item')),
                ('name', models.CharField(choices=[('fixity', 'independent second hash'), ('derive', 'thumbnail and metadata'), ('archive', 'second copy, read back'), ('screen', 'screened for malware')], max_length=10)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('detail', models.TextField(blank=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['changed_at'], name='step_waiting')],
                'constraints': [models.UniqueConstraint(fields=('item', 'name'), name='one_step_per_item'), models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'done', 'failed'])), name='step_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Package',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='package', to='evidence.item')),
                ('context', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('valid', 'Valid'), ('damaged', 'Damaged'), ('invalid', 'Invalid'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('claimed_until', models.DateTimeField(help_text='a worker checks it; after this, another may', null=True)),
                ('reason', models.TextField(blank=True, help_text='why it could not be checked')),
                ('checked_at', models.DateTimeField(null=True)),
                ('version', models.CharField(blank=True, max_length=10)),
                ('folder', models.TextField(blank=True)),
                ('algorithms', models.JSONField(default=list)),
                ('ignored', models.JSONField(default=list, help_text='manifests of algorithms that we do not know')),
                ('claims', models.JSONField(default=list, help_text='label and value of each field of bag-info.txt')),
                ('problems', models.JSONField(default=list, help_text='the first ones: code, path, declared, found')),
                ('problem_count', models.PositiveIntegerField(default=0)),
                ('file_count', models.PositiveIntegerField(default=0)),
                ('byte_count', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['asked_at'], name='package_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'valid', 'damaged', 'invalid', 'failed'])), name='package_state_known'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'failed']), ('checked_at__isnull', False), _connector='OR'), name='checked_package_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'valid'), _negated=True), ('problem_count', 0), _connector='OR'), name='valid_package_has_no_problem'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['damaged', 'invalid']), _negated=True), ('problem_count__gt', 0), _connector='OR'), name='invalid_package_names_its_problems'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='failed_package_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='screenings', to='evidence.item')),
                ('outcome', models.CharField(choices=[('clean', 'Clean'), ('found', 'Found'), ('too_large', 'Too Large')], max_length=10)),
                ('finding', models.CharField(blank=True, help_text="the scanner's name for what was found", max_length=200)),
                ('engine', models.CharField(max_length=100)),
                ('signatures', models.CharField(blank=True, help_text='number of its database, where it has one', max_length=10)),
                ('at', models.DateTimeField()),
                ('event', models.OneToOneField(help_text='says the same; none where this says again what was said before', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.event')),
            ],
            options={
                'indexes': [models.Index(fields=['item', '-id'], name='screening_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['clean', 'found', 'too_large'])), name='screening_outcome_known'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'found'), models.Q(('finding', ''), _negated=True)), models.Q(models.Q(('outcome', 'found'), _negated=True), ('finding', '')), _connector='OR'), name='finding_is_named')],
            },
        ),
        migrations.CreateModel(
            name='PackageFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='evidence.package')),
                ('position', models.PositiveIntegerField(help_text='in the directory of the Zip file')),
                ('path', models.TextField()),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(help_text='computed by us', max_length=64)),
                ('declared', models.JSONField(default=dict, help_text="algorithm: digest, as the sender's manifests say")),
                ('fits', models.BooleanField(help_text='something was declared, and all of it is so')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('package', 'position'), name='one_file_per_position')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='origin', serialize=False, to='evidence.item')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='origin', to='evidence.packagefile')),
                ('event', models.ForeignKey(help_text='the accession event, which says the same', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.event')),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Healing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('context', models.CharField(help_text='where it was decided: case/…', max_length=200)),
                ('reason', models.TextField()),
                ('agent', models.JSONField(help_text='who proposed it, as a value')),
                ('approver', models.JSONField(help_text='who agreed, as a value')),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('detail', models.CharField(blank=True, max_length=500)),
                ('finished_at', models.DateTimeField(null=True)),
                ('event', models.OneToOneField(help_text='says how it ended, and whose order it was', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.event')),
            ],
            options={
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Damage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='damages', to='evidence.blob')),
                ('place', models.CharField(choices=[('store', 'Store'), ('archive', 'Archive')], max_length=7)),
                ('problem', models.CharField(choices=[('changed', 'Changed'), ('gone', 'Gone'), ('unreadable', 'Unreadable')], max_length=10)),
                ('found_sha256', models.CharField(blank=True, help_text='what lies there now', max_length=64)),
                ('found_size', models.BigIntegerField(null=True)),
                ('found_at', models.DateTimeField()),
                ('healed_at', models.DateTimeField(null=True)),
                ('healing', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closed', to='evidence.healing')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('healed_at', None)), fields=('blob', 'place'), name='one_open_damage_per_place'), models.CheckConstraint(condition=models.Q(models.Q(('healed_at', None), ('healing', None)), models.Q(('healed_at__isnull', False), ('healing__isnull', False)), _connector='OR'), name='damage_ends_by_a_healing')],
                'indexes': [],
            },
        ),
        migrations.AddField(
            model_name='Healing',
            name='damage',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='healings', to='evidence.damage'),
        ),
        migrations.AddConstraint(
            model_name='Healing',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('damage',), name='one_pending_healing'),
        ),
        migrations.AddConstraint(
            model_name='Healing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state', 'pending')), models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed'])), _connector='OR'), name='healing_ends'),
        ),
    ]
