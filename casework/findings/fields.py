"""Fields of this room's forms: other explanations, each with why it is less likely."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casework.accounts.words import LONGEST

Pairs = list[dict[str, str]]
PARTS = ("hypothesis", "why")
# So many rows are shown; more come with the next page, after those that are filled in.
FEWEST, MORE, MOST_READ = 3, 2, 40


class AlternativesWidget(forms.Widget):
    """A row of two fields for each explanation, and some empty ones: it needs no script."""

    template_name = "casework/findings/alternatives.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, dict(attrs or {}))
        filled: Pairs = list(value or [])
        empty = max(FEWEST - len(filled), MORE)
        rows = [*filled, *(dict.fromkeys(PARTS, "") for _row in range(empty))]
        context["rows"] = [{part: {"name": f"{name}-{at}-{part}", "text": row[part]} for part in PARTS}
                           | {"number": at + 1} for at, row in enumerate(rows)]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Pairs:
        rows = [{part: str(data.get(f"{name}-{at}-{part}", "")) for part in PARTS} for at in range(MOST_READ)]
        return [row for row in rows if any(text.strip() for text in row.values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-0-hypothesis" not in data


class AlternativesField(forms.Field):
    """Cleans to a list of `hypothesis` and `why`; what is missing in it the service says."""

    widget = AlternativesWidget

    def to_python(self, value: Any) -> Pairs:
        pairs: Pairs = list(value or [])
        if any(len(text) > LONGEST for pair in pairs for text in pair.values()):
            raise ValidationError(_("At most %(most)d characters each.") % {"most": LONGEST})
        return pairs

    def shown(self, value: Sequence[Mapping[str, str]]) -> str:
        """As people read it."""
        return "\n".join(": ".join(pair[part] for part in PARTS if pair[part]) for pair in value)
