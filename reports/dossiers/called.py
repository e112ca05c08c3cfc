"""Who and what is called how in one case: the names that a dossier must know to keep them back."""

import calendar
import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from casework.accounts.models import Subject
from casework.accounts.spelling import fold, is_common
from casework.cases.models import Case
from casework.exhibits.models import items_of
from casework.people.names import ever_called
from reports.dossiers import facts

_HANDLE = re.compile(r"@[\w.\-]+(?<![.\-])")
# A word that begins with a capital letter: what Latin script offers to tell a name by.
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w'’-]{3,}")
_PLAIN = re.compile(r"[a-z]+")
# Months and days are capitalised too: a date is nobody's name.
_DATED = {*calendar.month_name, *calendar.day_name}


def accounts(case: Case, subjects: Iterable[Subject]) -> dict[str, set[str]]:
    """Each subject's names by its label, and the handles that were only noted where an exhibit came from."""
    called = facts.names_of(subjects)
    known = {name.casefold() for names in called.values() for name in names}
    for handle in _noted(case):
        if handle.casefold() not in known:
            known.add(handle.casefold())
            called[f"seen {handle}"] = {handle}
    return called


def team(case: Case) -> dict[str, set[str]]:
    """Everybody who is or was a member, with all names that they ever had here."""
    return ever_called({row.user for row in case.memberships.select_related("user")})


def sources(case: Case) -> dict[str, set[str]]:
    """From whom exhibits came and who collected them: the words that were written down, and those of them that look
    like names."""
    found: dict[str, set[str]] = {}
    rows = case.exhibits.values_list("item__provenance__received_from", "item__provenance__collector")
    for came in (words for row in rows for words in row):
        if came and came.strip():
            names = {word for word in _CAPITALISED.findall(came)
                     if (word.isascii() or word[0].isupper()) and word not in _DATED}
            found[came] = {came} | {word for word in names if not is_common(fold(word).text)}
    return found


def files(case: Case) -> dict[str, set[str]]:
    """File names with and without their ending, as people quote them."""
    found: dict[str, set[str]] = {}
    for name in items_of(case).values_list("name", flat=True):
        stem = PurePath(name).stem
        # A plain word in small letters ("trend") is no name, and blacking it out would change what findings say.
        telling = len(stem) >= 4 and not _PLAIN.fullmatch(stem) and not is_common(fold(stem).text)
        found[name] = {name, stem} if telling else {name}
    return {key: names for key, names in found.items() if key.strip()}


def machines(case: Case) -> dict[str, set[str]]:
    """The addresses of the machines that pages were collected with."""
    noted = case.exhibits.values_list("item__provenance__machine_address", flat=True)
    return {address: {address} for address in noted if address and address.strip()}


def shown_of_others(case: Case, taking_part: Iterable[Subject]) -> set[str]:
    """Labels of the exhibits whose author is none of those who take part."""
    ours = {(row.account.platform, _bare(one.handle)) for row in taking_part for one in row.account.observations.all()
            if one.stands}
    ours |= {("", handle) for _platform, handle in ours}
    return {row.label for row in case.exhibits.select_related("item", "case")
            if (handle := _bare(row.item.provenance.get("handle", "")))
            and (row.item.provenance.get("platform", ""), handle) not in ours}


def _bare(handle: Any) -> str:
    return fold(str(handle)).text.strip().lstrip("@")


def _noted(case: Case) -> list[str]:
    rows = case.exhibits.order_by("number")
    noted = [str(handle).removeprefix("@") for handle in rows.values_list("item__provenance__handle", flat=True)
             if handle]
    titled = [handle for title in rows.values_list("title", flat=True) for handle in _HANDLE.findall(title)]
    return [*noted, *(handle.removeprefix("@") for handle in titled)]
