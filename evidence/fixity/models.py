"""Verifications that people asked for: the state of the work, and what came of it."""

from django.db import models


class Verification(models.Model):
    """Events, items and bytes proven again: those of `subjects` and `items`, or without them all of the context.

    Pending ones are taken up by the sweep."""

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
