"""What a dossier says of outside time and of outside holders, as it stands when its facts are frozen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from evidence.custody import covering, holders
from reports.dossiers.facts import instant

HOLDERS = {
    "witness": _("witness"), "authority": _("time-stamping authority"),
    "mail": _("mailbox outside"), "person": _("person who took a receipt or checkpoint"),
}
# Who is named: parties, never people.
_NAMED = ("witness", "authority")


def outside(size: int) -> dict[str, Any]:
    """The last outside holder, or None, and for each authority its latest time over at most `size` entries."""
    held = holders.latest()
    return {
        "holder": held and {"kind": held.kind, "who": held.who if held.kind in _NAMED else "", "size": held.size,
                            "at": instant(held.at)},
        "times": [{"authority": token.authority, "gen_time": instant(token.gen_time), "size": token.checkpoint_id,
                   "accuracy_us": token.accuracy_us, "policy": token.policy, "serial": token.serial}
                  for token in covering.times_up_to(size)]}


def in_words(log: dict[str, Any]) -> dict[str, Any]:
    """`log` of frozen facts with what its holder is called. Dossiers composed before this was told have none."""
    told = log.get("outside")
    if not told:
        return log
    holder = told["holder"]
    return log | {"outside": told | {
        "holder": holder and holder | {"kind_word": HOLDERS.get(holder["kind"], holder["kind"])},
        "times": [row | {"accuracy_seconds": f"{row['accuracy_us'] / 1_000_000:g}" if row["accuracy_us"] else ""}
                  for row in told["times"]]}}
