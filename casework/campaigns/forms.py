"""What people type about campaigns, causes and listings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields, labels
from casework.campaigns import listings, services
from casework.campaigns.models import Cause, Listing, Mark
from casework.cases.models import Case
from casework.channels import fields as channels


def causes_of(case: Case, wanted: list[str]) -> list[Cause]:
    """The causes of this case with these labels, as casework.accounts.labels finds exhibits."""
    return labels.rows("U", wanted, case.causes.all(), case.ref)


class NameForm(fields.InCase):
    title = fields.needed(fields.line(_("Title"), services.LENGTHS["title"]))
    objective = fields.needed(fields.text(_("Objective"), rows=4, help_text=_(
        "What it was to make people see or believe, as the taskings show it.")))
    languages = fields.line(_("Languages"), 200, "ltr", required=False,
                            help_text=_("Codes, for example ur, en, ps, sd, bal."))
    taskings = channels.taskings(label=_("Taskings that pushed it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        fields.needed(self.fields["taskings"])


class EditForm(doors.Edited, NameForm):
    """A campaign that is there."""


class MarkForm(fields.InCase):
    kind = fields.needed(fields.choice(_("Kind"), Mark.Kind.choices))
    text = fields.needed(fields.line(_("As the exhibit shows it"), services.LENGTHS["text"]))
    exhibit = fields.exhibit(label=_("Exhibit that shows it"))
    at = fields.moment(_("Seen at"))


class CauseForm(fields.InCase):
    title = fields.needed(fields.line(_("Title"), 200))
    description = fields.text(_("Description"), required=False)
    listing = forms.ModelChoiceField(Listing.objects.none(), label=_("Listing"), required=False,
                                     empty_label=_("None applies"), help_text=_(
                                         "Where an authority lists the organisation behind the cause."))
    listing_basis = fields.text(_("Why the listing applies"), required=False)

    def __init__(self, *args: Any, cited: Listing | None = None, **kwargs: Any):
        """`cited`: the listing that is cited now, which may have been withdrawn since."""
        super().__init__(*args, **kwargs)
        there: Any = self.fields["listing"]
        there.queryset = Listing.objects.standing() | Listing.objects.filter(pk__in=[cited.pk] if cited else [])


class CauseEditForm(doors.Edited, CauseForm):
    """A cause that is there."""


class AttachForm(fields.InCase):
    cause = fields.LabelField(causes_of, label=_("Cause"), help_text=_("The number of a cause, for example U-001."))
    basis = fields.needed(fields.text(_("Basis"), help_text=_(
        "What shows that the campaign pushes it. No account is named here.")))
    exhibits = fields.exhibits(label=_("Exhibits that show it"))


class ListingForm(forms.Form):
    authority = fields.needed(fields.line(_("Authority"), listings.LENGTHS["authority"]))
    list_name = fields.needed(fields.line(_("List or law"), listings.LENGTHS["list_name"]))
    organisation = fields.needed(fields.line(_("Organisation"), listings.LENGTHS["organisation"],
                                               help_text=_("As the list spells it.")))
    reference = fields.needed(fields.line(_("Reference"), listings.LENGTHS["reference"],
                                            help_text=_("The number of the entry or of the order.")))
    listed_on = forms.DateField(label=_("Listed on"), widget=forms.DateInput(attrs={"type": "date"}))
    source_url = fields.needed(fields.line(_("Address of the source"), listings.LENGTHS["source_url"], "ltr"))
    read_on = forms.DateField(label=_("Read there on"), widget=forms.DateInput(attrs={"type": "date"}))


class ReasonForm(forms.Form):
    reason = fields.text(_("Reason"))
