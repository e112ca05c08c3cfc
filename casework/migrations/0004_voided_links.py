"""A link that nobody opened is no longer kept as one that was used."""

from django.db import migrations, models

# Until now a link that was put out of use had the time of that in used_at. It can be told from one that was used by the
# link that replaced it in the same transaction, or by the later one that was used at the very same time.
TELL_APART = """
UPDATE casework_invitation AS link SET voided_at = used_at, used_at = NULL
WHERE EXISTS (SELECT FROM casework_invitation AS next WHERE next.person_id = link.person_id AND next.id > link.id
              AND (next.used_at = link.used_at
                   OR next.made_at BETWEEN link.used_at AND link.used_at + interval '1 second'))
"""
MIX_AGAIN = "UPDATE casework_invitation SET used_at = voided_at, voided_at = NULL WHERE voided_at IS NOT NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0003_keeping'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='voided_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(TELL_APART, MIX_AGAIN),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(
                name='link_used_or_voided',
                condition=models.Q(used_at=None) | models.Q(voided_at=None)),
        ),
    ]
