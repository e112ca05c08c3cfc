"""Invite links: one spelling for a link however somebody wrote it, and whether it leads to a group at all. Pure."""

import re
from dataclasses import dataclass

from casework.accounts.spelling import fold
from casework.exhibits import platform_addresses, platform_urls

_SIGNAL = re.compile(r"(?:https?://)?signal\.group/#([\w-]{10,200})", re.ASCII | re.IGNORECASE)
_SIGNAL_PERSON = re.compile(r"(?:https?://)?signal\.me/", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """`is_code`: it carries the code of an invitation, which no other group has. `is_person`: it calls a telephone."""

    spelled: str
    platform: str = ""
    is_code: bool = False
    is_person: bool = False


def read(text: str) -> Link:
    """The link in `text`, which may be disguised (hxxps, [.]) or hold characters that nobody sees."""
    plain = "".join(platform_addresses.undisguised(text).split())
    if signal := _SIGNAL.fullmatch(plain):
        return Link(f"https://signal.group/#{signal[1]}", "signal", is_code=True)
    if _SIGNAL_PERSON.match(plain):
        return Link(plain, "signal", is_person=True)
    facts = platform_urls.read(plain)
    if (facts.platform == "whatsapp" and facts.handle) or (facts.platform == "telegram" and facts.group.isdigit()):
        return Link(facts.url, facts.platform, is_person=True)
    return Link(facts.url or fold(text).text.strip(), facts.platform, is_code=bool(facts.group))
