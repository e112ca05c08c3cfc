"""Self-tests that were made, insert-only."""

import uuid

from django.db import models


class SelfTest(models.Model):
    """One run over all parts. `parts` is a list of {name, ok, detail}; `ok` is true when every part is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    ok = models.BooleanField()
    software = models.CharField(max_length=100)
    machine = models.CharField(max_length=200, help_text="the host that ran it")
    parts = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="self_test_by_time")]
