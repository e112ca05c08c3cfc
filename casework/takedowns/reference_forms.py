"""What administrators type about platforms. Where one field takes several things, each stands on a line of its own."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.exhibits.platforms import Platform
from casework.takedowns import facts
from casework.takedowns.reference_models import Policy, Route

REQUIRED = {"required": True, "optional": False, "": None}


class Lines(forms.CharField):
    """Several things, one on each line; cleans to dictionaries, whose values the service checks."""

    def __init__(self, rows: int = 4, **options: Any):
        super().__init__(required=False, max_length=20_000, **options, widget=forms.Textarea(
            attrs={"dir": "auto", "rows": rows, "spellcheck": "false"}))

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return [self.read(place, line) for place, line in enumerate(filter(None, lines), start=1)]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(self.written(one) for one in value) if isinstance(value, list) else value

    def shown(self, value: Any) -> str:
        """A value as people read it, for casework.doors.Edited."""
        return str(self.prepare_value(value) or "")

    def read(self, place: int, line: str) -> dict[str, Any]:
        raise NotImplementedError

    def written(self, one: dict[str, Any]) -> str:
        raise NotImplementedError


class Sources(Lines):
    """`address https://platform.example/rules 2026-03-14`"""

    def read(self, place: int, line: str) -> dict[str, Any]:
        parts = line.split()
        if len(parts) != 3:
            raise ValidationError(_("Line %(place)d: write the fact, the address of the page and the day."),
                                  params={"place": place})
        return dict(zip(("field", "url", "read_on"), parts, strict=True))

    def written(self, one: dict[str, Any]) -> str:
        return f"{one['field']} {one['url']} {one['read_on']}"


class Wants(Lines):
    """`Why it breaks the rule | 500 | required`"""

    def read(self, place: int, line: str) -> dict[str, Any]:
        name, most, required = ([part.strip() for part in line.split("|")] + ["", ""])[:3]
        if line.count("|") > 2 or required not in REQUIRED or (most and not most.isdecimal()):
            raise ValidationError(_("Line %(place)d: write the name, then its limit of characters, then required or "
                                    "optional, with | between them."), params={"place": place})
        return {"name": name, "most": int(most) if most else None, "required": REQUIRED[required]}

    def written(self, one: dict[str, Any]) -> str:
        word = next(word for word, value in REQUIRED.items() if value is one["required"])
        return " | ".join([one["name"], str(one["most"] or ""), word]).rstrip(" |")


def _platforms() -> Any:
    return fields.needed(forms.MultipleChoiceField(label=_("Platforms"), choices=Platform.choices,
                                                   widget=forms.CheckboxSelectMultiple))


def _sources(known: tuple[str, ...]) -> Sources:
    return Sources(label=_("Where it was read"), help_text=_(
        "One fact a line: its word, the address of the page, the day. What has no line here is unverified. The words: "
        "%(known)s.") % {"known": ", ".join(known)})


def _line(label: Any, name: str, **options: Any) -> Any:
    return fields.line(label, facts.LENGTHS[name], **options)


class ReferenceForm(forms.Form):
    """What routes and policies have in common."""

    platforms = _platforms()
    name = fields.needed(_line(_("Name"), "name"))


class RouteForm(ReferenceForm):
    kind = fields.needed(fields.choice(_("Kind"), Route.Kind.choices))
    address = _line(_("Address"), "address", direction="ltr", required=False,
                    help_text=_("Of the page, or for mail a mail address."))
    wants = Wants(label=_("Fields of the form"), help_text=_(
        "One a line: its name, the most characters that it takes, required or optional: Reason | 500 | required"))
    most_urls = forms.IntegerField(label=_("Addresses in one notice, at most"), required=False, min_value=1)
    used_by = fields.text(_("Who may use it"), rows=2, required=False)
    not_where = fields.text(_("Where it may not be used"), rows=2, required=False,
                            help_text=_("For example by whoever is not established in the EU."))
    languages = _line(_("Languages"), "field", direction="ltr", required=False,
                      help_text=_("Codes, for example ur, en, ps, sd, bal."))
    answer_within = forms.IntegerField(label=_("It says that it answers within"), required=False, min_value=1)
    answer_unit = forms.ChoiceField(label=_("Days or working days"), required=False,
                                    choices=[("", _("Nobody knows")), *Route.Unit.choices])
    note = fields.text(_("Note"), rows=2, required=False)
    sources = _sources(Route.SOURCED)


class PolicyForm(ReferenceForm):
    address = _line(_("Address"), "address", direction="ltr", required=False)
    wording = fields.text(_("The platform's own words"), rows=6, required=False,
                          help_text=_("What a notice relies on. It goes on to show them as they were."))
    fits = forms.MultipleChoiceField(label=_("Findings that it fits"), choices=Policy.Fit.choices, required=False,
                                     widget=forms.CheckboxSelectMultiple,
                                     help_text=_("By what was done. What anybody says is no reason to report it."))
    note = fields.text(_("Note"), rows=2, required=False)
    sources = _sources(Policy.SOURCED)


class RouteEditForm(doors.Edited, RouteForm):
    reason = fields.needed(fields.text(_("What changed"), rows=2))


class PolicyEditForm(doors.Edited, PolicyForm):
    reason = fields.needed(fields.text(_("What changed"), rows=2))


class EndForm(forms.Form):
    reason = fields.needed(fields.text(_("Reason")))
