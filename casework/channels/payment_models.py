"""Payments: money that an exhibit shows moving, promised or claimed for a tasking."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from casework.accounts.dated import Dated, EntryQuerySet
from casework.channels import money
from casework.channels.tasking_models import DECIMALS, Tasking


@dataclass(frozen=True)
class Total:
    """Of one currency and of one kind of showing; never of two."""

    currency: str
    shows: str
    amount: Decimal
    count: int

    @property
    def shown(self) -> str:
        return money.shown(self.amount, self.currency)

    @property
    def words(self) -> str:
        return str(Payment.Shows(self.shows).label)


class PaymentQuerySet(EntryQuerySet):
    def told(self) -> "PaymentQuerySet":
        """With all that a table or a call says of each, in a constant number of questions."""
        return self.select_related("recorded_by").prefetch_related("exhibits", "taskings", "payer", "payee")

    def totals(self) -> list[Total]:
        """Per currency and what is shown, of those that stand on an exhibit that stands. One question."""
        standing = self.standing().filter(pk__in=Payment.exhibits.through.objects.filter(
            exhibit__withdrawn_at=None).values("payment_id"))
        found = standing.order_by("currency", "shows").values_list("currency", "shows").annotate(
            Sum("amount"), Count("pk"))
        return [Total(*row) for row in found]


class Payment(Dated):
    """An amount in one currency, numbered M-001 in its case, with what the exhibits show of it."""

    class Method(models.TextChoices):
        EASYPAISA = "easypaisa", "Easypaisa"
        JAZZCASH = "jazzcash", "JazzCash"
        BANK = "bank", _("Bank transfer")
        UPI = "upi", "UPI"
        CASH = "cash", _("Cash")
        CRYPTO = "crypto", _("Cryptocurrency")
        TOP_UP = "top_up", _("Mobile top-up")
        OTHER = "other", _("Another way")

    class Shows(models.TextChoices):
        """A promise is no payment, and what the payee says is not what a screen shows."""

        TRANSFER = "transfer", _("The screen of a transfer")
        RECEIPT = "receipt", _("A receipt")
        STATEMENT = "statement", _("What the payee says")
        PROMISE = "promise", _("A promise in a message")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveIntegerField(help_text="M-001 within the case")
    amount = models.DecimalField(max_digits=20, decimal_places=DECIMALS)
    currency = models.CharField(max_length=4, choices=money.CURRENCIES)
    method = models.CharField(max_length=10, choices=Method.choices)
    shows = models.CharField(max_length=10, choices=Shows.choices)
    payer = models.ForeignKey("casework.Subject", on_delete=models.PROTECT, null=True, related_name="payments_made")
    payer_text = models.CharField(max_length=200, blank=True, help_text="as shown, where it is no subject of the case")
    payer_tail = models.CharField(max_length=4, blank=True, help_text="the last characters of account or wallet")
    payee = models.ForeignKey("casework.Subject", on_delete=models.PROTECT, null=True, related_name="payments_taken")
    payee_text = models.CharField(max_length=200, blank=True)
    payee_tail = models.CharField(max_length=4, blank=True)
    reference = models.CharField(max_length=120, blank=True, help_text="of the transfer, as shown")
    taskings = models.ManyToManyField(Tasking, related_name="payments")
    exhibits = models.ManyToManyField("casework.Exhibit", related_name="payments")

    objects = PaymentQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["number"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["case", "number"], name="one_payment_per_number"),
            models.CheckConstraint(name="payment_is_above_zero", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payment_words_known", condition=Q(
                currency__in=list(money.DECIMALS), shows__in=["transfer", "receipt", "statement", "promise"],
                method__in=["easypaisa", "jazzcash", "bank", "upi", "cash", "crypto", "top_up", "other"])),
            models.CheckConstraint(name="payer_is_a_subject_or_a_text", condition=Q(payer=None) | Q(payer_text="")),
            models.CheckConstraint(name="payee_is_a_subject_or_a_text", condition=Q(payee=None) | Q(payee_text="")),
        ]

    @property
    def label(self) -> str:
        return f"M-{self.number:03d}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"payment/{self.case.ref}/{self.label}"

    @property
    def shown_amount(self) -> str:
        return money.shown(self.amount, self.currency)
