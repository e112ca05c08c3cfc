"""Forms for many accounts at once: the list that is pasted, and the lines that came of it, to be corrected."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.accounts import fields, observing
from casework.accounts.drafts import Draft
from casework.approvals import digest_of
from casework.exhibits import platform_addresses
from casework.exhibits.platforms import Platform
from evidence.jail.exports.sources import ENCODINGS

COLUMNS = ("platform", "handle", "display_name", "stable_id", "exhibit", "address")


def _shown_by() -> forms.CharField:
    return forms.CharField(label=_("Exhibit that shows them"), max_length=40, required=False, help_text=_(
        "Where a line names another exhibit, that one counts for it."), widget=forms.TextInput(attrs={
            "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}))


class PasteForm(forms.Form):
    links = fields.needed(forms.CharField(
        label=_("Links to accounts or posts"), strip=False,
        help_text=_("One on a line, of any platforms. Nothing is fetched, and nothing is made before you have gone "
                    "over it."),
        widget=forms.Textarea(attrs={"dir": "ltr", "rows": 12, "spellcheck": "false", "autocomplete": "off"})))
    exhibit = _shown_by()


class TableForm(fields.InCase):
    table = fields.exhibit(label=_("Exhibit that is the table"), help_text=_(
        "CSV or a workbook, lodged as it came. Its first line names the columns: handle or url, and where there are "
        "such, platform, display name, stable id and exhibit."))
    encoding = forms.ChoiceField(label=_("Encoding"), required=False, choices=[
        ("", _("As the file says, or UTF-8")), *((one, one) for one in ENCODINGS)])
    exhibit = _shown_by()


def _line(longest: int, words: Any) -> forms.CharField:
    return forms.CharField(max_length=longest, required=False, label=words, widget=forms.TextInput(
        attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}))


class DraftForm(forms.Form):
    """One line. Its number is its prefix; what is wrong with what it holds the service says, for all lines at once."""

    take = forms.BooleanField(required=False, label=_("Take it"))
    platform = forms.ChoiceField(choices=[("", _("Choose one")), *Platform.choices], required=False,
                                 label=_("Platform"))
    handle = _line(observing.LENGTHS["handle"], _("Handle"))
    display_name = _line(observing.LENGTHS["display_name"], _("Display name"))
    stable_id = _line(observing.LENGTHS["stable_id"], _("The platform's stable id"))
    exhibit = _line(40, _("Exhibit that shows it"))
    address = forms.CharField(max_length=platform_addresses.LONGEST, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, draft: Draft, **kwargs: Any):
        super().__init__(data, prefix=f"line-{draft.line}", **kwargs, initial={
            "take": draft.is_new, **{name: getattr(draft, name) for name in COLUMNS}})
        self.draft = draft
        # Each field says of which line it is.
        for name, field in self.fields.items():
            if name != "address":
                field.widget.attrs["aria-label"] = _("Line %(line)d: %(field)s") % {
                    "line": draft.line, "field": field.label}
                field.widget.attrs["placeholder"] = field.label


class Lines:
    """The forms of all lines of which something can be made, over what was read again from the list itself.

    `version` says which list they are of: corrections of one list are no answer to another."""

    def __init__(self, drafts: Iterable[Draft], data: Any = None):
        self.drafts = list(drafts)
        self.version = digest_of({"lines": [[draft.line, draft.text] for draft in self.drafts]})
        self.is_stale = data is not None and data.get("version") != self.version
        data = None if self.is_stale else data
        self.forms = [DraftForm(data, draft=draft) for draft in self.drafts if not draft.problem]

    @property
    def refused(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.problem]

    def is_valid(self) -> bool:
        return all(form.is_valid() for form in self.forms)

    def rows(self) -> list[dict[str, Any]]:
        """What was chosen, for the service."""
        return [{"line": form.draft.line, **{name: form.cleaned_data[name] for name in COLUMNS}}
                for form in self.forms if form.cleaned_data["take"]]
