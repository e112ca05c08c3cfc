"""What people type about findings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.accounts import fields
from casework.findings.models import Citation, Finding


class FindingForm(fields.InCase):
    kind = fields.choice(_("Kind"), Finding.Kind.choices,
                         help_text=_("Synchrony is not deception, and payment is not harm: one finding for each."))
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    claim = fields.text(_("Claim"), help_text=_("What happened, in sentences that the exhibits bear out."))
    method = fields.text(_("Method"), help_text=_("How one gets from the exhibits to the claim, so that another can."))
    likelihood = fields.choice(_("Likelihood"), Finding.Likelihood.choices)
    exhibits_for = fields.exhibits(label=_("Exhibits that it stands on"))
    against = fields.text(_("What speaks against it"))
    exhibits_against = fields.exhibits(label=_("Exhibits against it"), required=False)
    alternatives = fields.text(_("Other explanations considered"),
                               help_text=_("Always a harmless one: keen followers, advertising, a news event."))
    subjects = fields.subjects(label=_("Accounts that it names"), required=False)


def as_typed(finding: Finding) -> dict[str, Any]:
    """A finding in the words and labels of its form."""
    def cited(bearing: str) -> str:
        rows = finding.citations.filter(bearing=bearing).select_related("exhibit").order_by("exhibit__number")
        return ", ".join(row.exhibit.label for row in rows)

    plain = ("kind", "title", "claim", "method", "likelihood", "against", "alternatives")
    return {**{name: getattr(finding, name) for name in plain},
            "exhibits_for": cited(Citation.Bearing.FOR), "exhibits_against": cited(Citation.Bearing.AGAINST),
            "subjects": ", ".join(subject.label for subject in finding.subjects.all())}
