"""What is asked of whoever takes a sealed document out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.releases.services import PURPOSE_LENGTH


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=_("Purpose"), max_length=PURPOSE_LENGTH, widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("What it is for and to whom it goes. It is recorded with your name and the document's hash."))
