"""What people type about cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


class MemberForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.INVESTIGATOR)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("display_name", "pk")
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people
        # An option is plain text: U+2068 and U+2069 keep name and address apart in a right-to-left page.
        field.label_from_instance = lambda person: f"\u2068{person}\u2069 · \u2066{person.email}\u2069"  # type: ignore[method-assign]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}))
