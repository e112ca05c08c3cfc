"""Notices to platforms, their targets, and what became of each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.exhibits.platforms import Platform


class NoticeQuerySet(CaseScoped):
    pass


class Notice(models.Model):
    """A takedown request to one platform. Sending freezes its text and lodges the exact bytes as an exhibit."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RIGHTS_REVIEW = "rights_review", _("Rights review")
        APPROVED = "approved", _("Approved")
        SENT = "sent", _("Sent")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        DECIDED = "decided", _("Decided")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()
    platform = models.CharField(_("Platform"), max_length=12, choices=Platform.choices)
    policy = models.CharField(_("Policy relied on"), max_length=200)
    # Its row is never changed: the notice keeps the wording that stood when its own words were saved.
    policy_row = models.ForeignKey("casework.Policy", on_delete=models.PROTECT, null=True, related_name="notices")
    text = models.TextField(_("Text of the notice"))
    necessity = models.TextField(_("Necessity and proportionality"))
    against = models.TextField(_("What speaks against it"))
    less_intrusive = models.TextField(_("Less intrusive options considered"))
    state = models.CharField(max_length=14, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField()
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.TextField(blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_text = models.TextField(blank=True, help_text="the exhibit's text, so that pages need not read the store")
    sent_exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(_("The platform's reference"), max_length=120, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_notice_per_number"),
            models.CheckConstraint(name="notice_reviewed_by_another_person",
                                   condition=models.Q(reviewer=None) | ~models.Q(reviewer=models.F("drafter"))),
            models.CheckConstraint(
                name="approved_notice_has_a_reviewer",
                condition=models.Q(state__in=["draft", "rights_review", "withdrawn"])
                | models.Q(reviewer__isnull=False, reviewed_at__isnull=False)),
            models.CheckConstraint(
                name="sent_notice_has_its_bytes",
                condition=models.Q(state__in=["draft", "rights_review", "approved", "withdrawn"])
                | models.Q(sent_by__isnull=False, sent_at__isnull=False, sent_exhibit__isnull=False, sent_text__gt="")),
            models.CheckConstraint(
                name="notice_is_weighed",
                condition=models.Q(state="draft")
                | (~models.Q(necessity="") & ~models.Q(against="") & ~models.Q(less_intrusive=""))
                | models.Q(state="withdrawn", sent_at=None)),
            models.CheckConstraint(name="acknowledged_notice_has_a_reference",
                                   condition=~models.Q(state="acknowledged") | ~models.Q(reference="")),
            models.CheckConstraint(name="withdrawn_notice_says_why",
                                   condition=models.Q(state="withdrawn", withdrawn_reason__gt="")
                                   | (~models.Q(state="withdrawn") & models.Q(withdrawn_reason=""))),
            models.CheckConstraint(
                name="notice_state_known",
                condition=models.Q(state__in=["draft", "rights_review", "approved", "sent", "acknowledged", "decided",
                                              "closed", "withdrawn"])),
        ]

    @property
    def label(self) -> str:
        return f"T-{self.number:03d}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"notice/{self.case.ref}/{self.label}"


class TargetQuerySet(CaseScoped):
    case_path = "notice__case"


class Target(models.Model):
    """One account, post, group or URL in a notice, the exhibits that show it, and its outcome."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("Account")
        POST = "post", _("Post")
        GROUP = "group", _("Group")
        URL = "url", _("Address")

    class Outcome(models.TextChoices):
        PENDING = "pending", _("No answer yet")
        REMOVED = "removed", _("Removed")
        RESTRICTED = "restricted", _("Restricted")
        LABELLED = "labelled", _("Labelled")
        SUSPENDED = "suspended", _("Account suspended")
        TERMINATED = "terminated", _("Account terminated")
        PARTIAL = "partial", _("Partly actioned")
        REFUSED = "refused", _("Refused")
        DUPLICATE = "duplicate", _("Duplicate")
        NO_ANSWER = "no_answer", _("No answer")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="targets")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.ForeignKey("casework.Subject", on_delete=models.PROTECT, null=True, related_name="targets")
    url = models.CharField(max_length=2000, blank=True)
    exhibits = models.ManyToManyField("casework.Exhibit", related_name="targets")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.PENDING)
    outcome_at = models.DateTimeField(null=True)
    wording = models.TextField(blank=True, help_text="the platform's own words")
    answer_exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, null=True, related_name="+")

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "subject"], name="account_targeted_once",
                                    condition=models.Q(kind="account")),
            models.CheckConstraint(name="target_is_something",
                                   condition=models.Q(subject__isnull=False) | ~models.Q(url="")),
            models.CheckConstraint(name="account_target_is_a_subject",
                                   condition=~models.Q(kind="account") | models.Q(subject__isnull=False)),
            models.CheckConstraint(name="outcome_has_a_date",
                                   condition=models.Q(outcome="pending", outcome_at=None)
                                   | (~models.Q(outcome="pending") & models.Q(outcome_at__isnull=False))),
        ]
