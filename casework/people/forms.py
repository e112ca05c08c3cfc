"""What people type about people."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from casework.people.models import ApiToken, User
from casework.templatetags.house import ltr


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"dir": "ltr"}))
    display_name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"dir": "auto"}))


class JoinForm(forms.Form):
    display_name = forms.CharField(label=_("Name"), max_length=120,
                                   widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}))
    password = forms.CharField(label=_("Password"), strip=False, max_length=4096,
                               widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "new-password"}))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validation.password_validators_help_texts())


class SettingsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["display_name", "language", "theme", "single_keys"]
        widgets = {"display_name": forms.TextInput(attrs={"dir": "auto"})}


class TokenForm(forms.Form):
    """`cases`: the refs among which may be chosen; none chosen is no limit."""

    name = forms.CharField(label=_("What it is for"), max_length=80, widget=forms.TextInput(attrs={"dir": "auto"}))
    scopes = forms.MultipleChoiceField(label=_("It may"), choices=ApiToken.Scope.choices, initial=["read"],
                                       widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=365, initial=30)
    cases = forms.MultipleChoiceField(label=_("Only for these cases"), required=False,
                                      widget=forms.CheckboxSelectMultiple,
                                      help_text=_("None ticked: for all of your cases, and for what is outside them."))

    def __init__(self, *given: Any, cases: Sequence[str], **named: Any):
        super().__init__(*given, **named)
        chosen: Any = self.fields["cases"]
        chosen.choices = [(ref, ltr(ref)) for ref in cases]
        if not cases:
            del self.fields["cases"]
