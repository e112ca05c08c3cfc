"""What people fill in to compose and to review a dossier."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts.fields import text
from reports.dossiers.models import Dossier


class WeighForm(forms.Form):
    """Why it must be, what speaks against it, what milder means were considered. Empty does not pass."""

    necessity = text(_("Necessity and proportionality"),
                     help_text=_("Why this document is needed, and why no less would do."))
    against = text(_("What speaks against it"))
    less_intrusive = text(_("Less intrusive options considered"))


class RecomposeForm(doors.Edited, WeighForm):
    """The same of a dossier that is there."""


class ComposeForm(WeighForm):
    kind = forms.ChoiceField(label=_("Kind"))
    language = forms.ChoiceField(label=_("Language of the document"), choices=[("en", "English"), ("ur", "اردو")])
    field_order = ["kind", "language", "necessity", "against", "less_intrusive"]

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice = self.fields["kind"]
        assert isinstance(choice, forms.ChoiceField)
        known = [(value, label) for value, label in Dossier.Kind.choices if value in kinds]
        choice.choices = [("", _("Choose one")), *known]


class ApproveForm(forms.Form):
    """A decision about exactly what was read: `seen` is its digest."""

    note = text(_("Note"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReturnForm(forms.Form):
    note = text(_("What has to change"))
