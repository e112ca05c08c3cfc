"""What people type to take a table out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.exchange import compose
from casework.exchange.services import PURPOSE_LENGTH, STIX


class TakeForm(forms.Form):
    what = forms.ChoiceField(label=_("What"), choices=[*((key, kind.title) for key, kind in compose.KINDS.items()),
                                                       (STIX, _("Campaigns, accounts and findings as STIX 2.1"))])
    purpose = forms.CharField(label=_("Purpose"), max_length=PURPOSE_LENGTH,
                              widget=forms.TextInput(attrs={"dir": "auto"}), help_text=_(
                                  "Recorded with your name, the hash of the file and the number of its rows."))
