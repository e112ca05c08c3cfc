"""Texts that people must write, for the record."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 2000


def needed(most: int = LONGEST, **texts: str) -> dict[str, str]:
    """Stripped of what no database takes. ValidationError that names what is empty, or longer than `most`."""
    kept = {name: text.replace("\x00", "").encode("utf-8", "replace").decode().strip() for name, text in texts.items()}
    wrong = {name: _("This is needed.") for name, text in kept.items() if not text}
    wrong |= {name: _("At most %(most)d characters.") % {"most": most} for name, text in kept.items()
              if len(text) > most}
    if wrong:
        raise ValidationError(wrong)
    return kept
