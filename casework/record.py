"""HALL: the one caller of custody.record for this floor and the one above.

A record that must happen is this plain call, in the caller's transaction; if it fails, so does the act."""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from django.db import models

from evidence.custody import erasure
from evidence.custody import services as custody
from evidence.custody.kinds import Kind


class Act(models.TextChoices):
    """What people decide and do, beside what happens to bytes. Closed; each has its sentence in sentences.py."""

    CASE_OPENED = "case_opened"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    MEMBER_ADDED = "member_added"
    MEMBER_ENDED = "member_ended"
    PERSON_INVITED = "person_invited"
    PERSON_JOINED = "person_joined"
    PERSON_DISABLED = "person_disabled"
    PERSON_ENABLED = "person_enabled"
    PERSON_RESET = "person_reset"
    PERSON_RENAMED = "person_renamed"
    TOKEN_MADE = "token_made"
    TOKEN_REVOKED = "token_revoked"
    EXHIBIT_LODGED = "exhibit_lodged"
    EXHIBIT_SIGHTED = "exhibit_sighted"
    EXHIBIT_EDITED = "exhibit_edited"
    EXHIBIT_WITHDRAWN = "exhibit_withdrawn"
    EXHIBIT_VIEWED = "exhibit_viewed"
    EXHIBIT_DOWNLOADED = "exhibit_downloaded"
    EXHIBITS_LISTED = "exhibits_listed"
    ACCOUNT_NAMED = "account_named"
    ACCOUNT_OBSERVED = "account_observed"
    ROLE_PROPOSED = "role_proposed"
    ROLE_ASSESSED = "role_assessed"
    ROLE_RETURNED = "role_returned"
    EXCULPATORY_NOTED = "exculpatory_noted"
    FINDING_WRITTEN = "finding_written"
    FINDING_EDITED = "finding_edited"
    FINDING_SUBMITTED = "finding_submitted"
    FINDING_REVIEWED = "finding_reviewed"
    FINDING_RETURNED = "finding_returned"
    NOTICE_DRAFTED = "notice_drafted"
    NOTICE_EDITED = "notice_edited"
    TARGET_ADDED = "target_added"
    TARGET_REMOVED = "target_removed"
    NOTICE_MOVED = "notice_moved"
    TARGET_DECIDED = "target_decided"
    APPROVAL_PROPOSED = "approval_proposed"
    APPROVAL_GIVEN = "approval_given"
    APPROVAL_REFUSED = "approval_refused"
    LOG_KEY_ROTATED = "log_key_rotated"
    LOG_KEY_RETIRED = "log_key_retired"
    LOG_KEY_REVOKED = "log_key_revoked"
    ERASURE_PROPOSED = "erasure_proposed"
    EVENTS_ERASED = "events_erased"
    DOSSIER_COMPOSED = "dossier_composed"
    DOSSIER_MOVED = "dossier_moved"
    DOSSIER_SEALED = "dossier_sealed"
    DOSSIER_DOWNLOADED = "dossier_downloaded"


class Person(Protocol):
    def as_agent(self) -> dict[str, Any]: ...


SYSTEM: dict[str, Any] = {"type": "software", "name": "casework"}

KIND_OF: dict[str, Kind] = {
    Act.EXHIBIT_VIEWED: Kind.ACCESS,
    Act.EXHIBITS_LISTED: Kind.ACCESS,
    Act.EXHIBIT_DOWNLOADED: Kind.EXPORT,
    Act.DOSSIER_DOWNLOADED: Kind.EXPORT,
    Act.DOSSIER_SEALED: Kind.SEALING,
    Act.EVENTS_ERASED: Kind.DISPOSAL,
}


def record(act: Act, *, by: Person | None, subject: str, context: str = "", **detail: Any) -> custody.Receipt:
    """Record `act`. `subject` and `context` are `kind/identifier` words such as `exhibit/CW-2026-0014/E-007`
    and `case/CW-2026-0014`; `detail` holds plain JSON values (no floats). Raises custody.LogUnwritable."""
    return custody.record(
        KIND_OF.get(act, Kind.DECISION), subject=subject, context=context,
        agent=by.as_agent() if by else SYSTEM, detail={"act": str(act), **detail})


def erase(event_ids: Iterable[UUID], *, reason: str, basis: str, by: Person, approver: Person) -> custody.Receipt:
    """Erase what these events say, and record that (EVENTS_ERASED): `by` asked for it, `approver` agreed.

    Raises erasure.NotErasable, LogUnwritable."""
    return erasure.erase(event_ids, reason=reason, basis=basis, agent=by.as_agent(), approver=approver.as_agent())
