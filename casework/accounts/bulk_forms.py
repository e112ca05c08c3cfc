"""What people type about many accounts at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.accounts import fields
from casework.accounts.forms import AssessForm
from casework.accounts.link_forms import LinkForm
from casework.accounts.models import Subject
from casework.accounts.tags import Tag


class ManyForm(fields.InCase):
    """`subjects` first: those that were ticked in the list."""

    subjects = fields.subjects(label=_("Accounts"))


class TagManyForm(ManyForm):
    tags = fields.needed(forms.MultipleChoiceField(
        label=_("What the accounts do"), choices=Tag.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("Given to each beside the tags that it has. Behaviour alone: a view, a party, a faith or an origin "
                    "is none.")))


class LinkManyForm(ManyForm, LinkForm):
    field_order = ["subjects"]


class AssessManyForm(ManyForm, AssessForm):
    field_order = ["subjects"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, role=Subject.Role.BYSTANDER, **kwargs)
        field = self.fields["to_role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = Subject.Role.choices
