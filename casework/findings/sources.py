"""What exhibits show that a finding cites, and how far their sources and what they say are to be trusted."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework import editions
from casework.accounts.words import chosen, cleaned
from casework.findings.content import JUDGED, sources_edition
from casework.findings.editing import edited, locked, require_author, require_unmixed
from casework.findings.models import Citation, Finding


@transaction.atomic
def judge(finding: Finding, *, sources: Mapping[str, Mapping[str, str]], made_from: Collection[str] | None = None,
          by: Any) -> Finding:
    """Say what exhibits that it cites show, and judge each by the Admiralty code: the label of an exhibit → `note`,
    `reliability` and `credibility`, of which "" is: not judged yet. It is an edit like any other."""
    finding, move = locked(finding, "edit", by)
    require_author(finding, by)
    editions.require(made_from, partial(sources_edition, finding))
    cited = {row.exhibit.label: row for row in finding.citations.select_related("exhibit")}
    if unknown := sorted(set(sources) - set(cited)):
        raise ValidationError({"sources": _("Not cited here: %(labels)s.") % {"labels": ", ".join(unknown)[:200]}})
    for label, said in sources.items():
        row = cited[label]
        row.note = cleaned({"note": said["note"]}, optional=["note"])["note"]
        row.reliability = _grade("reliability", said["reliability"], Citation.Reliability.values)
        row.credibility = _grade("credibility", said["credibility"], Citation.Credibility.values)
        require_unmixed({"sources": row.note})
        row.save(update_fields=JUDGED)
    return edited(finding, move, by)


def _grade(name: str, value: str, grades: Collection[str]) -> str:
    return chosen(name, value, grades) if value else ""
