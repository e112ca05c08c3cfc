"""Kinds of edges, as data: what each is called, the rule by which it is drawn, and what one must be allowed to read."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.access import Action


class Sort(models.TextChoices):
    """What stands at the ends of edges."""

    ACCOUNT = "account", _("Account")
    CHANNEL = "channel", _("Channel")
    CAMPAIGN = "campaign", _("Campaign")


class Kind(models.TextChoices):
    SAME_OPERATOR = "same_operator", _("Same operator suspected")
    RENAMED_FROM = "renamed_from", _("Renamed from")
    CONTACT = "contact", _("Shares contact details with")
    ADMINISTERS = "administers", _("Administers")
    ADMIN = "admin", _("Admin of a channel")
    HANDED_OUT = "handed_out", _("Handed out taskings")
    POSTED = "posted", _("Posted the text of taskings")
    PAID = "paid", _("Paid")
    PAID_FOR = "paid_for", _("Paid for taskings")
    PROMISED = "promised", _("Promised pay")
    RECREATED = "recreated", _("Re-created as")
    PUSHED = "pushed", _("Taskings pushed a campaign")


# The same in both directions.
MUTUAL = (Kind.SAME_OPERATOR, Kind.CONTACT)
LINKS = (Kind.SAME_OPERATOR, Kind.RENAMED_FROM, Kind.CONTACT, Kind.ADMINISTERS)


@dataclass(frozen=True)
class Rule:
    """`words` say what makes an edge and what its count counts; `action` is what one needs to see it."""

    action: Action
    words: Any


_LINK = Rule(Action.ACCOUNT_READ, _("Somebody of the team linked the two accounts, with a likelihood and a reason. "
                                    "Counted: the exhibits that it stands on."))
_PAID = _("Exhibits show money, or the payee says so; a promise is none. Counted: the payments.")
RULES: dict[str, Rule] = {
    **dict.fromkeys(LINKS, _LINK),
    Kind.ADMIN: Rule(Action.CHANNEL_READ, _("Exhibits show the account as an admin of the channel. Counted: what shows "
                                            "it.")),
    Kind.HANDED_OUT: Rule(Action.CHANNEL_READ, _("Exhibits show that the account handed out taskings in the channel. "
                                                 "Counted: the taskings.")),
    Kind.POSTED: Rule(Action.POST_READ, _("Imported posts carry the text of taskings of the channel, equal in one "
                                          "spelling, whenever they were written; their sender matches the account by "
                                          "its number or handle. Counted: the posts, each once.")),
    Kind.PAID: Rule(Action.CHANNEL_READ, _PAID),
    Kind.PAID_FOR: Rule(Action.CHANNEL_READ, _("Exhibits show money to the account for taskings of the channel, or it "
                                               "says so itself; the payer is no account of the case. Counted: the "
                                               "payments.")),
    Kind.PROMISED: Rule(Action.CHANNEL_READ, _("Messages promise money and nothing shows that it came. Counted: the "
                                               "promises.")),
    Kind.RECREATED: Rule(Action.CHANNEL_READ, _("Exhibits show that the second channel came in the place of the "
                                                "first. Counted: what shows it.")),
    Kind.PUSHED: Rule(Action.CAMPAIGN_READ, _("Taskings of the channel are named as part of the campaign. Counted: the "
                                              "taskings.")),
}
