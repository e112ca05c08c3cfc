"""What people type to take a file out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.exports.services import PURPOSE_LENGTH


class PurposeForm(forms.Form):
    """What it is for. Forms of files with choices of their own add these."""

    purpose = forms.CharField(label=_("Purpose"), max_length=PURPOSE_LENGTH,
                              widget=forms.TextInput(attrs={"dir": "auto"}), help_text=_(
                                  "Recorded with your name, the hash of the file and the number of its rows."))
