"""An amount of money as somebody typed it."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casework.accounts.words import chosen
from casework.channels import money


def amount(text: str, currency: str, field: str, currency_field: str) -> Decimal:
    """An amount as somebody typed it, in one of the currencies. ValidationError on the fields."""
    chosen(currency_field, currency, list(money.DECIMALS))
    try:
        return money.amount(text, currency)
    except ValueError:
        raise ValidationError({field: _("Write digits with a point, such as 1180.50: above zero, and with at most "
                                        "%(count)d decimals in %(currency)s.")
                               % {"count": money.DECIMALS[currency], "currency": currency}}) from None
