"""Amounts of money as an exhibit shows them: exact, each in its own currency, never converted. Pure."""

import re
from decimal import Decimal

# Code → how many decimals it has: ISO 4217, then the two that chats pay in and ISO does not know.
DECIMALS = {
    "PKR": 2, "INR": 2, "USD": 2, "EUR": 2, "GBP": 2, "AED": 2, "SAR": 2, "QAR": 2, "KWD": 3, "BHD": 3, "OMR": 3,
    "AFN": 2, "BDT": 2, "LKR": 2, "NPR": 2, "IRR": 2, "TRY": 2, "CNY": 2, "RUB": 2, "MYR": 2, "IDR": 2, "PHP": 2,
    "JPY": 0, "KRW": 0, "CAD": 2, "AUD": 2, "CHF": 2, "SGD": 2, "ZAR": 2, "NGN": 2, "KES": 2, "USDT": 6, "BTC": 8,
}
CURRENCIES = [(code, code) for code in DECIMALS]
LONGEST = 30
_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,8}))?", re.ASCII)


def amount(text: str, currency: str) -> Decimal:
    """1180 or 1180.50, above zero and with no more decimals than the currency has. ValueError for anything else."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found or len(found[2] or "") > DECIMALS[currency]:
        raise ValueError(text)
    value = Decimal(found[0])
    if not value:
        raise ValueError(text)
    return value


def written(value: Decimal, currency: str) -> str:
    """1180.50: with the decimals that the currency has, for programs and for editing."""
    return f"{value:.{DECIMALS[currency]}f}"


def shown(value: Decimal, currency: str) -> str:
    """PKR 1,180.50: for people."""
    return f"{currency} {value:,.{DECIMALS[currency]}f}"
