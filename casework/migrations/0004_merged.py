"""Merges of duplicate accounts: rows that say so, and what the database refuses of them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from evidence import guards

MERGE = ("id", "case_id", "kept_id", "merged_id", "reason", "recorded_by_id", "recorded_at")
# What is said of a subject, and which account it is.
SAID = ("role", "persona", "tags", "account_id")


def guard(apps, schema_editor):
    ends = [f"ALTER TABLE casework_merge ADD CONSTRAINT merge_{end}_of_its_case FOREIGN KEY ({end}_id, case_id) "
            "REFERENCES casework_subject (id, case_id) DEFERRABLE INITIALLY DEFERRED" for end in ("kept", "merged")]
    guards.apply(schema_editor, [
        guards.read(Path(__file__).parent / "merged.sql"), *ends, *guards.written_once("casework_merge", MERGE),
        *guards.no_truncate("casework_merge"),
        *guards.trigger("casework_merge", "undone_once", "BEFORE UPDATE", when="OLD.withdrawn_at IS NOT NULL"),
        *guards.trigger("casework_merge", "stands", "BEFORE INSERT", function="casework_merge_stands"),
        *guards.trigger("casework_merge", "roles_agree", "BEFORE INSERT", function="casework_merge_roles_agree",
                        when=f"current_user = '{settings.DATABASE_APP_ROLE}'"),
        *guards.trigger("casework_subject", "closed", "BEFORE UPDATE", when=guards.changed(SAID),
                        function="casework_subject_is_closed")])


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_observed_at_an_address")]
    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merges",
                                           to="casework.case")),
                ("kept", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="taken_in",
                                           to="casework.subject")),
                ("merged", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merges",
                                             to="casework.subject")),
                ("recorded_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                                  to=settings.AUTH_USER_MODEL)),
                ("withdrawn_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT,
                                                   related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_reason", "")),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False),
                                     models.Q(("withdrawn_reason", ""), _negated=True)), _connector="OR"),
                        name="merge_withdrawn_with_a_reason"),
                    models.UniqueConstraint(condition=models.Q(("withdrawn_at", None)), fields=("merged",),
                                            name="one_merge_of_each"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("kept", models.F("merged")), _negated=True),
                                           models.Q(("reason", ""), _negated=True)),
                        name="merge_is_of_two_and_says_why"),
                ],
            },
        ),
        # Without a way back, like the rules that it goes on from.
        migrations.RunPython(guard)]
