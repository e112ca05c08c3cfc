"""What the overview shows, gathered from the case's own relations: this room knows no room above it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from casework.access import Action
from casework.cases.models import Case
from casework.sentences import sentence
from evidence.custody import history
from evidence.custody.history import Entry
from evidence.custody.kinds import Kind

RECENT = 12
LISTED = 5


@dataclass(frozen=True)
class Count:
    """A number of the case and the page behind it (a path below the case's own address)."""

    label: str
    number: int
    page: str


def counts(case: Case, actions: frozenset[str]) -> list[Count]:
    """The numbers that this person may know: without the right to read a list, its length stays unsaid too."""
    found = []
    if Action.EXHIBIT_READ in actions:
        found.append(Count(_("Exhibits"), case.exhibits.filter(withdrawn_at=None).count(), "evidence/"))
    if Action.ACCOUNT_READ in actions:
        found.append(Count(_("Accounts"), case.subjects.unmerged().count(), "accounts/"))
    if Action.FINDING_READ in actions:
        found.append(Count(_("Findings"), case.findings.count(), "findings/"))
    if Action.NOTICE_READ in actions:
        found.append(Count(_("Takedown notices"), case.notices.count(), "takedowns/"))
    if Action.TASK_READ in actions:
        found.append(Count(_("Open tasks"), case.tasks.filter(state="open").count(), "tasks/"))
    return found


def findings(case: Case, actions: frozenset[str]) -> Any:
    return case.findings.order_by("-number")[:LISTED] if Action.FINDING_READ in actions else []


def notices(case: Case, actions: frozenset[str]) -> Any:
    return case.notices.order_by("-number")[:LISTED] if Action.NOTICE_READ in actions else []


def recent(case: Case, actions: frozenset[str]) -> list[tuple[Entry, str]]:
    """The latest custody entries of the case, newest first, each with its sentence; who looked at what is left out."""
    if Action.CUSTODY_READ not in actions:
        return []
    acts = history.entries(context=f"case/{case.ref}", without=[Kind.ACCESS], limit=RECENT)
    return [(entry, sentence(entry)) for entry in acts]
