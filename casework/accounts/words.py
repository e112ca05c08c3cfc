"""What people typed, made fit to keep: no NUL, no half characters, nothing longer than its column, nothing empty."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 20_000
# Stands in a table for a name that is not told.
WITHHELD = "withheld"


def cleaned(texts: Mapping[str, str], *, optional: Collection[str] = (),
            most: Mapping[str, int] | None = None) -> dict[str, str]:
    """`texts` stripped, by name. One ValidationError names every field that is empty or longer than `most` allows
    (characters; 20,000 where it says nothing)."""
    limits = most or {}
    result, wrong = {}, {}
    for name, text in texts.items():
        # A lone surrogate can come in by JSON, and no database and no canonical form takes it.
        kept = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()
        limit = limits.get(name, LONGEST)
        if len(kept) > limit:
            wrong[name] = _("At most %(most)d characters; this has %(count)d.") % {"most": limit, "count": len(kept)}
        elif not kept and name not in optional:
            wrong[name] = _("This is needed.")
        result[name] = kept
    if wrong:
        raise ValidationError(wrong)
    return result


def chosen(name: str, value: str, choices: Collection[str]) -> str:
    """`value` if it is one of `choices`, or ValidationError on the field `name`."""
    if not value:
        raise ValidationError({name: _("This is needed.")})
    if value not in choices:
        raise ValidationError({name: _("Choose one of: %(known)s.") % {"known": ", ".join(choices)}})
    return value


def together(first: Callable[[], Any], *others: Callable[[], object]) -> Any:
    """What `first` answers. Every check is made, and one ValidationError tells all that they refused."""
    wrong: dict[str, Any] = {}
    result = None
    for check in (first, *others):
        try:
            answer = check()
        except ValidationError as refused:
            for name, found in refused.update_error_dict({}).items():
                wrong.setdefault(name, []).extend(found)
        else:
            result = answer if check is first else result
    if wrong:
        raise ValidationError(wrong)
    return result
