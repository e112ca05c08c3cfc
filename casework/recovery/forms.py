"""What an administrator types about a restore."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.recovery.services import TEXT_LENGTH


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=TEXT_LENGTH,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}))
