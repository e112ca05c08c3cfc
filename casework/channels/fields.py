"""Fields of forms that name things of this room by their labels."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.accounts import labels
from casework.accounts.fields import LabelField, LabelsField
from casework.cases.models import Case
from casework.channels.models import Channel
from casework.channels.tasking_models import Tasking


def channels_of(case: Case, wanted: list[str]) -> list[Channel]:
    """The channels of this case with these labels, as casework.accounts.labels finds exhibits."""
    return labels.rows("C", wanted, case.channels.select_related("case"), case.ref)


def taskings_of(case: Case, wanted: list[str]) -> list[Tasking]:
    """The taskings of this case with these labels."""
    return labels.rows("K", wanted, case.taskings.all(), case.ref)


def taskings(**options: Any) -> LabelsField:
    options.setdefault("help_text", _("Numbers of taskings of this case, for example K-001, K-002."))
    return LabelsField(taskings_of, **options)


def channel(**options: Any) -> LabelField:
    options.setdefault("help_text", _("The number of a channel of this case, for example C-001."))
    return LabelField(channels_of, **options)
