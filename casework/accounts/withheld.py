"""Who may be named in what leaves the house as a table or a picture: accounts that take part. A bystander is called
by its label, and somebody who is no subject of the case by a word that is this one file's own."""

import hashlib
import hmac
import secrets
from dataclasses import replace

from casework.accounts import pseudonyms
from casework.accounts.models import Observation, Subject
from casework.accounts.words import WITHHELD
from casework.cases.models import Case

__all__ = ["WITHHELD", "Names"]


class Names:
    """What a case knows of names, read once for one file."""

    def __init__(self, case: Case):
        called: dict[int, set[str]] = {}
        seen = Observation.objects.filter(exhibit__case=case).values_list("account_id", "handle", "display_name")
        for account, handle, name in seen.iterator():
            called.setdefault(account, set()).update(one for one in (handle, name) if one)
        subjects = list(case.subjects.select_related("account").with_merge())
        for subject in subjects:
            if subject.account.stable_id:
                called.setdefault(subject.account_id, set()).add(subject.account.stable_id)
        # One that was merged into another is that one, whose role may have been assessed since.
        roles = {one.number: one.role for one in subjects}
        ordinary = [one for one in subjects if roles[one.into or one.number] == Subject.Role.BYSTANDER]
        taking = [one for one in subjects if one not in ordinary]
        self.hidden = {one.pk for one in ordinary}
        self._taking = {name.lstrip("@").casefold() for one in taking for name in called.get(one.account_id, ())}
        known = pseudonyms.label_only({one.label: called.get(one.account_id, set()) for one in ordinary},
                                      spared=self._taking, words=pseudonyms.Words())
        self._known = replace(known, strangers=True)
        self._salt = secrets.token_bytes(16)

    def text(self, text: str) -> str:
        """Words of the team or of others: a bystander is called by its label, and whoever else is named and takes no
        part is not named, so far as that is recognised; nor are telephones and addresses."""
        return pseudonyms.pseudonymise(text, self._known) if text else ""

    def takes_part(self, *names: str) -> bool:
        """Whether one of the names is that of an account that takes part."""
        return any(name and name.lstrip("@").casefold() in self._taking for name in names)

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
