"""HALL: the one caller of custody.record for this floor and the one above.

A record that must happen is this plain call, in the caller's transaction; if it fails, so does the act."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db import models

from evidence.custody import erasure, recovery
from evidence.custody import services as custody
from evidence.custody.kinds import Kind
from evidence.custody.rewound import Rewind


class Act(models.TextChoices):
    """What people decide and do, beside what happens to bytes. Closed; each has its sentence in sentences.py."""

    CASE_OPENED = "case_opened"
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    RETENTION_SET = "retention_set"
    MEMBER_ADDED = "member_added"
    MEMBER_ENDED = "member_ended"
    PERSON_INVITED = "person_invited"
    PERSON_JOINED = "person_joined"
    PERSON_DISABLED = "person_disabled"
    PERSON_ENABLED = "person_enabled"
    PERSON_RESET = "person_reset"
    PERSON_RENAMED = "person_renamed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    REFUSED = "refused"
    AUDIT_READ = "audit_read"
    ACCESS_REPORTED = "access_reported"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an act
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_RENAMED = "passkey_renamed"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_DOUBTED = "passkey_doubted"
    FACTORS_FORGOTTEN = "factors_forgotten"
    IDENTITY_BOUND = "identity_bound"
    IDENTITY_FORGOTTEN = "identity_forgotten"
    SESSIONS_ENDED = "sessions_ended"
    TOKEN_MADE = "token_made"  # noqa: S105 - the name of an act
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the name of an act
    EXHIBIT_LODGED = "exhibit_lodged"
    EXHIBIT_SIGHTED = "exhibit_sighted"
    EXHIBIT_EDITED = "exhibit_edited"
    EXHIBIT_WITHDRAWN = "exhibit_withdrawn"
    EXHIBIT_VIEWED = "exhibit_viewed"
    EXHIBIT_DOWNLOADED = "exhibit_downloaded"
    ORIGINAL_UNLOCKED = "original_unlocked"
    UNLOCKING_SEEN = "unlocking_seen"
    EXHIBITS_LISTED = "exhibits_listed"
    EXPORT_ALARM = "export_alarm"
    EXPORT_ALARM_SEEN = "export_alarm_seen"
    EXPORTS_STOPPED = "exports_stopped"
    EXPORTS_ALLOWED = "exports_allowed"
    EXHIBIT_VERIFIED = "exhibit_verified"
    CASE_VERIFIED = "case_verified"
    PACKAGE_ASKED = "package_asked"
    PACKAGE_CHECKED = "package_checked"
    PACKAGE_UNPACKED = "package_unpacked"
    RECEIPT_SENT = "receipt_sent"
    PROOF_TAKEN = "proof_taken"
    ACCOUNT_NAMED = "account_named"
    ACCOUNT_OBSERVED = "account_observed"
    OBSERVATION_WITHDRAWN = "observation_withdrawn"
    ACCOUNT_IDENTIFIED = "account_identified"
    PLATFORM_CLAIM_NOTED = "platform_claim_noted"
    PLATFORM_CLAIM_WITHDRAWN = "platform_claim_withdrawn"
    ROLE_PROPOSED = "role_proposed"
    ROLE_ASSESSED = "role_assessed"
    ROLE_RETURNED = "role_returned"
    PERSONA_STATED = "persona_stated"
    LOCATION_ASSESSED = "location_assessed"
    ACCOUNTS_LINKED = "accounts_linked"
    ACCOUNT_LINK_WITHDRAWN = "account_link_withdrawn"
    ACCOUNTS_MERGED = "accounts_merged"
    ACCOUNTS_UNMERGED = "accounts_unmerged"
    SUBJECT_TAGGED = "subject_tagged"
    EXCULPATORY_NOTED = "exculpatory_noted"
    INCRIMINATING_NOTED = "incriminating_noted"
    SUBJECT_NOTE_WITHDRAWN = "subject_note_withdrawn"
    CHANNEL_NAMED = "channel_named"
    CHANNEL_EDITED = "channel_edited"
    CHANNEL_WITHDRAWN = "channel_withdrawn"
    CHANNEL_OBSERVED = "channel_observed"
    CHANNEL_OBSERVATION_WITHDRAWN = "channel_observation_withdrawn"
    TASKING_NOTED = "tasking_noted"
    TASKING_EDITED = "tasking_edited"
    TASKING_WITHDRAWN = "tasking_withdrawn"
    PAYMENT_NOTED = "payment_noted"
    PAYMENT_EDITED = "payment_edited"
    PAYMENT_WITHDRAWN = "payment_withdrawn"
    TASK_MADE = "task_made"
    TASK_EDITED = "task_edited"
    TASK_FINISHED = "task_finished"
    TASK_DROPPED = "task_dropped"
    TASK_REOPENED = "task_reopened"
    NOTE_WRITTEN = "note_written"
    NOTE_WITHDRAWN = "note_withdrawn"
    CAMPAIGN_NAMED = "campaign_named"
    CAMPAIGN_EDITED = "campaign_edited"
    CAMPAIGN_WITHDRAWN = "campaign_withdrawn"
    CAMPAIGN_MARKED = "campaign_marked"
    CAMPAIGN_MARK_WITHDRAWN = "campaign_mark_withdrawn"
    CAUSE_NAMED = "cause_named"
    CAUSE_EDITED = "cause_edited"
    CAUSE_WITHDRAWN = "cause_withdrawn"
    CAUSE_ATTACHED = "cause_attached"
    CAUSE_DETACHED = "cause_detached"
    LISTING_ADDED = "listing_added"
    LISTING_WITHDRAWN = "listing_withdrawn"
    IMPORT_BEGUN = "import_begun"
    IMPORT_READ = "import_read"
    IMPORT_STOPPED = "import_stopped"
    IMPORT_WITHDRAWN = "import_withdrawn"
    POSTS_LISTED = "posts_listed"
    POST_VIEWED = "post_viewed"
    MATCHES_EXPORTED = "matches_exported"
    CASE_EXPORTED = "case_exported"
    TIMELINE_EXPORTED = "timeline_exported"
    NETWORK_EXPORTED = "network_exported"
    FINDING_WRITTEN = "finding_written"
    FINDING_EDITED = "finding_edited"
    FINDING_SUBMITTED = "finding_submitted"
    FINDING_REVIEWED = "finding_reviewed"
    FINDING_RETURNED = "finding_returned"
    ROUTE_WRITTEN = "route_written"
    ROUTE_ENDED = "route_ended"
    POLICY_WRITTEN = "policy_written"
    POLICY_ENDED = "policy_ended"
    PLATFORMS_LOADED = "platforms_loaded"
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
    DISPOSAL_PROPOSED = "disposal_proposed"
    EXHIBITS_DISPOSED = "exhibits_disposed"
    FIXITY_ROUTINE = "fixity_routine"
    UNREFERENCED_CLEARED = "unreferenced_cleared"
    DAMAGE_FOUND = "damage_found"
    HEALING_PROPOSED = "healing_proposed"
    BYTES_HEALED = "bytes_healed"
    HEALED_ELSEWHERE = "healed_elsewhere"
    BACKUP_MADE = "backup_made"
    BACKUP_RESTORED = "backup_restored"
    RESTORE_PROPOSED = "restore_proposed"
    LOG_RESTORED = "log_restored"
    DOSSIER_COMPOSED = "dossier_composed"
    DOSSIER_MOVED = "dossier_moved"
    DOSSIER_SEALED = "dossier_sealed"
    DOSSIER_DOWNLOADED = "dossier_downloaded"
    BAG_ASKED = "bag_asked"
    BAG_MADE = "bag_made"
    BAG_FAILED = "bag_failed"
    BAG_DOWNLOADED = "bag_downloaded"


class Person(Protocol):
    def as_agent(self) -> dict[str, Any]: ...


SYSTEM: dict[str, Any] = {"type": "software", "name": "casework"}

KIND_OF: dict[str, Kind] = {
    Act.EXHIBIT_VIEWED: Kind.ACCESS,
    Act.EXHIBITS_LISTED: Kind.ACCESS,
    Act.POSTS_LISTED: Kind.ACCESS,
    Act.POST_VIEWED: Kind.ACCESS,
    Act.IMPORT_READ: Kind.DERIVATION,
    Act.EXHIBIT_DOWNLOADED: Kind.EXPORT,
    Act.MATCHES_EXPORTED: Kind.EXPORT,
    Act.CASE_EXPORTED: Kind.EXPORT,
    Act.TIMELINE_EXPORTED: Kind.EXPORT,
    Act.NETWORK_EXPORTED: Kind.EXPORT,
    Act.RECEIPT_SENT: Kind.EXPORT,
    Act.PROOF_TAKEN: Kind.ACCESS,
    Act.REFUSED: Kind.ACCESS,
    Act.SIGNED_IN: Kind.ACCESS,
    Act.SIGNED_OUT: Kind.ACCESS,
    Act.SIGN_IN_FAILED: Kind.ACCESS,
    Act.AUDIT_READ: Kind.ACCESS,
    Act.ACCESS_REPORTED: Kind.ACCESS,
    Act.DOSSIER_DOWNLOADED: Kind.EXPORT,
    Act.BAG_DOWNLOADED: Kind.EXPORT,
    Act.DOSSIER_SEALED: Kind.SEALING,
    Act.EVENTS_ERASED: Kind.DISPOSAL,
    Act.EXHIBITS_DISPOSED: Kind.DISPOSAL,
    Act.HOLD_PLACED: Kind.HOLD,
    Act.HOLD_LIFTED: Kind.HOLD,
    Act.UNREFERENCED_CLEARED: Kind.DISPOSAL,
    Act.FIXITY_ROUTINE: Kind.FIXITY,
    Act.DAMAGE_FOUND: Kind.FIXITY,
    Act.PACKAGE_CHECKED: Kind.FIXITY,
    Act.BYTES_HEALED: Kind.REPLICATION,
    Act.HEALED_ELSEWHERE: Kind.REPLICATION,
}


def record(act: Act, *, by: Person | None, subject: str, context: str = "", **detail: Any) -> custody.Receipt:
    """Record `act`. `subject` and `context` are `kind/identifier` words such as `exhibit/CW-2026-0014/E-007`
    and `case/CW-2026-0014`; `detail` holds plain JSON values (no floats). Raises custody.LogUnwritable."""
    return record_all([(act, subject, detail)], by=by, context=context)[0]


def record_all(acts: Sequence[tuple[Act, str, dict[str, Any]]], *, by: Person | None,
               context: str) -> list[custody.Receipt]:
    """As `record`, for many acts (act, subject, detail) of one person in one context, in the order given."""
    agent = by.as_agent() if by else SYSTEM
    return custody.record_all([
        custody.Draft(KIND_OF.get(act, Kind.DECISION), subject, context, agent, {"act": str(act), **detail})
        for act, subject, detail in acts])


def erase(event_ids: Iterable[UUID], *, reason: str, basis: str, by: Person, approver: Person) -> custody.Receipt:
    """Erase what these events say, and record that (EVENTS_ERASED): `by` asked for it, `approver` agreed.

    Raises erasure.NotErasable, LogUnwritable."""
    return erasure.erase(event_ids, reason=reason, basis=basis, agent=by.as_agent(), approver=approver.as_agent())


def declare_restored(rewind: Rewind, *, reason: str, by: Person, approver: Person) -> custody.Receipt:
    """The log goes on from where a restore left it, and that is recorded (LOG_RESTORED): `by` proposed it, `approver`
    agreed. Raises LogUnwritable."""
    return recovery.declare(rewind, reason=reason, agent=by.as_agent(), approver=approver.as_agent())
