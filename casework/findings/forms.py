"""What people type about findings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.accounts.likelihood import Likelihood
from casework.findings.content import JUDGED
from casework.findings.fields import AlternativesField
from casework.findings.models import Citation, Finding


class FindingForm(fields.InCase):
    kind = fields.choice(_("Kind"), Finding.Kind.choices,
                         help_text=_("Synchrony is not deception, and payment is not harm: one finding for each."))
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    claim = fields.text(_("Claim"), help_text=_("What happened, in sentences that the exhibits bear out."))
    method = fields.text(_("Method"), help_text=_("How one gets from the exhibits to the claim, so that another can."))
    likelihood = fields.choice(_("Likelihood"), Likelihood.choices, help_text=_("That the claim is so."))
    confidence = fields.choice(_("Confidence"), Finding.Confidence.choices,
                               help_text=_("In this judgement: how good its sources and its reasoning are. Never in "
                                           "one sentence with the likelihood."))
    exhibits_for = fields.exhibits(label=_("Exhibits that it stands on"))
    against = fields.text(_("What speaks against it"))
    exhibits_against = fields.exhibits(label=_("Exhibits against it"), required=False)
    alternatives = fields.needed(AlternativesField(
        label=_("Other explanations considered"),
        help_text=_("Always a harmless one: keen followers, advertising, a news event.")))
    subjects = fields.subjects(label=_("Accounts that it names"), required=False)


class EditForm(doors.Edited, FindingForm):
    """A finding that is there."""


class SourcesForm(doors.Edited, fields.InCase):
    """For each exhibit that a finding cites: what it shows, and the two grades of the Admiralty code."""

    template_name = "casework/findings/source_fields.html"

    def __init__(self, *args: Any, cited: list[Citation], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.cited = cited
        for row in cited:
            number, unjudged = row.exhibit.number, ("", _("Not judged yet"))
            self.fields[f"note_{number}"] = fields.text(_("What it shows"), 2, required=False)
            self.fields[f"reliability_{number}"] = fields.needed(forms.ChoiceField(
                label=_("Its source"), choices=[unjudged, *Citation.Reliability.choices]), _("before review"))
            self.fields[f"credibility_{number}"] = fields.needed(forms.ChoiceField(
                label=_("What it says"), choices=[unjudged, *Citation.Credibility.choices]), _("before review"))

    def groups(self) -> list[dict[str, Any]]:
        """Each citation with its fields."""
        return [{"row": row, "fields": [self[f"{name}_{row.exhibit.number}"] for name in JUDGED]} for row in self.cited]

    def sources(self) -> dict[str, dict[str, str]]:
        """What the service takes, of a form that is valid."""
        return {row.exhibit.label: {name: self.cleaned_data[f"{name}_{row.exhibit.number}"] for name in JUDGED}
                for row in self.cited}


class TagsForm(doors.Edited, fields.InCase):
    """The numbers of techniques that were chosen; whether each is one the service knows."""

    techniques = forms.Field(required=False, widget=forms.MultipleHiddenInput)
