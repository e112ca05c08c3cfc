"""The cache table (rate limits live in it) and the application's rights on this floor's tables."""

from django.core.management import call_command
from django.db import migrations


def make_cache(apps, schema_editor):
    call_command("createcachetable", "casework_cache", verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial"), ("evidence", "0002_guards")]
    operations = [migrations.RunPython(make_cache, migrations.RunPython.noop)]
