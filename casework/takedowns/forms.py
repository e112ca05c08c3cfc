"""What people type about notices."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.exhibits.platforms import Platform
from casework.takedowns.models import Target

REVIEW = _("needed before review")


class NoticeForm(fields.InCase):
    platform = fields.choice(_("Platform"), Platform.choices)
    policy = forms.CharField(label=_("Policy relied on"), max_length=200,
                             help_text=_("By the name that the platform gives it."),
                             widget=forms.TextInput(attrs={"dir": "auto", "list": "policies"}))
    text = fields.text(_("Text of the notice"), rows=8,
                       help_text=_("The behaviour that the exhibits show. Targets and hashes are added below it."))
    necessity = fields.needed(fields.text(_("Necessity and proportionality")), REVIEW)
    against = fields.needed(fields.text(_("What speaks against it")), REVIEW)
    less_intrusive = fields.needed(fields.text(_("Less intrusive options considered")), REVIEW)


class ComposeForm(NoticeForm):
    field_order = ["platform", "policy", "subjects"]

    subjects = fields.subjects(label=_("Accounts"), required=False, help_text=_(
        "For example S-001, S-002. Each becomes a target with the exhibits that show it; addresses are added next."))


class EditForm(doors.Edited, NoticeForm):
    """The words of a notice that is there."""


class TargetForm(fields.InCase):
    kind = fields.choice(_("What it is"), Target.Kind.choices)
    subject = fields.subject(label=_("Account"), required=False, help_text=_(
        "An account number of this case, for example S-001. Where the address says whose it is, it may stay empty."))
    url = forms.CharField(label=_("Address"), max_length=2000, required=False, widget=forms.TextInput(
        attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off", "spellcheck": "false"}))
    exhibits = fields.exhibits(label=_("Exhibits that show it"), required=False)


class ReferenceForm(fields.InCase):
    reference = forms.CharField(label=_("The platform's reference"), max_length=120,
                                help_text=_("As in its answer; where it gave none, write that."),
                                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}))


class OutcomeForm(fields.InCase):
    outcome = fields.choice(_("Outcome"), [
        choice for choice in Target.Outcome.choices if choice[0] != Target.Outcome.PENDING])
    wording = fields.text(_("The platform's own words"), required=False)
    answer_exhibit = fields.exhibit(label=_("The answer as an exhibit"), required=False)
