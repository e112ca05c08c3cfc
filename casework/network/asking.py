"""What is asked of a network, as the parameters of its address say it."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from casework.network.kinds import Kind

NUMBERS, HANDLES = "numbers", "handles"
_AROUND = re.compile(r"[SC]-\d{3,9}", re.ASCII)


@dataclass(frozen=True)
class Query:
    """What is empty asks for everything. `around` is an account or a channel: itself and what is joined to it. There
    is no asking for a campaign: that would be a list of people by what they pushed. `typed` is what was sent, also
    where it makes no sense; `problems` says where it does not."""

    kinds: tuple[str, ...] = ()
    least: int = 1
    around: str = ""
    names: str = NUMBERS
    given: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, given: Any) -> "Query":
        """From the parameters of an address: never an error, and nothing that was typed is lost."""
        typed = {name: str(given.get(name, "")).replace("\x00", "").strip()[:60]
                 for name in ("least", "around", "names")}
        asked = [str(one).strip()[:60] for one in given.getlist("kind") if str(one).strip()][:len(Kind) * 2]
        kinds = tuple(one for one in Kind.values if one in asked)
        problems = []
        if len(kinds) < len(set(asked)):
            problems.append(_("A kind of edge that is not known was not heeded."))
        least = typed["least"]
        if least and not re.fullmatch(r"[1-9]\d{0,8}", least, re.ASCII):
            problems.append(_("“%(text)s” is not read as a count. Write a whole number from 1 on.") % {"text": least})
            least = ""
        around = typed["around"].upper()
        if around and not _AROUND.fullmatch(around):
            problems.append(_not_there(typed["around"]))
            around = ""
        names = HANDLES if typed["names"] == HANDLES else NUMBERS
        heeded = {"kind": ",".join(kinds), "least": least if least != "1" else "", "around": around,
                  "names": names if names == HANDLES else ""}
        return cls(kinds, int(least or 1), around, names, {name: value for name, value in heeded.items() if value},
                   typed, problems)

    def problems_with(self, labels: Collection[str]) -> list[str]:
        """Also where the thing that is asked for is not among the case's."""
        return [*self.problems, *([_not_there(self.around)] if self.around and self.around not in labels else [])]


def _not_there(text: str) -> str:
    return _("“%(text)s” is no account and no channel of this case. Write a number like S-001 or C-001.") % {
        "text": text}
