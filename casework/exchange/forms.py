"""What people type to take a table out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.exchange import compose
from casework.exchange.services import STIX
from casework.exports.forms import PurposeForm


class TakeForm(PurposeForm):
    what = forms.ChoiceField(label=_("What"), choices=[*((key, kind.title) for key, kind in compose.KINDS.items()),
                                                       (STIX, _("Campaigns, accounts and findings as STIX 2.1"))])
    field_order = ["what", "purpose"]
