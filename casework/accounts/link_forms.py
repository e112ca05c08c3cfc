"""What people type about links between accounts, and which tags they choose."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.accounts.likelihood import Likelihood
from casework.accounts.link_models import AccountLink
from casework.accounts.tags import Tag


class LinkForm(fields.InCase):
    kind = fields.needed(fields.choice(_("What it has to do with the other"), AccountLink.Kind.choices))
    other = fields.subject(label=_("The other account"))
    likelihood = fields.needed(fields.choice(_("Likelihood"), Likelihood.choices))
    basis = fields.needed(fields.text(_("On what that stands"), help_text=_("No telephone numbers: the exhibit shows "
                                                                            "them.")))
    exhibits = fields.needed(fields.exhibits(label=_("Exhibits")))


class TagsForm(doors.Edited, fields.InCase):
    tags = forms.MultipleChoiceField(label=_("What the account does"), choices=Tag.choices, required=False,
                                     widget=forms.CheckboxSelectMultiple,
                                     help_text=_("Behaviour alone. A view, a party, a faith or an origin is none."))
