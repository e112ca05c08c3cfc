"""Techniques of DISARM Red as tags of a finding. A tag says how something was done, never by whom or what for."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from casework import editions
from casework.findings.content import tags_edition
from casework.findings.editing import edited, locked, require_author
from casework.findings.models import Finding, Tag
from casework.findings.techniques import ALL

MOST = 30


@transaction.atomic
def tag(finding: Finding, *, techniques: Sequence[str], made_from: Collection[str] | None = None,
        by: Any) -> Finding:
    """Exactly these techniques, by their numbers, in any order. It is an edit like any other."""
    finding, move = locked(finding, "edit", by)
    require_author(finding, by)
    editions.require(made_from, partial(tags_edition, finding))
    if unknown := sorted(set(techniques) - set(ALL)):
        raise ValidationError({"techniques": _("No technique of DISARM Red: %(numbers)s.")
                               % {"numbers": ", ".join(unknown)[:200]}})
    if len(set(techniques)) > MOST:
        raise ValidationError({"techniques": _("At most %(most)d.") % {"most": MOST}})
    finding.tags.all().delete()
    Tag.objects.bulk_create(Tag(finding=finding, technique=number) for number in sorted(set(techniques)))
    return edited(finding, move, by)
