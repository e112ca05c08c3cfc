"""That two subjects of a case are one account. Both stay as they are; the one merged points to the one kept."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from casework.accounts.dated import Entry, EntryQuerySet
from casework.accounts.models import Subject


class MergeQuerySet(EntryQuerySet):
    def of(self, subject: Subject) -> Self:
        return self.filter(Q(kept=subject) | Q(merged=subject))

    def told(self) -> Self:
        return self.select_related("kept", "merged", "recorded_by", "withdrawn_by").order_by("pk")


class Merge(Entry):
    """`merged` is the account that `kept` is. Undoing it withdraws it, once. The database refuses a second merge of
    the same one, a chain, a circle, two cases, two platforms, two roles and ids that contradict (migration 0004)."""

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="merges")
    kept = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="taken_in")
    merged = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="merges")
    reason = models.TextField()

    objects = MergeQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["pk"]
        constraints = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(fields=["merged"], condition=Q(withdrawn_at=None), name="one_merge_of_each"),
            models.CheckConstraint(name="merge_is_of_two_and_says_why", condition=~Q(kept=F("merged")) & ~Q(reason="")),
        ]
