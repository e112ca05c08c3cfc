"""HALL: two who edit one thing. An edit says which version of it was read; where another one stands by now nothing is
changed, and whoever comes second is told what stands, who wrote that and when."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from casework.approvals import digest_of
from casework.record import Act
from evidence.custody import history

LOOKED_THROUGH = 200


@dataclass(frozen=True)
class Edition:
    """What of a thing can be edited, as it stands: `words` by the names that its form and its call have for them.

    `subject`, `acts` and what `told` says of them lead to the entry of the custody log that says who wrote it."""

    words: Mapping[str, Any]
    subject: str
    acts: Collection[Act]
    told: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""

    @property
    def version(self) -> str:
        """64 hex digits: the digest that the thing has anyway, or one of its words."""
        return self.digest or digest_of(dict(self.words))


class Changed(Exception):
    """Another version stands than the one that was read (a call answers 412, a page 409)."""

    def __init__(self, stands: Edition):
        super().__init__(stands.subject)
        self.stands = stands
        self.by, self.at = _written(stands)

    def __str__(self) -> str:
        if not self.at:
            return _("It was saved with other words since you opened it. Nothing of yours is saved yet.")
        # Marks keep the name and the time apart from the sentence in either direction.
        return _("%(name)s saved other words at %(time)s, after you opened it. Nothing of yours is saved yet.") % {
            "name": f"\u2068{self.by}\u2069", "time": f"\u2066{self.at:%Y-%m-%d %H:%M:%S} UTC\u2069"}


def require(made_from: Collection[str] | None, standing: Callable[[], Edition]) -> None:
    """Raise Changed unless the version that stands is one of `made_from`. None: the editor did not say, and the later
    of two stands. The caller holds the lock of the row."""
    if made_from is not None and (stands := standing()).version not in made_from:
        raise Changed(stands)


def _written(stands: Edition) -> tuple[str, datetime | None]:
    """Who wrote it and when; nobody where the log says so no more."""
    for entry in history.entries(subject=stands.subject, without=("access", "export"), limit=LOOKED_THROUGH):
        said = entry.detail
        if said.get("act") in stands.acts and all(said.get(name) == value for name, value in stands.told.items()):
            return str(entry.agent.get("name", "")), entry.at
    return "", None
