"""What people type about findings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.accounts.likelihood import Likelihood
from casework.findings.models import Finding


class FindingForm(fields.InCase):
    kind = fields.choice(_("Kind"), Finding.Kind.choices,
                         help_text=_("Synchrony is not deception, and payment is not harm: one finding for each."))
    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}))
    claim = fields.text(_("Claim"), help_text=_("What happened, in sentences that the exhibits bear out."))
    method = fields.text(_("Method"), help_text=_("How one gets from the exhibits to the claim, so that another can."))
    likelihood = fields.choice(_("Likelihood"), Likelihood.choices)
    exhibits_for = fields.exhibits(label=_("Exhibits that it stands on"))
    against = fields.text(_("What speaks against it"))
    exhibits_against = fields.exhibits(label=_("Exhibits against it"), required=False)
    alternatives = fields.text(_("Other explanations considered"),
                               help_text=_("Always a harmless one: keen followers, advertising, a news event."))
    subjects = fields.subjects(label=_("Accounts that it names"), required=False)


class EditForm(doors.Edited, FindingForm):
    """A finding that is there."""
