"""Drafts of accounts read from a list of links: what each line says, and why a line says nothing. Nothing is kept.

Every line with something on it comes back under its number, understood or not. What another case knows of an account
plays no part: a line is known only through what this case saw."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.accounts.models import Observation
from casework.accounts.words import cleaned
from casework.cases.models import Case
from casework.exhibits import platform_addresses, platform_urls
from casework.exhibits.platform_addresses import Reason

# Lines in one list: each becomes up to seven fields of a form.
MOST = 120
LONGEST = 100_000
SHOWN = 300
# What people put around a link in a list of them.
_AROUND = " \t<>\"'“”‘’()•*-–,;،؛"
_NUMBERED = re.compile(r"^\d{1,4}[.)]\s+")
WHY = {
    Reason.NONE: gettext_lazy("This is no address. A name alone does not say on which platform it is."),
    Reason.LONG: gettext_lazy("This is longer than an address may be."),
    Reason.SIGNS: gettext_lazy("There is a blank or a sign in it that no address has. Write one link on a line."),
    Reason.SCHEME: gettext_lazy("This is no address of a page: it does not begin with https:// or http://."),
    Reason.CREDENTIALS: gettext_lazy("A name or a password stands before the host: it leads elsewhere than it looks."),
    Reason.PORT: gettext_lazy("It names a port, which no platform uses."),
    Reason.PRIVATE: gettext_lazy("It leads to a machine by its number or into a private network, to no platform."),
    Reason.LETTERS: gettext_lazy("The host has letters that only look like those of a platform."),
    Reason.BROKEN: gettext_lazy("This cannot be read as an address."),
    Reason.UNKNOWN: gettext_lazy("No platform that is known here has this host."),
    Reason.PAGE: gettext_lazy("It leads to the platform, and says neither an account nor a post."),
}
GROUP = gettext_lazy("It invites into a group. Note it under Channels.")
TELEPHONE = gettext_lazy("It calls a telephone. A case keeps no list of numbers.")


@dataclass(frozen=True)
class Draft:
    """What one line says; `problem` says why nothing is made of it. `copy_of` and `with_line` are numbers of earlier
    lines: one that says the same, and the first one of the same account. `known`: subjects of this case."""

    line: int
    text: str
    platform: str = ""
    handle: str = ""
    display_name: str = ""
    stable_id: str = ""
    address: str = ""
    exhibit: str = ""
    post_id: str = ""
    posted_at: datetime | None = None
    exactness: str = ""
    copy_of: int = 0
    with_line: int = 0
    known: tuple[str, ...] = ()
    problem: Any = ""

    @property
    def is_new(self) -> bool:
        """Whether to take it suggests itself: it says something that the case does not have from another line."""
        return not self.problem and not self.copy_of and (not self.known or bool(self.post_id))


def read(text: str) -> list[Draft]:
    """A draft for each line that is not empty. Raises ValidationError for more of them than are taken at once."""
    cleaned({"links": text}, most={"links": LONGEST})
    kept = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    lines = [(at, line.strip()) for at, line in enumerate(kept.split("\n"), 1) if line.strip()]
    require_few(len(lines), "links")
    return compared(_draft(at, line) for at, line in lines)


def require_few(count: int, field: str) -> None:
    if count > MOST:
        raise ValidationError({field: _("At most %(most)d lines at once; this has %(count)d. Leave the rest for a "
                                        "second list.") % {"most": MOST, "count": count}})


def against(case: Case, drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts, each with the subjects of this case that have its id, or else used its handle."""
    drafts = list(drafts)
    handles = {one.handle.casefold() for one in drafts if one.handle}
    seen = (Observation.objects.standing().filter(exhibit__case=case).annotate(lower=Lower("handle"))
            .filter(lower__in=handles).values_list("account_id", "lower"))
    used: dict[int, set[str]] = {}
    for account, handle in seen:
        used.setdefault(account, set()).add(handle)
    ids = {one.stable_id for one in drafts if one.stable_id}
    subjects = list(case.subjects.select_related("account").filter(
        Q(account_id__in=used) | Q(account__stable_id__in=ids)).order_by("number"))
    return [replace(one, known=tuple(subject.label for subject in _meant(one, subjects, used))) for one in drafts]


def _meant(draft: Draft, subjects: list[Any], used: Mapping[int, set[str]]) -> list[Any]:
    there = [one for one in subjects if one.account.platform == draft.platform]
    same = [one for one in there if draft.stable_id and one.account.stable_id == draft.stable_id]
    return same or [one for one in there if draft.handle.casefold() in used.get(one.account_id, ())]


def _draft(line: int, text: str) -> Draft:
    shown = text[:SHOWN]
    address = platform_addresses.undisguised(_NUMBERED.sub("", text, count=1).strip(_AROUND))
    facts = platform_urls.read(address)
    if facts.group:
        return Draft(line, shown, facts.platform, problem=GROUP)
    if facts.platform == "whatsapp" and facts.handle:
        return Draft(line, shown, facts.platform, problem=TELEPHONE)
    if not (facts.handle or facts.post_id or facts.account_id):
        return Draft(line, shown, facts.platform, problem=WHY[platform_urls.unread(address)])
    return Draft(line, shown, facts.platform, facts.handle, stable_id=facts.account_id, address=facts.url or address,
                 post_id=facts.post_id, posted_at=facts.posted_at, exactness=facts.exactness)


def compared(drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts, those that come again with the line that had it first."""
    lines: dict[tuple[str, str], int] = {}
    accounts: dict[tuple[str, str], int] = {}
    found = []
    for one in drafts:
        if not one.problem:
            whole = lines.setdefault((one.platform, _meaning(one)), one.line)
            same = _account(one, accounts)
            one = replace(one, copy_of=whole if whole != one.line else 0, with_line=same if same != one.line else 0)
        found.append(one)
    return found


def _meaning(draft: Draft) -> str:
    """What two lines that say the same have in common."""
    if draft.post_id or not (draft.stable_id or draft.handle):
        return f"{draft.handle.casefold()}/{draft.post_id}"
    return draft.stable_id or draft.handle.casefold()


def _account(draft: Draft, accounts: dict[tuple[str, str], int]) -> int:
    """The first line of its account, by its id or its handle; its own where nothing says whose it is."""
    name = draft.stable_id or draft.handle.casefold()
    return accounts.setdefault((draft.platform, name), draft.line) if name else draft.line
