"""HALL: who may do what. Roles and actions are enums, the table between them is here and nowhere else.

Rows are fetched through the user (`visible_to`): what is foreign is absent, the same 404. `require` then asks
whether this person's roles in this case allow the action."""

from enum import StrEnum
from typing import Any, Protocol, Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    LEAD = "lead", _("Lead")
    INVESTIGATOR = "investigator", _("Investigator")
    REVIEWER = "reviewer", _("Reviewer")
    TAKEDOWN = "takedown", _("Takedown officer")
    LEGAL = "legal", _("Legal")
    MEDIA = "media", _("Media")
    AUDITOR = "auditor", _("Auditor")


class Action(StrEnum):
    """noun.verb. Every door of a case asks for exactly one."""

    CASE_READ = "case.read"
    # The title and the mandate in the team's own words, which may name anybody, and the team by name.
    MANDATE_READ = "mandate.read"
    CASE_CLOSE = "case.close"
    CASE_MEMBERS = "case.members"
    CASE_KEEP = "case.keep"
    EXHIBIT_READ = "exhibit.read"
    EXHIBIT_LODGE = "exhibit.lodge"
    EXHIBIT_EDIT = "exhibit.edit"
    EXHIBIT_DOWNLOAD = "exhibit.download"
    # To take out, for once and with a reason, an original in which malware was found.
    EXHIBIT_UNLOCK = "exhibit.unlock"
    EXHIBIT_HEAL = "exhibit.heal"
    CUSTODY_READ = "custody.read"
    # Who could open what is in the case, and who did; and to stop what somebody takes out.
    ACCESS_READ = "access.read"
    EXPORT_CONTROL = "export.control"
    EVENT_ERASE = "event.erase"
    EXHIBIT_DISPOSE = "exhibit.dispose"
    ACCOUNT_READ = "account.read"
    ACCOUNT_EDIT = "account.edit"
    ROLE_REVIEW = "role.review"
    CHANNEL_READ = "channel.read"
    CHANNEL_EDIT = "channel.edit"
    CAMPAIGN_READ = "campaign.read"
    CAMPAIGN_EDIT = "campaign.edit"
    # Messages and posts that were read from lodged exports.
    POST_READ = "post.read"
    POST_IMPORT = "post.import"
    # Tasks, and notes beside the things of the case.
    TASK_READ = "task.read"
    TASK_EDIT = "task.edit"
    FINDING_READ = "finding.read"
    FINDING_WRITE = "finding.write"
    FINDING_REVIEW = "finding.review"
    NOTICE_READ = "notice.read"
    NOTICE_DRAFT = "notice.draft"
    NOTICE_REVIEW = "notice.review"
    NOTICE_SEND = "notice.send"
    DOSSIER_READ = "dossier.read"
    DOSSIER_COMPOSE = "dossier.compose"
    DOSSIER_REVIEW = "dossier.review"
    DOSSIER_DOWNLOAD = "dossier.download"
    BRIEFING_READ = "briefing.read"
    BRIEFING_COMPOSE = "briefing.compose"
    BRIEFING_DOWNLOAD = "briefing.download"


_READ = frozenset({Action.CASE_READ, Action.MANDATE_READ, Action.EXHIBIT_READ, Action.CUSTODY_READ,
                   Action.ACCOUNT_READ, Action.CHANNEL_READ, Action.CAMPAIGN_READ, Action.POST_READ,
                   Action.FINDING_READ, Action.NOTICE_READ, Action.TASK_READ})
_HELP = _READ | {Action.TASK_EDIT}
_WORK = _HELP | {Action.EXHIBIT_LODGE, Action.EXHIBIT_EDIT, Action.EXHIBIT_DOWNLOAD, Action.ACCOUNT_EDIT,
                 Action.CHANNEL_EDIT, Action.CAMPAIGN_EDIT, Action.POST_IMPORT, Action.FINDING_WRITE}
_DOSSIER = frozenset({Action.DOSSIER_READ, Action.DOSSIER_COMPOSE, Action.DOSSIER_DOWNLOAD})
_BRIEFING = frozenset({Action.BRIEFING_READ, Action.BRIEFING_COMPOSE, Action.BRIEFING_DOWNLOAD})

MAY: dict[str, frozenset[Action]] = {
    Role.LEAD: _WORK | _DOSSIER | _BRIEFING | {Action.CASE_CLOSE, Action.CASE_MEMBERS, Action.CASE_KEEP,
                                               Action.ACCESS_READ, Action.EXPORT_CONTROL,
                                               Action.EVENT_ERASE, Action.EXHIBIT_DISPOSE, Action.EXHIBIT_HEAL,
                                               Action.EXHIBIT_UNLOCK,
                                               Action.ROLE_REVIEW, Action.FINDING_REVIEW, Action.NOTICE_DRAFT,
                                               Action.NOTICE_REVIEW, Action.NOTICE_SEND, Action.DOSSIER_REVIEW},
    Role.INVESTIGATOR: _WORK | {Action.NOTICE_DRAFT},
    Role.REVIEWER: _HELP | {Action.EXHIBIT_DOWNLOAD, Action.EXHIBIT_HEAL, Action.ROLE_REVIEW, Action.FINDING_REVIEW,
                            Action.NOTICE_REVIEW, Action.DOSSIER_READ, Action.DOSSIER_REVIEW, Action.BRIEFING_READ},
    Role.TAKEDOWN: _HELP | {Action.EXHIBIT_LODGE, Action.EXHIBIT_DOWNLOAD, Action.NOTICE_DRAFT, Action.NOTICE_SEND},
    Role.LEGAL: _HELP | _DOSSIER | _BRIEFING | {Action.EXHIBIT_DOWNLOAD, Action.CASE_KEEP, Action.EVENT_ERASE,
                                             Action.ACCESS_READ, Action.EXPORT_CONTROL,
                                             Action.EXHIBIT_DISPOSE, Action.EXHIBIT_HEAL, Action.EXHIBIT_UNLOCK,
                                             Action.NOTICE_REVIEW},
    # A media officer works from briefings alone: no original, no handle, no name, not even in the title of the case.
    # Of colleagues it names those who worked on a briefing with them, and the others by their roles alone.
    Role.MEDIA: _BRIEFING | {Action.CASE_READ},
    Role.AUDITOR: _READ | {Action.ACCESS_READ, Action.DOSSIER_READ, Action.BRIEFING_READ},
}


class CaseLike(Protocol):
    def roles_of(self, user: Any) -> frozenset[str]: ...


def may(user: Any, action: Action, case: CaseLike) -> bool:
    return any(action in MAY[role] for role in case.roles_of(user))


def require(user: Any, action: Action, case: CaseLike) -> None:
    """Raise PermissionDenied (403: the person may know of the case) unless a role of theirs allows it."""
    if not may(user, action, case):
        raise PermissionDenied(action)


class CaseScoped(models.QuerySet[Any]):
    """Rows of a case. A subclass names the path from its model to the case in `case_path` ("" for Case itself)."""

    case_path = "case"

    def visible_to(self, user: Any) -> Self:
        """Only rows of cases in which `user` is an active member now, and that their token allows. Being an
        administrator opens no case."""
        if not getattr(user, "is_active", False):
            return self.none()
        path = f"{self.case_path}__" if self.case_path else ""
        mine = user.memberships.filter(ended_at=None)
        if user.only_cases is not None:
            mine = mine.filter(case__ref__in=user.only_cases)
        return self.filter(**{f"{path}pk__in": mine.values("case_id")})
