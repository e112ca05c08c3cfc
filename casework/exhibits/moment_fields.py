"""Fields for a time that somebody gives: of forms and of calls. Both keep it as it was typed; what reads it and keeps
the UTC time with it is provenance.complete."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from casework.exhibits import moments

CLOCK_SLACK = timedelta(days=1)


def require_moment(text: str) -> None:
    """ValidationError when what a person typed is no time, is none or two in its zone, or has not come yet."""
    try:
        found = moments.read(text)
    except moments.UnknownZone:
        raise ValidationError(_now("No zone of this name is known here. Write it like Europe/Berlin, or give its "
                                   "offset: +05:00.")) from None
    except moments.Skipped:
        raise ValidationError(_now("The clocks of this zone were put forward and never showed this time.")) from None
    except moments.Elsewhere:
        raise ValidationError(_now("The clocks of this zone had another offset at this time.")) from None
    except moments.Twice as error:
        raise ValidationError(_now("The clocks of this zone showed this time twice. Say which is meant: write "
                                   "%(first)s or %(second)s before the zone.")
                              % dict(zip(("first", "second"), error.offsets, strict=True))) from None
    except ValueError:
        raise ValidationError(_now("Write it like 2026-03-14 18:05:09 (UTC), or with its zone: "
                                   "2026-03-14 23:05:09 +05:00 or 2026-03-14 23:05:09 Asia/Karachi.")) from None
    if found.at > timezone.now() + CLOCK_SLACK:
        raise ValidationError(_now("This time has not come yet."))


class FormMoment(forms.CharField):
    """Of a form: the text, or the empty string."""

    def __init__(self, *, label: Any):
        super().__init__(label=label, required=False, max_length=moments.LONGEST,
                         help_text=_("Where it is not UTC, with its zone: 2026-03-14 23:05:09 Asia/Karachi."),
                         widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off",
                                                       "placeholder": "2026-03-14 18:05:09"}))

    def clean(self, value: Any) -> str:
        if text := str(super().clean(value)):
            require_moment(text)
        return text


class CallMoment(serializers.CharField):
    """Of a call: ISO 8601 with an offset, the name of a zone after a blank, or both; UTC without."""

    def __init__(self) -> None:
        super().__init__(max_length=moments.LONGEST, required=False, allow_blank=True, help_text=(
            "2026-03-14T23:05:09+05:00, or with the name of its zone: 2026-03-14T23:05:09 Asia/Karachi; without one, "
            "UTC"))

    def run_validation(self, data: Any = serializers.empty) -> str:
        if text := str(super().run_validation(data)):
            require_moment(text)
        return text
