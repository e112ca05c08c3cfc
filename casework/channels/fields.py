"""Fields of forms that name things of this room by their labels, or a moment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.accounts import labels
from casework.accounts.fields import LabelField, LabelsField
from casework.cases.models import Case
from casework.channels import moments
from casework.channels.models import Channel
from casework.channels.tasking_models import Tasking


def channels_of(case: Case, wanted: list[str]) -> list[Channel]:
    """The channels of this case with these labels, as casework.accounts.labels finds exhibits."""
    return labels.rows("C", wanted, case.channels.select_related("case"))


def taskings_of(case: Case, wanted: list[str]) -> list[Tasking]:
    """The taskings of this case with these labels."""
    return labels.rows("K", wanted, case.taskings.all())


def taskings(**options: Any) -> LabelsField:
    options.setdefault("help_text", _("Numbers of taskings of this case, for example K-001, K-002."))
    return LabelsField(taskings_of, **options)


def channel(**options: Any) -> LabelField:
    options.setdefault("help_text", _("The number of a channel of this case, for example C-001."))
    return LabelField(channels_of, **options)


def moment(label: Any, **options: Any) -> forms.CharField:
    """A day or a time, which the service reads."""
    options.setdefault("help_text", _("A day, 2026-03-14, or a time: 2026-03-14 18:05 is UTC, "
                                      "2026-03-14 23:05 +05:00 says its zone."))
    return forms.CharField(label=label, max_length=moments.LONGEST, widget=forms.TextInput(
        attrs={"dir": "ltr", "autocomplete": "off", "placeholder": "2026-03-14 18:05"}), **options)


def line(label: Any, longest: int, direction: str = "auto", **options: Any) -> forms.CharField:
    """One line as an exhibit shows it."""
    return forms.CharField(label=label, max_length=longest, widget=forms.TextInput(
        attrs={"dir": direction, "autocomplete": "off", "spellcheck": "false"}), **options)
