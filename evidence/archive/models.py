"""Second copies."""

from django.db import models


class ArchiveCopy(models.Model):
    """A blob's copy on the archive storage, read back and compared at `verified_at`."""

    blob = models.OneToOneField("evidence.Blob", on_delete=models.PROTECT, related_name="archive_copy")
    location = models.CharField(max_length=300)
    version = models.CharField(max_length=200, blank=True, help_text="the storage's version id, where it has one")
    verified_at = models.DateTimeField()
