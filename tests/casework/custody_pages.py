"""What the tests of custody pages have in common."""

from typing import Any

from casework.cases.models import Case
from evidence.custody import checkpoints, sequencer
from evidence.custody.models import Payload
from evidence.tlog import canonical


def sign() -> Any:
    while sequencer.sequence():
        pass
    return checkpoints.sign_checkpoint()


def page(case: Case, path: str = "") -> str:
    return f"/cases/{case.ref}/evidence/{path}"


def acts(name: str) -> list[dict[str, Any]]:
    found = [canonical.decode(bytes(row.content)) for row in Payload.objects.order_by("at")]
    return [event for event in found if event["detail"].get("act") == name]
