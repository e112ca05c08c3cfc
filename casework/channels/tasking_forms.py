"""What people type about taskings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.channels import money
from casework.channels.tasking_models import Tasking

UNSTATED = ("", _("None stated"))


class NoteForm(fields.InCase):
    message = fields.needed(fields.text(_("Message handed out"), rows=6, help_text=_("As the exhibit shows it.")))
    post_text = fields.text(_("Text to post"), rows=4, required=False,
                            help_text=_("Where it is not the message itself."))
    exhibits = fields.exhibits(label=_("Exhibits that show it"))
    attached = fields.exhibits(label=_("Pictures and films to post"), required=False)
    at = fields.moment(_("Handed out at"), required=False)
    handed_out_by = fields.subject(label=_("Handed out by"), required=False)
    window_from = fields.moment(_("To be posted from"), required=False)
    window_until = fields.moment(_("To be posted until"), required=False)
    pay_amount = fields.line(_("Pay offered"), money.LONGEST, "ltr", required=False,
                             help_text=_("Digits with a point, as the exhibit shows it."))
    pay_currency = forms.ChoiceField(label=_("Currency"), choices=[UNSTATED, *money.CURRENCIES], required=False)
    pay_per = forms.ChoiceField(label=_("Paid for"), choices=[UNSTATED, *Tasking.Per.choices], required=False)
    pay_per_text = fields.line(_("What else it is paid for"), 200, required=False)


class EditForm(doors.Edited, NoteForm):
    """A tasking that is there."""
