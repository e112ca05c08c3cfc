"""What people type about channels."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.channels import fields as own
from casework.channels import links
from casework.channels.models import ChannelObservation
from casework.channels.services import LENGTHS, MOST_MEMBERS
from casework.exhibits.platforms import Platform

Fact = ChannelObservation.Fact


class NameForm(fields.InCase):
    platform = fields.needed(fields.choice(_("Platform"), Platform.choices))
    name = fields.line(_("Name"), LENGTHS["name"], required=False, help_text=_("As the exhibit shows it."))
    invite_link = fields.line(_("Invite link"), LENGTHS["invite_link"], "ltr", required=False,
                              help_text=_("As the exhibit shows it. It says which platform it is."))
    stable_id = fields.line(_("The platform's stable id"), LENGTHS["stable_id"], "ltr", required=False,
                            help_text=_("The number that stays when the name changes, where it is known."))
    exhibit = fields.exhibit(label=_("Exhibit that shows it"))
    at = fields.moment(_("Seen at"))

    def clean(self) -> dict[str, Any] | None:
        """An invite link says its platform."""
        cleaned = super().clean() or {}
        if not cleaned.get("platform") and cleaned.get("invite_link"):
            cleaned["platform"] = links.read(cleaned["invite_link"]).platform
        return cleaned


class EditForm(doors.Edited, fields.InCase):
    platform = forms.ChoiceField(label=_("Platform"), choices=Platform.choices)
    stable_id = fields.line(_("The platform's stable id"), LENGTHS["stable_id"], "ltr", required=False)
    note = fields.text(_("Note"), required=False,
                       help_text=_("No telephone numbers: a channel's members are bystanders."))


class ObserveForm(fields.InCase):
    """One fact. It has the fields that its fact takes, and no others."""

    text = fields.line(_("As the exhibit shows it"), LENGTHS["text"], required=False)
    members = forms.IntegerField(label=_("Members"), min_value=0, max_value=MOST_MEMBERS, required=False)
    subject = fields.subject(label=_("Account of the admin"), required=False)
    became = own.channel(label=_("Re-created as"), required=False)
    exhibit = fields.exhibit(label=_("Exhibit that shows it"))
    at = fields.moment(_("When"))

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any):
        super().__init__(*args, **kwargs)
        takes = {Fact.NAME: ["text"], Fact.INVITE: ["text"], Fact.MEMBERS: ["members"],
                 Fact.ADMIN: ["subject", "text"], Fact.RECREATED: ["became"]}.get(fact, [])
        self.fields = {name: self.fields[name] for name in (*takes, "exhibit", "at")}
        if fact == Fact.ADMIN:
            self.fields["text"].help_text = _("Where the admin is no account of this case.")
        else:
            for name in takes:
                fields.needed(self.fields[name])
