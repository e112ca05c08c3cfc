"""What people type about a subject: its persona, where it is run from, and what speaks for and against it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields, notes, statements
from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject

UNLESS_NONE = _("needed with a persona")
WITH_A_PLACE = _("needed with a place")


class PersonaForm(doors.Edited, fields.InCase):
    persona = forms.ChoiceField(label=_("Persona"), choices=Subject.Persona.choices)
    basis = fields.needed(fields.text(_("What shows it"), help_text=_(
        "The picture, the name, what it writes of itself; never what it thinks.")), UNLESS_NONE)
    exhibits = fields.needed(fields.exhibits(label=_("Exhibits")), UNLESS_NONE)


class LocationForm(doors.Edited, fields.InCase):
    place = fields.line(_("Where it is run from"), statements.LENGTHS["place"], required=False,
                        help_text=_("Empty where no place is assessed any more."))
    likelihood = fields.needed(fields.choice(_("Likelihood"), Likelihood.choices), WITH_A_PLACE)
    basis = fields.needed(fields.text(_("On what that stands"), help_text=_(
        "A label of the platform is a claim and not enough by itself.")))
    exhibits = fields.needed(fields.exhibits(label=_("Exhibits")), WITH_A_PLACE)


class NoteForm(fields.InCase):
    bearing = fields.needed(forms.ChoiceField(label=_("Which way it bears"), choices=notes.Bearing.choices,
                                              widget=forms.RadioSelect))
    text = fields.needed(fields.text(_("What is known"), rows=6))
    exhibits = fields.needed(fields.exhibits(label=_("Exhibits")), _("needed where it speaks against the account"))
