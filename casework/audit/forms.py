"""Which days and which exhibit an access report is about, and why somebody's downloads are stopped."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.people.models import User


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReportForm(forms.Form):
    start = forms.DateField(label=_("From"), required=False, widget=Day)
    end = forms.DateField(label=_("To"), required=False, widget=Day)
    exhibit = forms.CharField(label=_("Exhibit"), required=False, max_length=12,
                              widget=forms.TextInput(attrs={"dir": "ltr", "placeholder": "E-007"}))


class StopForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label=_("Whose downloads"))
    reason = forms.CharField(label=_("Reason"), max_length=2000,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}))

    def __init__(self, *given: Any, people: Any, **named: Any):
        super().__init__(*given, **named)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
