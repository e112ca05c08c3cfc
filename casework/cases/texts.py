"""Texts that people must write, for the record."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 2000
MANDATE_LENGTH = 20_000


def needed(most: int = LONGEST, limits: Mapping[str, int] | None = None, **texts: str) -> dict[str, str]:
    """Stripped of what no database takes. ValidationError that names all that is empty, or longer than `limits` says of
    it and `most` of the others."""
    longest = dict.fromkeys(texts, most) | dict(limits or {})
    kept = {name: text.replace("\x00", "").encode("utf-8", "replace").decode().strip() for name, text in texts.items()}
    wrong = {name: _("This is needed.") for name, text in kept.items() if not text}
    wrong |= {name: _("At most %(most)d characters.") % {"most": longest[name]} for name, text in kept.items()
              if len(text) > longest[name]}
    if wrong:
        raise ValidationError(wrong)
    return kept
