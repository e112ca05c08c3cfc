"""What people type to take a timeline out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.exports.forms import PurposeForm

KINDS = [("csv", _("Table (CSV)")), ("svg", _("Picture (SVG)"))]


class TakeForm(PurposeForm):
    kind = forms.ChoiceField(label=_("What"), choices=KINDS)
    field_order = ["kind", "purpose"]
