"""What people type about cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.access import Role
from casework.cases.models import Case
from casework.people.models import User


class CaseForm(forms.ModelForm):
    class Meta:
        model = Case
        fields = ["title", "mandate_basis", "mandate_purpose", "mandate_scope"]
        widgets = {
            "title": forms.TextInput(attrs={"dir": "auto"}),
            "mandate_basis": forms.Textarea(attrs={"dir": "auto", "rows": 3}),
            "mandate_purpose": forms.Textarea(attrs={"dir": "auto", "rows": 3}),
            "mandate_scope": forms.Textarea(attrs={"dir": "auto", "rows": 3}),
        }


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """An option is plain text: these marks keep name and address apart in a right-to-left page."""
        return f"\u2068{obj}\u2069 · \u2066{obj.email}\u2069"


class MemberForm(forms.Form):
    person = PersonField(label=_("Person"), empty_label=_("Choose a person"),
                         queryset=User.objects.filter(is_active=True).order_by("display_name", "pk"))
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose one")), *Role.choices])


class LeadsForm(forms.Form):
    """One field for each case that would be left without a lead, under its ref: who leads it from now on.

    `choices` are the cases with who may."""

    def __init__(self, data: Any, *, choices: list[tuple[Case, Any]]):
        super().__init__(data)
        self.fields |= {case.ref: PersonField(label=f"\u2066{case.ref}\u2069", queryset=free,
                                              empty_label=_("Choose a person")) for case, free in choices}


class HoldForm(forms.Form):
    matter = forms.CharField(label=_("Matter"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"}),
                             help_text=_("What it is held for: a court's file number, a letter."))
    basis = forms.CharField(label=_("Legal basis"), max_length=2000,
                            widget=forms.Textarea(attrs={"dir": "auto", "rows": 2}))


class RetentionForm(doors.Edited):
    days = forms.IntegerField(label=_("Days kept after closing"), min_value=0, max_value=36_525,
                              widget=forms.NumberInput(attrs={"dir": "ltr"}))
    basis = forms.CharField(label=_("Rule"), max_length=2000, widget=forms.Textarea(attrs={"dir": "auto", "rows": 2}),
                            help_text=_("The law, contract or policy that says so."))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}))
