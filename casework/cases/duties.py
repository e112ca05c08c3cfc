"""What each role may do, in words: the table of casework.access for people who read pages and documents."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.access import MAY, Action, Role

# Of acts that the same roles may take, one stands for all.
DUTIES: list[tuple[Any, Action]] = [
    (_("Read evidence, accounts, channels, campaigns, posts, findings, notices and custody"), Action.EXHIBIT_READ),
    (_("Lodge exhibits"), Action.EXHIBIT_LODGE),
    (_("Title, mark and withdraw exhibits"), Action.EXHIBIT_EDIT),
    (_("Download originals"), Action.EXHIBIT_DOWNLOAD),
    (_("Unlock originals in which malware was found"), Action.EXHIBIT_UNLOCK),
    (_("Name and assess accounts, name channels and campaigns, import posts, write findings"), Action.FINDING_WRITE),
    (_("Set tasks and write notes"), Action.TASK_EDIT),
    (_("Review findings and roles of accounts"), Action.FINDING_REVIEW),
    (_("Draft takedown notices"), Action.NOTICE_DRAFT),
    (_("Approve takedown notices"), Action.NOTICE_REVIEW),
    (_("Send notices and write down outcomes"), Action.NOTICE_SEND),
    (_("Read referrals"), Action.DOSSIER_READ),
    (_("Compose, seal and download referrals"), Action.DOSSIER_COMPOSE),
    (_("Compose, seal and download briefings"), Action.BRIEFING_COMPOSE),
    (_("Review dossiers"), Action.DOSSIER_REVIEW),
    (_("Set how long is kept, dispose and erase"), Action.EXHIBIT_DISPOSE),
    (_("Heal damaged bytes"), Action.EXHIBIT_HEAL),
    (_("Read who could open evidence and who did"), Action.ACCESS_READ),
    (_("Stop what somebody downloads"), Action.EXPORT_CONTROL),
    (_("Add members, close and reopen the case"), Action.CASE_MEMBERS),
]


def table() -> list[tuple[Any, list[bool]]]:
    """(act in words, whether each role may) for the roles in the order of Role."""
    return [(words, [action in MAY[role] for role in Role.values]) for words, action in DUTIES]
