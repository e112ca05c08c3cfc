"""What pages of the rooms below show of posts over time."""

from collections.abc import Sequence
from typing import Any

from django import template

from casework.timeline import carried, words
from casework.timeline.carried import Carried

register = template.Library()


@register.simple_tag
def life_with_posts(channel: Any, observations: Sequence[Any], taskings: Sequence[Any],
                    payments: Sequence[Any]) -> dict[str, Any]:
    """The life of a channel: `{% life_with_posts channel seen taskings payments as all %}`. `rows` are the bars with
    their times in words. It counts and quotes nothing; whoever reads channels reads posts too (casework.access)."""
    found: Carried = carried.beside(
        channel, [one for one in observations if not one.exhibit.withdrawn_at],
        *([one for one in entries if not one.withdrawn_at] for entries in (taskings, payments)))
    return {"life": found.life, "rows": [(*words.bounds(start, end), count) for start, end, count in found.bars],
            "by_day": found.by_day, "untimed": found.untimed}
