"""Who knows more of the log than it holds, in words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from evidence.custody.rewound import Rewind

WITNESSES: dict[str, Any] = {
    Rewind.Witness.SIGNER: _("The signer, beside the log's key"),
    Rewind.Witness.CHECKPOINT: _("A checkpoint that was kept outside"),
    Rewind.Witness.RECEIPT: _("A receipt that was kept outside"),
    Rewind.Witness.WITNESS: _("A witness"),
}


def known(rewind: Rewind) -> list[dict[str, Any]]:
    """What was witnessed beyond the log, the largest first: who, name, size, root and time as far as they are known."""
    return [one | {"who": WITNESSES.get(one["by"], one["by"]), "at": one["at"] and datetime.fromisoformat(one["at"])}
            for one in rewind.known]
