"""When each blob was read last and what was found; verifications and healings that people asked for."""

from django.db import models


class Place(models.TextChoices):
    """Where the bytes lie: each is read for itself."""

    STORE = "store"
    ARCHIVE = "archive"


class Check(models.Model):
    """When the bytes of a blob in one place were read and hashed last, by the database's own clock. The database makes
    the row with the blob's, and with the copy's, so that none is forgotten; it takes no time that is still to come."""

    blob = models.ForeignKey("evidence.Blob", on_delete=models.PROTECT, related_name="checks")
    place = models.CharField(max_length=7, choices=Place.choices)
    checked_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0, help_text="in a row: the storage answered with an error")
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "place"], name="one_check_per_place")]
        indexes = [models.Index(fields=["checked_at"], name="check_by_age")]


class Routine(models.Model):
    """What the schedule read on one day (UTC). `told_at`: when its event was recorded."""

    day = models.DateField(primary_key=True)
    checks = models.PositiveIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    damaged = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True)


class Damage(models.Model):
    """Bytes that are not what they were. Open until a healing that two people ordered ends well; never deleted."""

    class Problem(models.TextChoices):
        CHANGED = "changed"
        GONE = "gone"
        UNREADABLE = "unreadable"

    blob = models.ForeignKey("evidence.Blob", on_delete=models.PROTECT, related_name="damages")
    place = models.CharField(max_length=7, choices=Place.choices)
    problem = models.CharField(max_length=10, choices=Problem.choices)
    found_sha256 = models.CharField(max_length=64, blank=True, help_text="what lies there now")
    found_size = models.BigIntegerField(null=True)
    found_at = models.DateTimeField()
    healed_at = models.DateTimeField(null=True)
    healing = models.OneToOneField("evidence.Healing", on_delete=models.PROTECT, null=True, related_name="closed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blob", "place"], condition=models.Q(healed_at=None),
                                    name="one_open_damage_per_place"),
            models.CheckConstraint(name="damage_ends_by_a_healing", condition=models.Q(healed_at=None, healing=None)
                                   | models.Q(healed_at__isnull=False, healing__isnull=False)),
        ]


class Healing(models.Model):
    """An order of two people to make damaged bytes whole from the other place, and what came of it. It ends with an
    event, to which the database holds it."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"

    damage = models.ForeignKey(Damage, on_delete=models.PROTECT, related_name="healings")
    context = models.CharField(max_length=200, help_text="where it was decided: case/…")
    reason = models.TextField()
    agent = models.JSONField(help_text="who proposed it, as a value")
    approver = models.JSONField(help_text="who agreed, as a value")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    detail = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)
    event = models.OneToOneField("evidence.Event", on_delete=models.PROTECT, null=True, related_name="+",
                                 help_text="says how it ended, and whose order it was")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["damage"], condition=models.Q(state="pending"), name="one_pending_healing"),
            models.CheckConstraint(name="healing_ends", condition=models.Q(state="pending", finished_at=None)
                                   | models.Q(state__in=["done", "failed"], finished_at__isnull=False)),
        ]


class Verification(models.Model):
    """Events, items and bytes proven again: those of `subjects` and `items`, or without them all of the context.

    Pending ones are taken up by the sweep; what one found, the database keeps."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"

    subject = models.CharField(max_length=200, help_text="what is verified: exhibit/CW-2026-0014/E-007, case/…")
    context = models.CharField(max_length=200)
    subjects = models.JSONField(default=list, help_text="words of custody")
    items = models.JSONField(default=list, help_text="ids")
    act = models.CharField(max_length=40, help_text="what the event calls it")
    agent = models.JSONField(help_text="who asked, as a value")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(null=True, help_text="of the checkpoint that it was proven against")
    checked = models.JSONField(default=dict, help_text="what was looked at → how many")
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="the first of them: {object, problem}")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], condition=models.Q(state="pending"),
                                    name="one_pending_verification"),
            models.CheckConstraint(name="verification_ends", condition=models.Q(state="pending", finished_at=None)
                                   | models.Q(state__in=["done", "failed"], finished_at__isnull=False)),
        ]
        indexes = [models.Index(fields=["subject", "-asked_at"], name="verification_by_subject")]
