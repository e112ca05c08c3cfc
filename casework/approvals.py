"""HALL: two people. One proposes an act, another approves it; one mechanism for every act that needs it.

An approval binds a digest of what is to be done: if that changes, it is void. It expires. Nobody approves their own,
nor through an account whose password they could have set. `subject` and `case_ref` are words, so this hall knows no
room above it; without a case the act is about the log itself."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.record import Act, record
from evidence.tlog import canonical

LIFETIME = timedelta(days=7)


class Refused(Exception):
    """The approval cannot be given or used; the message says why, for people."""


class Approval(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        USED = "used", _("Used")
        VOID = "void", _("Void")

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    case_ref = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="one_open_approval",
                                    condition=models.Q(state__in=["proposed", "approved"])),
            models.CheckConstraint(name="approval_needs_two_people",
                                   condition=models.Q(decided_by=None) | models.Q(state="void")
                                   | ~models.Q(decided_by=models.F("proposed_by"))),
            models.CheckConstraint(name="approval_decided_by_someone",
                                   condition=models.Q(state__in=["proposed", "void"])
                                   | models.Q(decided_by__isnull=False, decided_at__isnull=False)),
        ]


def digest_of(content: dict[str, Any]) -> str:
    """What an approval binds: the SHA-256 (64 hex digits) of the canonical form of what is to be done."""
    return hashlib.sha256(canonical.encode(content)).hexdigest()


def waiting(kind: str, *, subject: str) -> Approval:
    """The proposal that a second person may decide now. Raises Refused when there is none."""
    found = Approval.objects.filter(kind=kind, subject=subject, state=Approval.State.PROPOSED).first()
    if found is None:
        raise Refused(_("Nothing waits for a second person here."))
    return found


@transaction.atomic
def propose(kind: str, *, subject: str, case_ref: str, digest: str, by: Any) -> Approval:
    """Ask for a second person. An earlier open proposal of the same act is void from now on."""
    Approval.objects.filter(kind=kind, subject=subject, state__in=["proposed", "approved"]).update(state="void")
    now = timezone.now()
    approval = Approval.objects.create(kind=kind, subject=subject, case_ref=case_ref, digest=digest, proposed_by=by,
                                       proposed_at=now, expires_at=now + LIFETIME)
    record(Act.APPROVAL_PROPOSED, by=by, subject=subject, context=_context(case_ref), kind=kind, digest=digest)
    return approval


@transaction.atomic
def approve(approval: Approval, *, digest: str, by: Any) -> Approval:
    """The second person says yes to exactly what was proposed."""
    return _decide(approval, digest=digest, by=by, state=Approval.State.APPROVED, reason="")


@transaction.atomic
def refuse(approval: Approval, *, digest: str, reason: str, by: Any) -> Approval:
    """The second person sends it back; a reason is required."""
    if not reason.strip():
        raise Refused(_("Say why it goes back."))
    return _decide(approval, digest=digest, by=by, state=Approval.State.RETURNED, reason=reason)


@transaction.atomic
def use(kind: str, *, subject: str, digest: str) -> Approval:
    """Spend the approval at the moment of the act. Raises Refused when there is none for exactly this digest."""
    approval = (Approval.objects.select_for_update()
                .filter(kind=kind, subject=subject, state=Approval.State.APPROVED).first())
    if approval is None or approval.expires_at < timezone.now():
        raise Refused(_("This needs the approval of a second person first."))
    if approval.digest != digest:
        raise Refused(_("It was changed after it was approved. Ask for approval again."))
    approval.state = Approval.State.USED
    approval.save(update_fields=["state"])
    return approval


def _decide(approval: Approval, *, digest: str, by: Any, state: str, reason: str) -> Approval:
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    if approval.state != Approval.State.PROPOSED:
        raise Refused(_("This proposal was already decided."))
    if state == Approval.State.APPROVED and approval.expires_at < timezone.now():
        raise Refused(_("This proposal has expired. Send it back, and let it be proposed again."))
    if approval.proposed_by_id == by.pk:
        raise Refused(_("A second person must decide: you proposed this yourself."))
    require_two_hands(approval.proposed_by, by, approval.proposed_at)
    if approval.digest != digest:
        raise Refused(_("It was changed after it was proposed. Propose it again."))
    approval.state, approval.decided_by, approval.decided_at = state, by, timezone.now()
    approval.reason = reason
    approval.save()
    record(Act.APPROVAL_GIVEN if state == "approved" else Act.APPROVAL_REFUSED, by=by, subject=approval.subject,
           context=_context(approval.case_ref), kind=approval.kind, digest=digest, reason=reason)
    return approval


def require_two_hands(first: Any, by: Any, since: datetime) -> None:
    """Raise Refused where one person may hold the accounts of `by` and of `first`, who acted at `since`: whoever makes
    a link can open it and set the password.

    The last link that was used counts, an invitation as much as a reset. A password that was changed without one
    proves nothing, for whoever opened the link could do that, too; a later link from somebody else does."""
    mine = by.invitations.exclude(used_at=None).order_by("-used_at", "-pk").first()
    if mine and (mine.used_at > since or mine.made_by_id == first.pk):
        raise Refused(_("Your password was set by a link after this was proposed, or by a link of who proposed it. "
                        "Somebody else must decide."))
    theirs = first.invitations.filter(used_at__lte=since).order_by("-used_at", "-pk").first()
    if theirs and theirs.made_by_id == by.pk:
        raise Refused(_("Who proposed this had their password set by a link of yours. Somebody else must decide."))


def _context(case_ref: str) -> str:
    return f"case/{case_ref}" if case_ref else "log"
