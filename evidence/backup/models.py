"""Backups that were made, insert-only: so that who disposes of something can name where it still lies."""

from django.db import models


class Backup(models.Model):
    """One finished backup. It holds every blob that was stored before `taken_at`, and what was erased since."""

    id = models.UUIDField(primary_key=True)
    place = models.CharField(max_length=500, help_text="its folder, as whoever made it called it")
    taken_at = models.DateTimeField(help_text="the moment that it shows")
    log_size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    manifest_sha256 = models.CharField(max_length=64)
    blobs = models.BigIntegerField()
    bytes = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-taken_at"], name="backup_by_time")]
