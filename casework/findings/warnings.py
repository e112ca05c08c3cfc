"""What the author of a finding may want to look at again. Nothing here stops anything."""

from django.utils.translation import gettext as _

from casework.findings import lint
from casework.findings.models import Finding


def of(finding: Finding) -> list[str]:
    """In words; empty where there is nothing to say."""
    kinds = dict(Finding.Kind.choices)
    found = lint.of_other_kinds(finding.kind, f"{finding.title}\n{finding.claim}")
    return [_("The claim seems to speak of another kind too: %(kind)s (“%(word)s”). A finding has one kind; write "
              "another finding for what stands on its own.") % {"kind": kinds[kind], "word": word}
            for kind, word in found.items()]
