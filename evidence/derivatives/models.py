"""Bytes made from an item by a named, versioned process."""

from django.db import models


class Derivative(models.Model):
    class Kind(models.TextChoices):
        THUMBNAIL = "thumbnail"
        PREVIEW = "preview"
        METADATA = "metadata"

    item = models.ForeignKey("evidence.Item", on_delete=models.PROTECT, related_name="derivatives")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    blob = models.ForeignKey("evidence.Blob", on_delete=models.PROTECT, related_name="derivatives")
    process = models.CharField(max_length=60, help_text="name/version of what made it")
    media_type = models.CharField(max_length=100)
    found = models.JSONField(default=list, help_text="closed vocabulary: evidence.derivatives.findings")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "kind", "process"], name="one_derivative_per_process")]
