"""What people say of an export before it is read. A field is there where its format asks for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.accounts.fields import choice, needed, text
from casework.posts import words
from casework.posts.looking import ORDERED, TABLES
from casework.posts.models import Format
from casework.posts.services import LONGEST
from evidence.jail.exports.coarse import COARSER
from evidence.jail.exports.sources import ENCODINGS
from evidence.jail.exports.tables import DELIMITERS

CLOCKS = {Format.WHATSAPP, Format.TELEGRAM, *TABLES}


class BeginForm(forms.Form):
    """`facts` is what a look found; `suggested` the members of the archive that may be read. Of a workbook it is the
    look that names its sheets."""

    zone = forms.CharField(label=words.OPTIONS["zone"], max_length=64, required=False,
                           help_text=_("Where the telephone stood that made the export: Asia/Karachi, Asia/Dubai, UTC. "
                                       "Write “unknown” where nobody can say; then no time in UTC is given."),
                           widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "list": "zones"}))

    resolution = forms.ChoiceField(label=words.OPTIONS["resolution"], required=False,
                                   choices=[("", _("As exactly as they are written")), *(
                                       (one, words.RESOLUTIONS[one]) for one in COARSER)],
                                   help_text=_("Say less where the clock, or what made the export, cannot be trusted "
                                               "to the second. No time is ever taken more exactly than it is written."))

    def __init__(self, data: Any = None, *, format: str, facts: dict[str, Any], suggested: list[str], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.format, self.facts = format, facts
        if format not in CLOCKS:
            del self.fields["zone"]
        elif format == Format.WHATSAPP:
            needed(self.fields["zone"])
        if format != Format.XARCHIVE:
            self._member(suggested)
        if format == Format.WHATSAPP:
            self._chat()
        if format in TABLES:
            self._table()
        if format in {Format.WHATSAPP, Format.TABLE}:
            self._add("encoding", forms.ChoiceField(label=words.OPTIONS["encoding"], required=False, choices=[
                ("", _("As the file says, or UTF-8")), *((one, one) for one in ENCODINGS)]))

    def _add(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field

    def _member(self, suggested: list[str]) -> None:
        """Which one is read, where there are several; the one that was looked at first."""
        is_sheet = self.format == Format.SHEET
        places = [(member, name) for name, member in self.facts.get("sheets", {}).items()] if is_sheet else [
            (one, one) for one in suggested]
        said = self.initial.get("member")
        if said and said not in dict(places):
            places.append((said, said))
        if len(places) > 1 or said:
            self._add("member", forms.ChoiceField(
                label=_("Sheet of the workbook") if is_sheet else words.OPTIONS["members"], choices=places))
            self.initial["member"] = next(iter(self.facts.get("members", [])), said)

    def _chat(self) -> None:
        told = self.facts
        if told.get("state") == "ambiguous_layout" or "layout" in self.initial:
            self._add("layout", needed(choice(words.OPTIONS["layout"], [
                (one["layout"], one["example"]) for one in told.get("layouts", [])])))
        if told.get("state") in ORDERED or told.get("too_long") or "order" in self.initial:
            known = told.get("candidates") or list(words.ORDERS)
            self._add("order", needed(choice(words.OPTIONS["order"], [(one, words.ORDERS[one]) for one in known])))
        if names := told.get("names_with_a_colon"):
            self._add("names", forms.MultipleChoiceField(
                label=words.OPTIONS["names"], required=False, choices=[(one, one) for one in names],
                widget=forms.CheckboxSelectMultiple, help_text=_("Tick what is a name. The rest is read as a name and "
                                                                 "the beginning of a message.")))

    def _table(self) -> None:
        names, guessed = self.facts.get("names", []), self.facts.get("columns", {})
        chosen = [("", _("None")), *((name, name) for name in names)]
        for code, said in {**words.COLUMNS, **words.COUNTS}.items():
            self._add(f"column_{code}", forms.ChoiceField(
                label=said, choices=chosen, required=False, initial=guessed.get(code, "")))
        self._add("time", forms.ChoiceField(label=words.OPTIONS["time"], required=False, choices=[
            ("", _("As the column decides")), *words.WAYS.items()]))
        self._add("kind", forms.ChoiceField(label=words.OPTIONS["kind"], choices=list(words.VALUES["kind"].items())))
        if self.format == Format.TABLE:
            signs = [(one, words.VALUES["delimiter"].get(one, one)) for one in DELIMITERS]
            self._add("delimiter", forms.ChoiceField(label=words.OPTIONS["delimiter"], required=False, choices=[
                ("", _("As the first line decides")), *signs]))

    def options(self) -> dict[str, Any]:
        """What was said, for the service."""
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith("column_")}
        if member := said.pop("member", ""):
            said["members"] = [member]
        columns: dict[str, Any] = {code: self.cleaned_data.get(f"column_{code}", "") for code in words.COLUMNS}
        columns["counts"] = {code: name for code in words.COUNTS if (name := self.cleaned_data.get(f"column_{code}"))}
        return said | ({"columns": columns} if self.format in TABLES else {})


def initial(options: dict[str, Any]) -> dict[str, Any]:
    """An earlier import's options, for the fields of its successor."""
    columns = dict(options.get("columns", {}))
    counts = columns.pop("counts", {})
    first = {name: value for name, value in options.items() if name not in ("columns", "members")}
    first |= {f"column_{code}": name for code, name in {**columns, **counts}.items()}
    return first | ({"member": options["members"][0]} if options.get("members") else {})


class WithdrawForm(forms.Form):
    reason = text(_("Reason"), max_length=LONGEST["reason"])
