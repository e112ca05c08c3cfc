"""Changes behind the facts of a dossier, through the services."""

from typing import Any

from casework.accounts import services as accounts
from casework.exhibits import services as exhibits
from casework.takedowns import services as takedowns
from casework.takedowns.models import Notice
from tests.reports.story import NOTE, Story

KINDS = ("referral", "briefing")
WORDS = {"platform": "x", "policy": "Authenticity", "text": "It posts what a paid group hands out.", **NOTE}


def sent(story: Story) -> Notice:
    officer = story.cast.takedown
    notice = takedowns.draft(story.case, **WORDS, subjects=[story.subject], by=officer)
    takedowns.submit(notice, by=officer)
    takedowns.approve(notice, by=story.cast.reviewer)
    return takedowns.send(notice, by=officer)


def lowered(story: Story) -> None:
    accounts.assess(story.subject, to_role="bystander", reason="A mistake of ours.", by=story.cast.investigator)


def edited(story: Story, **words: Any) -> None:
    row = story.exhibits[0]
    kept: dict[str, Any] = {"title": row.title, "note": row.note, "sensitive": row.sensitive}
    exhibits.edit(row, **kept | words, by=story.cast.investigator)


def acknowledged(story: Story) -> None:
    takedowns.acknowledge(story.case.notices.get(), reference="X-1", by=story.cast.takedown)
