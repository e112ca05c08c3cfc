"""People who take something out that holds a checkpoint: they are outside holders from then on."""

from typing import Any

from evidence.custody import holders, published
from evidence.custody.outside import Holding
from evidence.custody.published import Published


def keep(*, by: Any) -> Published | None:
    """The checkpoint that the world is shown, for somebody who keeps it; None before the first."""
    latest = published.latest()
    if latest is not None:
        note(latest.checkpoint.size, Holding.What.CHECKPOINT, by=by)
    return latest


def note(size: int, what: Holding.What, *, by: Any) -> None:
    """`by` has, from now on, what a checkpoint of `size` entries says."""
    holders.hold(Holding.Kind.PERSON, by.as_agent()["id"], what, size)
