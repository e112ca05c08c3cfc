"""The register of what the store holds."""

from django.db import models


class Blob(models.Model):
    """Bytes under their SHA-256 (64 lower-case hex digits). Put once, never overwritten."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField(help_text="bytes")
    stored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="blob_sha256_is_hex", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="blob_size_not_negative", condition=models.Q(size__gte=0)),
        ]
