"""What people type about notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.accounts import fields
from casework.exhibits.platforms import Platform
from casework.takedowns.models import Notice, Target


class NoticeForm(fields.InCase):
    platform = forms.ChoiceField(label=_("Platform"), choices=Platform.choices)
    policy = forms.CharField(label=_("Policy relied on"), max_length=200,
                             help_text=_("By the name that the platform gives it."),
                             widget=forms.TextInput(attrs={"dir": "auto", "list": "policies"}))
    text = fields.text(_("Text of the notice"), rows=8,
                       help_text=_("The behaviour that the exhibits show. Targets and hashes are added below it."))
    necessity = fields.text(_("Necessity and proportionality"), required=False,
                            help_text=_("Needed before review, like the next two."))
    against = fields.text(_("What speaks against it"), required=False)
    less_intrusive = fields.text(_("Less intrusive options considered"), required=False)


class ComposeForm(NoticeForm):
    field_order = ["platform", "policy", "subjects"]

    subjects = fields.subjects(label=_("Accounts"), required=False, help_text=_(
        "For example S-001, S-002. Each becomes a target with the exhibits that show it; addresses are added next."))


class TargetForm(fields.InCase):
    kind = forms.ChoiceField(label=_("What it is"), choices=Target.Kind.choices)
    subject = fields.subject(label=_("Account"), required=False)
    url = forms.CharField(label=_("Address"), max_length=2000, required=False, widget=forms.TextInput(
        attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off", "spellcheck": "false"}))
    exhibits = fields.exhibits(label=_("Exhibits that show it"), required=False)


class ReferenceForm(fields.InCase):
    reference = forms.CharField(label=_("The platform's reference"), max_length=120,
                                help_text=_("As in its answer; where it gave none, write that."),
                                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}))


class OutcomeForm(fields.InCase):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[
        choice for choice in Target.Outcome.choices if choice[0] != Target.Outcome.PENDING])
    wording = fields.text(_("The platform's own words"), required=False)
    answer_exhibit = fields.exhibit(label=_("The answer as an exhibit"), required=False)


def as_typed(notice: Notice) -> dict[str, Any]:
    return {name: getattr(notice, name) for name in
            ("platform", "policy", "text", "necessity", "against", "less_intrusive")}
