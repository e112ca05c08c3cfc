"""What a dossier would say otherwise if it were composed now. What is sealed must be what the case still says.

The same findings are composed again at the same size of the log, so that what grows by itself (views, the log, later
entries of custody) is the same, and the plain values are compared. In a briefing pseudonyms get other letters each
time: there the texts are compared without them, and each account by the letters that stand in the same places."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from reports.dossiers.compose import again, pseudonyms_of
from reports.dossiers.models import Dossier

# Our own people are called as they were when it was composed, as in the log. A preview is no fact of its own: what
# stops a dossier for want of one is another blocker.
LEFT_OUT = {"author", "reviewer", "lodged_by", "proposed_by", "decided_by", "picture"}


def changes(dossier: Dossier) -> list[str]:
    """A sentence for each part that would read differently. A row that is gone is told by the row that named it."""
    frozen = dossier.frozen
    weighed = {"necessity": dossier.necessity, "against": dossier.against, "less_intrusive": dossier.less_intrusive}
    now = again(dossier.case, frozen, weighed)
    letters = _Letters(pseudonyms_of(dossier.language) if dossier.kind == Dossier.Kind.BRIEFING else ())
    found = []
    if not letters.same({key: frozen[key] for key in ("case", "weighed")}, now):
        found.append(_("What it says of the case, or of the reasons for it, was changed since this was composed, or "
                       "who may be named there. Compose it again."))
    changed = [label for part in ("findings", "exhibits") for label in _changed(frozen[part], now[part], letters)]
    changed += _changed(frozen["notices"], now["notices"], letters, gone=True)
    changed += letters.accounts(frozen["subjects"], now["subjects"])
    found += [_("%(label)s was changed since this was composed, or who may be named in it. Compose it again.")
              % {"label": label} for label in changed]
    known = {row["label"] for row in frozen["notices"]}
    return found + [_("%(label)s was sent since this was composed. Compose it again.") % {"label": row["label"]}
                    for row in now["notices"] if row["label"] not in known]


def _changed(frozen: list[dict[str, Any]], now: list[dict[str, Any]], letters: "_Letters",
             gone: bool = False) -> Iterator[str]:
    rows = {row["label"]: row for row in now}
    for row in frozen:
        if (row["label"] in rows or gone) and not letters.same(row, rows.get(row["label"], {})):
            yield row["label"]


class _Letters:
    """Compares values, and remembers which letters of one stood where which letters of the other do. `words` are those
    that stand before a letter; without any, pseudonyms are text like any other."""

    def __init__(self, words: Iterable[str]):
        ordered = sorted(words, key=len, reverse=True)
        self._pattern = re.compile(f"({'|'.join(map(re.escape, ordered))}) [A-Z]+(?!\\w)") if ordered else None
        self._pairs: dict[str, set[str]] = {}

    def same(self, old: Any, new: Any) -> bool:
        """Of dictionaries, what `old` has and LEFT_OUT does not name."""
        if isinstance(old, dict):
            return isinstance(new, dict) and all(self.same(value, new.get(key)) for key, value in old.items()
                                                 if key not in LEFT_OUT)
        if isinstance(old, list):
            return isinstance(new, list) and len(old) == len(new) and all(map(self.same, old, new))
        if self._pattern and isinstance(old, str) and isinstance(new, str):
            return self._same_text(old, new, self._pattern)
        return bool(old == new)

    def _same_text(self, old: str, new: str, pattern: re.Pattern[str]) -> bool:
        if pattern.sub(r"\1", old) != pattern.sub(r"\1", new):
            return False
        for before, now in zip(pattern.finditer(old), pattern.finditer(new), strict=True):
            self._pairs.setdefault(before[0], set()).add(now[0])
        return True

    def accounts(self, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
        """The labels of the accounts in `old` that read differently in `new`. Those that no text names are told apart
        by nothing but what is said of them."""
        if self._pattern is None:
            yield from _changed(old, new, self)
            return
        paired = {label for labels in self._pairs.values() for label in labels}
        rest = [_said(row) for row in new if row["label"] not in paired]
        for row in old:
            if row["label"] in self._pairs:
                said = [_said(one) for one in new if one["label"] in self._pairs[row["label"]]]
            else:
                said = rest
            if said and _said(row) not in said:
                yield row["label"]
            elif said is rest and rest:
                rest.remove(_said(row))


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "label"}
