"""What a platform says of an account by itself: labels and marks. Each is a claim with a time, and proves nothing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.accounts.dated import Dated, EntryQuerySet
from casework.accounts.models import Account


class PlatformClaimQuerySet(EntryQuerySet):
    case_path = "exhibit__case"


class PlatformClaim(Dated):
    """One label or mark, as an exhibit shows it at a time. Whoever may see the exhibit sees it, and nobody else."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country or region")
        VERIFIED = "verified", _("Verified mark")
        OFFICIAL = "official", _("Mark of an authority or a state medium")
        AUTOMATED = "automated", _("Automated account")
        RENAMINGS = "renamings", _("How often it was renamed")
        OTHER = "other", _("Another label")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=300, help_text="as the platform words it")
    exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, related_name="platform_claims")

    objects = PlatformClaimQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["at", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(name="platform_claim_has_a_text_and_a_time",
                                   condition=Q(at__isnull=False) & ~Q(text="")),
            models.CheckConstraint(name="platform_claim_kind_known", condition=Q(
                kind__in=["country", "verified", "official", "automated", "renamings", "other"])),
        ]
