"""What came of checking a package, its files with both sides' hashes, and which items came out of it."""

import uuid

from django.db import models


class Package(models.Model):
    """One item, checked as a BagIt package. The state lives here; what was found is never changed."""

    class State(models.TextChoices):
        WAITING = "waiting"
        VALID = "valid"
        DAMAGED = "damaged"
        INVALID = "invalid"
        FAILED = "failed"

    # What was found in these stays; and out of these files are taken, those that fit.
    CHECKED = (State.VALID, State.DAMAGED, State.INVALID)
    OPEN = (State.VALID, State.DAMAGED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.OneToOneField("evidence.Item", on_delete=models.PROTECT, related_name="package")
    context = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, help_text="a worker checks it; after this, another may")
    reason = models.TextField(blank=True, help_text="why it could not be checked")
    checked_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=10, blank=True)
    folder = models.TextField(blank=True)
    algorithms = models.JSONField(default=list)
    ignored = models.JSONField(default=list, help_text="manifests of algorithms that we do not know")
    claims = models.JSONField(default=list, help_text="label and value of each field of bag-info.txt")
    problems = models.JSONField(default=list, help_text="the first ones: code, path, declared, found")
    problem_count = models.PositiveIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    byte_count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="package_state_known",
                                   condition=models.Q(state__in=["waiting", "valid", "damaged", "invalid", "failed"])),
            models.CheckConstraint(name="checked_package_has_its_time",
                                   condition=models.Q(state__in=["waiting", "failed"])
                                   | models.Q(checked_at__isnull=False)),
            models.CheckConstraint(name="valid_package_has_no_problem",
                                   condition=~models.Q(state="valid") | models.Q(problem_count=0)),
            models.CheckConstraint(name="invalid_package_names_its_problems",
                                   condition=~models.Q(state__in=["damaged", "invalid"])
                                   | models.Q(problem_count__gt=0)),
            models.CheckConstraint(name="failed_package_says_why",
                                   condition=~models.Q(state="failed") | ~models.Q(reason="")),
        ]
        indexes = [models.Index(fields=["asked_at"], name="package_waiting", condition=models.Q(state="waiting"))]


class PackageFile(models.Model):
    """One file of the payload: what the sender declares of it, and what we found. Insert-only."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveIntegerField(help_text="in the directory of the Zip file")
    path = models.TextField()
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, help_text="computed by us")
    declared = models.JSONField(default=dict, help_text="algorithm: digest, as the sender's manifests say")
    fits = models.BooleanField(help_text="something was declared, and all of it is so")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["package", "position"], name="one_file_per_position")]


class Origin(models.Model):
    """An item that was taken out of a package. Insert-only; the database holds it against the accession, and lets no
    file be taken out twice."""

    item = models.OneToOneField("evidence.Item", on_delete=models.PROTECT, primary_key=True, related_name="origin")
    file = models.OneToOneField(PackageFile, on_delete=models.PROTECT, related_name="origin")
    event = models.ForeignKey("evidence.Event", on_delete=models.PROTECT, related_name="+",
                              help_text="the accession event, which says the same")
