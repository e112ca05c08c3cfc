"""What people type about payments."""

from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.channels import fields as own
from casework.channels import money
from casework.channels.payment_models import Payment

TAIL = _("Four characters at most; the whole number stays in the exhibit.")


class NoteForm(fields.InCase):
    amount = fields.needed(fields.line(_("Amount"), money.LONGEST, "ltr",
                                    help_text=_("Digits with a point, as the exhibit shows it.")))
    currency = fields.needed(fields.choice(_("Currency"), money.CURRENCIES))
    shows = fields.needed(fields.choice(_("What the exhibits show of it"), Payment.Shows.choices,
                                        help_text=_("A promise is no payment.")))
    method = fields.needed(fields.choice(_("Method"), Payment.Method.choices))
    exhibits = fields.exhibits(label=_("Exhibits that show it"))
    at = fields.moment(_("Paid at"), required=False)
    payer = fields.subject(label=_("Account of the payer"), required=False)
    payer_text = fields.line(_("Payer as shown"), 200, required=False,
                             help_text=_("Where the payer is no account of this case. No full numbers."))
    payer_tail = fields.line(_("End of the payer's account or wallet"), 4, "ltr", required=False, help_text=TAIL)
    payee = fields.subject(label=_("Account of the payee"), required=False)
    payee_text = fields.line(_("Payee as shown"), 200, required=False,
                             help_text=_("Where the payee is no account of this case. No full numbers."))
    payee_tail = fields.line(_("End of the payee's account or wallet"), 4, "ltr", required=False, help_text=TAIL)
    reference = fields.line(_("Reference of the transfer"), 120, "ltr", required=False)
    taskings = own.taskings(label=_("For the taskings"), required=False)


class EditForm(doors.Edited, NoteForm):
    """A payment that is there."""


