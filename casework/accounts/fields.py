"""Forms of things in a case: fields in which exhibits and subjects are named by their labels."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework.accounts import labels, moments
from casework.cases.models import Case


class LabelsField(forms.CharField):
    """Labels as people type them (`E-001, E-004`); cleans to the rows of the form's case, in that order."""

    case: Case

    def __init__(self, find: Callable[[Case, list[str]], list[Any]], **options: Any):
        super().__init__(**options, max_length=4000,
                         widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}))
        self.find = find

    def clean(self, value: Any) -> Any:
        return self.find(self.case, labels.split(super().clean(value)))


class LabelField(LabelsField):
    """Exactly one label; cleans to its row, or None where the field may stay empty."""

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        if len(found) > 1:
            raise ValidationError(_("Name one only."))
        return found[0] if found else None


def exhibits(**options: Any) -> LabelsField:
    options.setdefault("help_text", _("Exhibit numbers, for example E-001, E-004."))
    return LabelsField(labels.exhibits, **options)


def exhibit(**options: Any) -> LabelField:
    options.setdefault("help_text", _("An exhibit number, for example E-001."))
    return LabelField(labels.exhibits, **options)


def subjects(**options: Any) -> LabelsField:
    options.setdefault("help_text", _("Account numbers of this case, for example S-001, S-002."))
    return LabelsField(labels.subjects, **options)


def subject(**options: Any) -> LabelField:
    options.setdefault("help_text", _("An account number of this case, for example S-001."))
    return LabelField(labels.subjects, **options)


def text(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    """Prose of any length that a service takes, in any script."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"dir": "auto", "rows": rows}), **options)


def moment(label: Any, **options: Any) -> forms.CharField:
    """A day or a time, which the service reads."""
    options.setdefault("help_text", _("A day, 2026-03-14, or a time: 2026-03-14 18:05 is UTC, "
                                      "2026-03-14 23:05 +05:00 says its zone."))
    return forms.CharField(label=label, max_length=moments.LONGEST, widget=forms.TextInput(
        attrs={"dir": "ltr", "autocomplete": "off", "placeholder": "2026-03-14 18:05"}), **options)


def line(label: Any, longest: int, direction: str = "auto", **options: Any) -> forms.CharField:
    """One line as an exhibit shows it."""
    return forms.CharField(label=label, max_length=longest, widget=forms.TextInput(
        attrs={"dir": direction, "autocomplete": "off", "spellcheck": "false"}), **options)


def needed(field: Any, when: Any = "") -> Any:
    """`field`, which the service asks for and not the form, so that all that is missing is named at once; `when` says
    in words when it is needed, where it is not always."""
    field.required, field.needed, field.needed_when = False, True, when
    return field


def choice(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    """A list without a first choice of its own: what nobody chose states nothing."""
    return forms.ChoiceField(label=label, choices=[("", _("Choose one")), *choices], **options)


class InCase(forms.Form):
    """A form whose labels are looked up in `case`."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, LabelsField):
                field.case = case


class NoteForm(InCase):
    """A decision, with a word about it."""

    note = text(_("Note"), required=False)


class ReasonForm(InCase):
    reason = text(_("Reason"))
