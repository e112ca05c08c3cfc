"""Forms of this room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.recovery.services import TEXT_LENGTH


class DeclareForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"dir": "auto", "rows": 4}),
        help_text=_("What happened, and why nothing newer can be restored. It stays in the log for ever: name nobody."))


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=TEXT_LENGTH,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}))
