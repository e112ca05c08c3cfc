"""Who may be named in what leaves the house as a table or a picture: accounts that take part. A bystander is called
by its label, and somebody who is no subject of the case by a word that is this one file's own."""

import hashlib
import hmac
import secrets
from dataclasses import replace

from casework.accounts import pseudonyms
from casework.accounts.models import Observation, ObservationQuerySet, Subject
from casework.accounts.words import WITHHELD
from casework.cases.models import Case

__all__ = ["WITHHELD", "Names"]


def _bare(name: str) -> str:
    """As handles are compared."""
    return name.strip().lstrip("@").casefold()


def _called(rows: ObservationQuerySet, case: Case) -> dict[int, set[tuple[str, str]]]:
    """By account the pairs of handle and display name that exhibits of the case show."""
    called: dict[int, set[tuple[str, str]]] = {}
    seen = rows.filter(exhibit__case=case).values_list("account_id", "handle", "display_name")
    for account, handle, name in seen.iterator():
        called.setdefault(account, set()).add((handle, name))
    return called


class Names:
    """What a case knows of names, read once for one file."""

    def __init__(self, case: Case):
        # What was withdrawn names nobody who takes part, and is withheld like all else of a bystander.
        handles, called = _called(Observation.objects.standing(), case), _called(Observation.objects.all(), case)
        subjects = list(case.subjects.select_related("account").with_merge())
        # One that was merged into another is that one, whose role may have been assessed since.
        roles = {one.number: one.role for one in subjects}
        ordinary = [one for one in subjects if roles[one.into or one.number] == Subject.Role.BYSTANDER]
        taking = [one for one in subjects if one not in ordinary]
        self.hidden = {one.pk for one in ordinary}
        numbers = {one.account_id: {one.account.stable_id} - {""} for one in subjects}
        self._numbers = {_bare(number) for one in taking for number in numbers[one.account_id]}
        others = {_bare(name) for one in ordinary for pair in called.get(one.account_id, ()) for name in pair}
        # A name that a bystander has too says nothing of who wrote. Of an account whose number is known its number
        # says that, where one is there.
        self._names = {(_bare(pair[0]), bool(numbers[one.account_id])) for one in taking
                       for pair in handles.get(one.account_id, ())} - {(name, known) for name in others
                                                                      for known in (True, False)}
        spared = {_bare(name) for one in taking for pair in handles.get(one.account_id, ()) for name in pair if name}
        known = pseudonyms.label_only({
            one.label: {name for pair in called.get(one.account_id, ()) for name in pair if name}
            | numbers[one.account_id] for one in ordinary}, spared=spared | self._numbers, words=pseudonyms.Words())
        self._known = replace(known, strangers=True)
        self._salt = secrets.token_bytes(16)

    def text(self, text: str) -> str:
        """Words of the team or of others: a bystander is called by its label, and whoever else is named and takes no
        part is not named, so far as that is recognised; nor are telephones and addresses."""
        return pseudonyms.pseudonymise(text, self._known) if text else ""

    def takes_part(self, handle: str, number: str = "") -> bool:
        """Whether it was written by an account that takes part. Its number decides, where there is one and that of the
        account is known; else its handle, where no bystander has the same. A display name does not."""
        if number and _bare(number) in self._numbers:
            return True
        bare = _bare(handle)
        return bool(bare) and ((bare, False) in self._names or not number and (bare, True) in self._names)

    def stranger(self, name: str) -> str:
        """The same word for the same name throughout this file, and in no other."""
        if not name:
            return ""
        return "sender-" + hmac.new(self._salt, name.encode(), hashlib.sha256).hexdigest()[:12]

    def sender(self, name: str, number: str) -> tuple[str, str]:
        """The name and the number of who wrote something, as they may be told."""
        if self.takes_part(name, number):
            return name, number
        return self.stranger(number or name), WITHHELD if number else ""

    def whom(self, subject: Subject | None, text: str = "") -> str:
        """A subject by its label; somebody who is none is not named."""
        return subject.label if subject else WITHHELD if text else ""
