"""What people type about an exhibit."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.exhibits import provenance
from casework.exhibits.disposals import Ground
from casework.exhibits.moment_fields import FormMoment
from casework.exhibits.platforms import Platform
from casework.exhibits.services import TITLE_LENGTH
from evidence.intake.models import Item

ACQUISITIONS = [Item.Acquisition.FILE, Item.Acquisition.CLIPBOARD, Item.Acquisition.TEXT]
LONGEST_TEXT = 1_000_000
_KEY = re.compile(r"^[0-9a-f]{32}$")


def _line(label: Any, key: str, *, direction: str = "auto", **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=provenance.LONGEST[key],
                           widget=forms.TextInput(attrs={"dir": direction, "autocomplete": "off"}), **more)


class CaptureForm(forms.Form):
    """How it came to us. Every field may stay empty; an address fills what it says by itself."""

    title = forms.CharField(label=_("Title"), required=False, max_length=TITLE_LENGTH,
                            widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}))
    source_url = _line(_("Address of the post or profile"), "source_url", direction="ltr",
                       help_text=_("What it says of platform, account, post and time is taken from it where nothing is "
                                   "written below."))
    platform = forms.ChoiceField(label=_("Platform"), required=False, choices=[("", "—"), *Platform.choices])
    handle = _line(_("Account that posted it"), "handle")
    post_id = _line(_("Post id"), "post_id", direction="ltr")
    posted_at = FormMoment(label=_("Posted at (UTC)"))
    posted_at_basis = forms.ChoiceField(
        label=_("How we know the time"), required=False,
        choices=[(provenance.CLAIMED, _("The platform or a person says so")), (provenance.OBSERVED, _("We saw it"))])
    captured_at = FormMoment(label=_("Captured at (UTC)"))
    captured_with = _line(_("Captured with"), "captured_with", help_text=_("The device and program that made it."))
    collector = _line(_("Collected by"), "collector", help_text=_("The person who made the capture."))
    machine_address = _line(_("Address of the machine"), "machine_address", direction="ltr",
                            help_text=_("The IP address from which the page was asked for."))
    clock = _line(_("Synchronisation of the clock"), "clock",
                  help_text=_("How the clock of that machine was kept right, such as: NTP, checked the same day."))
    received_from = _line(_("Received from"), "received_from", help_text=_("Leave empty when you captured it."))
    note = forms.CharField(label=_("Note on how it came"), required=False, max_length=provenance.LONGEST["note"],
                           widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}))
    # Made with the form, so that a second click lodges nothing a second time.
    key = forms.RegexField(_KEY, required=False, widget=forms.HiddenInput)

    def provenance(self) -> dict[str, str]:
        """The cleaned provenance, for services.lodge."""
        return {key: self.cleaned_data[key] for key in provenance.LONGEST}


class LodgeForm(CaptureForm):
    """The same for files that are each an exhibit of its own, or for a text."""

    text = forms.CharField(label=_("Or type or paste a text to lodge"), required=False, max_length=LONGEST_TEXT,
                           strip=False, widget=forms.Textarea(attrs={"dir": "auto", "rows": 4}))
    acquisition = forms.ChoiceField(required=False, widget=forms.HiddenInput,
                                    choices=[(value, value) for value in ACQUISITIONS])

    def key_of(self, place: int, sha256: str) -> str:
        """The key under which the form's file number `place` is lodged once; empty where the form has none."""
        return f"{self.cleaned_data['key']}/{place}/{sha256}" if self.cleaned_data["key"] else ""

    def keys_of(self, hashes: list[str], given: list[str]) -> list[str]:
        """The keys of several files: the `given` ones where each has its own, else the form's by their places."""
        if len(given) == len(hashes) > 1 and all(_KEY.fullmatch(key) for key in given):
            return [f"{key}/0/{sha256}" for key, sha256 in zip(given, hashes, strict=True)]
        return [self.key_of(place, sha256) for place, sha256 in enumerate(hashes)]


class EditForm(doors.Edited):
    title = forms.CharField(label=_("Title"), required=False, max_length=TITLE_LENGTH,
                            widget=forms.TextInput(attrs={"dir": "auto"}))
    note = forms.CharField(label=_("Note"), required=False, max_length=20_000,
                           widget=forms.Textarea(attrs={"dir": "auto", "rows": 5}))
    sensitive = forms.BooleanField(label=_("Sensitive: hide the picture until somebody asks for it"), required=False)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}))


class EraseForm(forms.Form):
    """Which events, why, and which law says so. `choices` are (event id, what is shown of the event)."""

    events = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Reason"), max_length=2000,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
                             help_text=_("It stays in the log for ever: name nobody."))
    basis = forms.CharField(
        label=_("Legal basis"), max_length=2000, widget=forms.Textarea(attrs={"dir": "auto", "rows": 2}),
        help_text=_("The law or order that asks for it. It stays in the log for ever: name nobody."))

    def __init__(self, data: Any, *, choices: list[tuple[str, Any]], **options: Any):
        super().__init__(data, **options)
        field = self.fields["events"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


class DisposeForm(forms.Form):
    """Which exhibits, on what ground, why, and by which law."""

    exhibits = forms.CharField(label=_("Exhibits"), max_length=4000, help_text=_("Their labels, separated by commas."),
                               widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}))
    ground = forms.ChoiceField(label=_("Ground"), choices=[("", _("Choose one")), *Ground.choices])
    reason = forms.CharField(label=_("Reason"), max_length=2000,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}),
                             help_text=_("It stays in the log for ever: name nobody."))
    basis = forms.CharField(
        label=_("Legal basis"), max_length=2000, widget=forms.Textarea(attrs={"dir": "auto", "rows": 2}),
        help_text=_("The law, order or rule. It stays in the log for ever: name nobody."))

    def clean_exhibits(self) -> list[str]:
        return [part.upper() for part in re.split(r"[\s,;،]+", self.cleaned_data["exhibits"]) if part]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=2000,
                             widget=forms.Textarea(attrs={"dir": "auto", "rows": 3}))
