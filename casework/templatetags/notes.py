"""How many notes stand beside a thing of the case, with the way to them."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("casework/worklist/beside.html")
def notes_beside(case: Any, label: str, actions: Any) -> dict[str, Any]:
    """Asks the database once, and for whoever may not read notes not at all."""
    count = case.notes.filter(about=label, withdrawn_at=None).count() if "task.read" in actions else None
    return {"case": case, "label": label, "count": count}
