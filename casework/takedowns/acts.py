"""The steps of a notice as pages show them: what is asked for, what is said before, what the button says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.accounts import fields
from casework.takedowns import services
from casework.takedowns.forms import ReferenceForm
from casework.takedowns.models import Notice


@dataclass(frozen=True)
class Step:
    """`binds`: the page shows what is decided upon, and sends back the digest of what it showed."""

    call: Callable[..., Notice]
    form: type[fields.InCase]
    title: Any
    lead: Any
    button: Any
    binds: bool = False
    danger: bool = False


STEPS: dict[str, Step] = {
    "submit": Step(services.submit, fields.InCase, _("Submit for rights review"),
                   _("Another person weighs it and approves or returns it. A later change makes it a draft again."),
                   _("Submit for review")),
    "approve": Step(services.approve, fields.NoteForm, _("Approve the notice"),
                    _("Your name stands beside it. It can then be sent, for seven days from its submission."),
                    _("Approve"), binds=True),
    "send_back": Step(services.send_back, fields.ReasonForm, _("Return the notice"), _("Say what has to change."),
                      _("Return to its drafter")),
    "send": Step(services.send, fields.InCase, _("Send the notice"),
                 _("This cannot be undone. Its text is frozen, its exact bytes become an exhibit of the case, and the "
                   "record says that you sent it now. Nothing is sent by itself: paste the text below into the "
                   "platform's form."), _("Freeze and mark as sent"), binds=True, danger=True),
    "acknowledge": Step(services.acknowledge, ReferenceForm, _("The platform has it"),
                        _("Write down the reference under which the platform answered."), _("Save")),
    "close": Step(services.close, fields.InCase, _("Close the notice"),
                  _("Nothing more is expected of it. It stays readable."), _("Close the notice")),
    "withdraw": Step(services.withdraw, fields.ReasonForm, _("Withdraw the notice"),
                     _("This cannot be undone. It stays readable, and what was sent stays an exhibit."),
                     _("Withdraw the notice"), danger=True),
}
