"""Taskings: the messages that are handed out in channels."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.accounts.dated import Dated, EntryQuerySet
from casework.channels import hashtags, money
from casework.channels.models import Channel

# No currency has more.
DECIMALS = max(money.DECIMALS.values())


class TaskingQuerySet(EntryQuerySet):
    def told(self) -> "TaskingQuerySet":
        """With all that a table or a call says of each, in a constant number of questions."""
        return self.select_related("channel", "recorded_by").prefetch_related("exhibits", "attached", "handed_out_by")


class Tasking(Dated):
    """A message handed out in a channel, numbered K-001 in its case: what to post, when, for what pay."""

    class Per(models.TextChoices):
        POST = "post", _("for each post")
        DAY = "day", _("for each day")
        OTHER = "other", _("for something else")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="taskings")
    number = models.PositiveIntegerField(help_text="K-001 within the case")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="taskings")
    message = models.TextField(help_text="as the exhibit shows it")
    post_text = models.TextField(blank=True, help_text="what is to be posted, where that is not the message itself")
    window_from = models.DateTimeField(null=True)
    window_until = models.DateTimeField(null=True)
    pay_amount = models.DecimalField(max_digits=20, decimal_places=DECIMALS, null=True)
    pay_currency = models.CharField(max_length=4, choices=money.CURRENCIES, blank=True)
    pay_per = models.CharField(max_length=5, choices=Per.choices, blank=True)
    pay_per_text = models.CharField(max_length=200, blank=True)
    handed_out_by = models.ForeignKey("casework.Subject", on_delete=models.PROTECT, null=True,
                                      related_name="handed_out")
    exhibits = models.ManyToManyField("casework.Exhibit", related_name="taskings")
    attached = models.ManyToManyField("casework.Exhibit", related_name="+", help_text="media to post")

    objects = TaskingQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["number"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["case", "number"], name="one_tasking_per_number"),
            models.CheckConstraint(name="tasking_has_its_message", condition=~Q(message="")),
            models.CheckConstraint(name="tasking_window_opens_before_it_closes",
                                   condition=Q(window_from=None) | Q(window_until=None)
                                   | Q(window_from__lte=F("window_until"))),
            models.CheckConstraint(name="pay_says_what_for", condition=(
                Q(pay_amount=None, pay_currency="", pay_per="", pay_per_text="")
                | (Q(pay_amount__gt=0, pay_per__in=["post", "day"], pay_per_text="") & ~Q(pay_currency=""))
                | (Q(pay_amount__gt=0, pay_per="other") & ~Q(pay_currency="") & ~Q(pay_per_text="")))),
        ]

    @property
    def label(self) -> str:
        return f"K-{self.number:03d}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"tasking/{self.case.ref}/{self.label}"

    @property
    def hashtags(self) -> list[str]:
        return hashtags.found_in(self.message, self.post_text)

    @property
    def pay(self) -> str:
        """PKR 15.00, or nothing."""
        return money.shown(self.pay_amount, self.pay_currency) if self.pay_amount else ""
