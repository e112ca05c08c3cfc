"""Links between two subjects of one case: what they have to do with each other, how likely that is, and why."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from casework.accounts.dated import Entry, EntryQuerySet
from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject


class AccountLinkQuerySet(EntryQuerySet):
    def of(self, subject: Subject) -> Self:
        return self.filter(Q(subject=subject) | Q(other=subject))

    def told(self) -> Self:
        named = Subject.objects.with_names()
        return (self.select_related("recorded_by", "withdrawn_by").order_by("pk")
                .prefetch_related("exhibits", Prefetch("subject", named), Prefetch("other", named)))


class AccountLink(Entry):
    """`subject` has to do with `other`. Both are of the link's case, which the database holds (migration 0002)."""

    class Kind(models.TextChoices):
        SAME_OPERATOR = "same_operator", _("Same operator suspected")
        RENAMED_FROM = "renamed_from", _("Renamed from")
        CONTACT = "contact", _("Shares contact details with")
        ADMINISTERS = "administers", _("Administers")

    # The same in both directions; of the others, what is said from the other end.
    MUTUAL = ("same_operator", "contact")
    BACK = {"renamed_from": _("Renamed to"), "administers": _("Administered by")}

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="account_links")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="links_back")
    kind = models.CharField(max_length=13, choices=Kind.choices)
    likelihood = models.CharField(max_length=20, choices=Likelihood.choices)
    basis = models.TextField()
    exhibits = models.ManyToManyField("casework.Exhibit", related_name="+")

    objects = AccountLinkQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["pk"]
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["subject", "other", "kind"], condition=Q(withdrawn_at=None),
                                    name="one_link_of_each_kind"),
            models.CheckConstraint(name="link_is_between_two", condition=~Q(subject=F("other"))),
            models.CheckConstraint(name="link_says_why", condition=~Q(basis="") & Q(
                kind__in=["same_operator", "renamed_from", "contact", "administers"],
                likelihood__in=Likelihood.values)),
        ]

    def seen_from(self, subject: Subject) -> tuple[Any, Subject]:
        """What the link says of `subject`, and of whom it says that."""
        if subject == self.subject:
            return self.get_kind_display(), self.other
        return self.BACK.get(self.kind, self.get_kind_display()), self.subject
