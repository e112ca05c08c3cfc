"""What every change of a finding has in common: who may, that it is a draft again, and the rules of its words."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import lifecycle
from casework.access import require
from casework.cases.services import require_open
from casework.findings import lint, revisions, states
from casework.findings.models import Finding
from casework.record import Act


def locked(finding: Finding, verb: str, by: Any) -> tuple[Finding, lifecycle.Move]:
    """Lock, ask whether this person may, and look up the move."""
    case = require_open(finding.case)
    row: Finding = case.findings.select_for_update(of=("self",)).get(pk=finding.pk)
    require(by, states.FINDING[verb].action, case)
    return row, lifecycle.move(states.FINDING, row.state, verb)


def require_author(finding: Finding, by: Any) -> None:
    if finding.author_id != by.pk:
        raise PermissionDenied(_("Only its author changes or submits a finding, so that no reviewer has written it."))


def require_unmixed(texts: Mapping[str, str]) -> None:
    """Raise ValidationError, by field, for a sentence that combines confidence and likelihood."""
    message = _("One sentence combines a level of confidence with a likelihood. Use two sentences: “%(sentence)s”.")
    wrong = {name: message % {"sentence": found[0][:160]}
             for name, text in texts.items() if (found := lint.mixed(text))}
    if wrong:
        raise ValidationError(wrong)


def edited(finding: Finding, move: lifecycle.Move, by: Any) -> Finding:
    """Save it as a draft again, so that no review of it stands, and keep what it says now as its next revision."""
    before = finding.state
    finding.state, finding.reviewer, finding.reviewed_at, finding.written_at = move.target, None, None, timezone.now()
    finding.revision += 1
    finding.save()
    revisions.keep(finding, Act.FINDING_EDITED, by=by, was=before)
    return finding
