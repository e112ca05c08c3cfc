"""The address under which an account was seen, written once with its observation."""

from importlib import import_module

from django.db import migrations, models

from evidence import guards

COLUMNS = (*import_module("casework.migrations.0002_rules").OBSERVATION, "address")


def guard(apps, schema_editor):
    guards.apply(schema_editor, [
        "DROP TRIGGER written_once ON casework_observation",
        *guards.trigger("casework_observation", "written_once", "BEFORE UPDATE", when=guards.changed(COLUMNS))])


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_rules")]
    operations = [
        migrations.AddField(
            "observation", "address", models.CharField(
                blank=True, default="", max_length=2000,
                help_text="the post or profile under which it was seen, where somebody gave it"), preserve_default=False),
        migrations.AddConstraint("observation", models.CheckConstraint(
            condition=models.Q(("address", ""), ("address__regex", "^https?://"), _connector="OR"),
            name="observation_address_is_of_the_web")),
        # Without a way back, like the rules that it goes on from.
        migrations.RunPython(guard)]
