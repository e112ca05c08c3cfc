"""What people type to take a network out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.exports.forms import PurposeForm

KINDS = [("svg", _("Picture (SVG)")), ("graphml", "GraphML"), ("nodes", _("Nodes (CSV)")), ("edges", _("Edges (CSV)"))]


class TakeForm(PurposeForm):
    kind = forms.ChoiceField(label=_("What"), choices=KINDS)
    field_order = ["kind", "purpose"]
