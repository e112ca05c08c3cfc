"""Downloads of sealed documents."""

from django.conf import settings
from django.db import models

from casework.access import CaseScoped


class DownloadQuerySet(CaseScoped):
    case_path = "dossier__case"


class Download(models.Model):
    """Who took which sealed bytes, when and for what purpose: a dossier's document, or the bag made of it."""

    dossier = models.ForeignKey("reports.Dossier", on_delete=models.PROTECT, related_name="downloads")
    bag = models.ForeignKey("reports.Bag", on_delete=models.PROTECT, null=True, related_name="downloads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    purpose = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [models.CheckConstraint(name="download_has_a_purpose", condition=~models.Q(purpose=""))]
