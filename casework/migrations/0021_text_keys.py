"""A key for each text, by which its copies are found; rows that are there get theirs.

These are insert-only, also for the owner, so the guard steps aside in this transaction, and is back when it ends. Nothing
that the custody log is held against is touched: the key is made of the text, and no part of the chain over the rows."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

from casework.posts import normal

AT_ONCE = 5000
SOME = "SELECT id, text FROM casework_post WHERE id > %s AND kind <> 'system' ORDER BY id LIMIT %s"
GIVE = """
UPDATE casework_post SET text_key = given.key FROM unnest(%s::bigint[], %s::bytea[]) AS given(id, key)
WHERE casework_post.id = given.id
"""


def fill(apps, schema_editor):
    schema_editor.execute("ALTER TABLE casework_post DISABLE TRIGGER refuse_update")
    with schema_editor.connection.cursor() as cursor:
        last = 0
        while True:
            cursor.execute(SOME, [last, AT_ONCE])
            rows = cursor.fetchall()
            if not rows:
                break
            keys = [(pk, key) for pk, text in rows if (key := normal.key(text)) is not None]
            cursor.execute(GIVE, [[pk for pk, _ in keys], [key for _, key in keys]])
            last = rows[-1][0]
    schema_editor.execute("ALTER TABLE casework_post ENABLE ALWAYS TRIGGER refuse_update")


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0020_posts'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='text_key',
            field=models.BinaryField(help_text='posts.normal.key of the text; none of a notice or a short text', null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('text_key', None), models.Q(django.db.models.lookups.Exact(django.db.models.functions.text.Length('text_key'), 17), models.Q(('kind', 'system'), _negated=True)), _connector='OR'), name='post_text_key_is_one'),
        ),
        migrations.AddIndex(
            model_name='post',
            index=models.Index(condition=models.Q(('text_key__isnull', False)), fields=['case', 'text_key', 'at'], name='posts_of_a_text'),
        ),
    ]
