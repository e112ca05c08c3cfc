"""Second copies."""

from django.db import models


class ArchiveCopy(models.Model):
    """A blob's copy on the archive storage, read back and compared at `verified_at`, and always read by `version`.

    What the storage said of its lock then: `lock_mode` is empty without one."""

    blob = models.OneToOneField("evidence.Blob", on_delete=models.PROTECT, related_name="archive_copy")
    location = models.CharField(max_length=300)
    version = models.CharField(max_length=200, blank=True, help_text="the storage's version id, where it has one")
    verified_at = models.DateTimeField()
    lock_mode = models.CharField(max_length=10, blank=True, choices=[("governance", "governance"),
                                                                     ("compliance", "compliance")])
    locked_until = models.DateTimeField(null=True)
    legal_hold = models.BooleanField(default=False, help_text="it has no end; a person lifts it")

    class Meta:
        constraints = [models.CheckConstraint(
            name="lock_has_an_end", condition=models.Q(lock_mode="", locked_until=None)
            | models.Q(lock_mode__in=["governance", "compliance"], locked_until__isnull=False))]


class LockTest(models.Model):
    """One attempt to break the lock of the archive `storage` in the way that the settings ask for; insert-only."""

    class Result(models.TextChoices):
        ENFORCED = "enforced"
        BYPASSABLE = "bypassable"
        NOT_ENFORCED = "not_enforced"
        NO_LOCK = "no_lock"
        UNREACHABLE = "unreachable"

    at = models.DateTimeField()
    storage = models.CharField(max_length=300)
    mode = models.CharField(max_length=10, help_text="ARCHIVE_LOCK; auto where it is not set")
    result = models.CharField(max_length=12, choices=Result.choices)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="lock_test_by_time")]
