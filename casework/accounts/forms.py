"""What people type about accounts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.accounts import claims, fields, observing, states
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.models import MOST_COUNTED, Assessment, Observation, Subject
from casework.exhibits import platform_urls
from casework.exhibits.platforms import Platform

UP = _("needed for a step up")


def count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_COUNTED, required=False)


class NamesForm(fields.InCase):
    handle = forms.CharField(label=_("Handle"), max_length=200, help_text=_("As the exhibit shows it."),
                             widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}))
    display_name = forms.CharField(label=_("Display name"), max_length=200, required=False)
    exhibit = fields.exhibit(label=_("Exhibit that shows it"))


class ObserveForm(NamesForm):
    """What the exhibit does not show stays empty."""

    at = fields.moment(_("Seen at"), required=False, help_text=_(
        "Empty: when the exhibit was captured. Otherwise a day, 2026-03-14, or a time with its zone."))
    status = forms.ChoiceField(label=_("Whether it is there"), choices=Observation.Status.choices, required=False,
                               initial=Observation.Status.UNKNOWN,
                               help_text=_("What was seen, and no more. Why an account is gone is seldom shown."))
    biography = fields.text(_("What it says of itself"), required=False)
    place = fields.line(_("Place that it claims"), observing.LENGTHS["place"], required=False)
    created = fields.line(_("Created, as shown"), 10, "ltr", required=False,
                          help_text=_("A year, a month or a day: 2021, 2021-03 or 2021-03-14."))
    followers = count(_("Followers"))
    following = count(_("Following"))
    posts = count(_("Posts"))
    picture = fields.exhibit(label=_("Exhibit that is its picture"), required=False)

    def clean_status(self) -> str:
        return self.cleaned_data["status"] or Observation.Status.UNKNOWN


class IdentifyForm(fields.InCase):
    stable_id = fields.needed(fields.line(_("The platform's stable id"), observing.LENGTHS["stable_id"], "ltr",
                                          help_text=_("The number that stays when the handle changes.")))


class ClaimForm(fields.InCase):
    kind = fields.needed(fields.choice(_("What it is"), PlatformClaim.Kind.choices))
    text = fields.needed(fields.line(_("In the platform's words"), claims.LENGTHS["text"]))
    exhibit = fields.exhibit(label=_("Exhibit that shows it"))
    at = fields.moment(_("Seen at"))


class NameForm(NamesForm):
    field_order = ["platform", "handle", "display_name", "stable_id", "persona", "persona_basis", "exhibit"]

    platform = fields.needed(fields.choice(_("Platform"), Platform.choices))
    handle = forms.CharField(label=_("Handle"), max_length=2000,
                             help_text=_("As the exhibit shows it, or the address of the profile."),
                             widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}))
    stable_id = forms.CharField(label=_("The platform's stable id"), max_length=120, required=False,
                                help_text=_("The number that stays when the handle changes, where it is known."),
                                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}))
    persona = forms.ChoiceField(label=_("Persona"), choices=Subject.Persona.choices)
    persona_basis = fields.needed(fields.text(_("What shows the persona"), rows=2), _("needed with a persona"))

    def clean(self) -> dict[str, Any] | None:
        """The address of a profile says platform and handle."""
        cleaned = super().clean() or {}
        facts = platform_urls.read(cleaned.get("handle", "")) if "/" in cleaned.get("handle", "") else None
        if facts and facts.handle:
            cleaned |= {"platform": facts.platform, "handle": facts.handle}
        return cleaned


class AssessForm(fields.InCase):
    to_role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    indicators = fields.needed(forms.MultipleChoiceField(
        label=_("Behaviour that the exhibits show"), choices=Assessment.Indicator.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one on the way up. A view, a party, a faith or an origin is none.")), UP)
    exhibits = fields.needed(fields.exhibits(label=_("Exhibits")), UP)
    reason = fields.needed(fields.text(_("Reason")))
    against = fields.needed(fields.text(_("What speaks against it"), help_text=_("Never empty on the way up.")), UP)

    def __init__(self, *args: Any, role: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = dict(Subject.Role.choices)
        field = self.fields["to_role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(to, names[to]) for to in states.steps_from(role)]
