"""Bags of sealed dossiers, and downloads that say which of the two was taken."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0007_batches"),
        ("reports", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bag",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(choices=[("waiting", "Being packed"), ("made", "Packed"),
                                                    ("failed", "Failed")], default="waiting", max_length=8)),
                ("asked_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(
                    help_text="a worker packs it; after this, another may", null=True)),
                ("problem", models.TextField(blank=True)),
                ("log_size", models.BigIntegerField(
                    help_text="of the checkpoint that everything is proven against", null=True)),
                ("made_at", models.DateTimeField(null=True)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+",
                                               to=settings.AUTH_USER_MODEL)),
                ("dossier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bags",
                                              to="reports.dossier")),
                ("item", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT,
                                              related_name="bag", to="evidence.item")),
            ],
            options={"ordering": ["-asked_at"]},
        ),
        migrations.AddConstraint("bag", models.CheckConstraint(
            name="made_bag_has_its_bytes",
            condition=models.Q(("state", "made"), _negated=True)
            | models.Q(("item__isnull", False), ("log_size__isnull", False), ("made_at__isnull", False)))),
        migrations.AddConstraint("bag", models.CheckConstraint(
            name="failed_bag_says_why",
            condition=models.Q(("state", "failed"), _negated=True) | models.Q(("problem", ""), _negated=True))),
        migrations.AddConstraint("bag", models.UniqueConstraint(
            name="one_waiting_bag_per_dossier", fields=["dossier"], condition=models.Q(("state", "waiting")))),
        migrations.AddField("download", "bag", models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="downloads", to="reports.bag")),
    ]
