"""Accounts hold public facts; suspicion lives on Subject, in one case."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.accounts import moments
from casework.accounts.dated import EntryQuerySet, Resolution, Withdrawable
from casework.accounts.tags import Tag
from casework.exhibits import platform_addresses, platform_urls
from casework.exhibits.platforms import Platform

MOST_COUNTED = 100_000_000_000


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: Any) -> Self:
        """An account is visible only through a subject of a case that one may see."""
        return self.filter(pk__in=Subject.objects.visible_to(user).values("account_id"))


class Account(models.Model):
    """A social-media account: the platform's stable id where known, and the handle seen last."""

    platform = models.CharField(max_length=12, choices=Platform.choices)
    stable_id = models.CharField(max_length=120, blank=True)
    first_recorded_at = models.DateTimeField(auto_now_add=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "stable_id"], name="one_account_per_stable_id",
                                               condition=~models.Q(stable_id=""))]


class ObservationQuerySet(EntryQuerySet):
    case_path = "exhibit__case"

    def standing(self) -> Self:
        """Those that nobody withdrew, on exhibits that nobody withdrew."""
        return super().standing().filter(exhibit__withdrawn_at=None)


class Observation(Withdrawable):
    """What an account called itself and showed at a time, as an exhibit shows it. Written once; a wrong
    one is withdrawn."""

    class Status(models.TextChoices):
        """What was seen, and no more: that nothing is found does not say who took it away."""

        ACTIVE = "active", _("Shown as active")
        RENAMED = "renamed", _("Shown under another handle")
        SUSPENDED = "suspended", _("Shown as suspended by the platform")
        DELETED = "deleted", _("Shown as deleted")
        MISSING = "missing", _("Nothing found at its address")
        UNKNOWN = "unknown", _("Not shown")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="observations")
    exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, related_name="observations")
    handle = models.CharField(max_length=120)
    display_name = models.CharField(max_length=200, blank=True)
    biography = models.TextField(blank=True, help_text="what it says of itself")
    place = models.CharField(max_length=200, blank=True, help_text="the place that it claims")
    picture = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, null=True, related_name="+",
                                help_text="the exhibit that is its picture, where there is one")
    followers = models.PositiveBigIntegerField(null=True)
    following = models.PositiveBigIntegerField(null=True)
    posts = models.PositiveBigIntegerField(null=True)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.UNKNOWN)
    created = models.CharField(max_length=10, blank=True, help_text="as shown: 2021, 2021-03 or 2021-03-14")
    observed_at = models.DateTimeField()
    observed_resolution = models.CharField(max_length=6, choices=Resolution.choices, default=Resolution.SECOND)
    observed_given = models.CharField(max_length=moments.LONGEST, blank=True,
                                      help_text="as it was typed; empty: when the exhibit was captured")
    address = models.CharField(max_length=platform_addresses.LONGEST, blank=True,
                               help_text="the post or profile under which it was seen, where somebody gave it")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ObservationQuerySet.as_manager()

    class Meta(Withdrawable.Meta):
        ordering = ["observed_at", "pk"]
        indexes = [models.Index(Lower("handle"), name="observation_by_handle")]
        constraints = [
            *Withdrawable.Meta.constraints,
            models.CheckConstraint(name="observation_words_known", condition=models.Q(
                status__in=["active", "renamed", "suspended", "deleted", "missing", "unknown"],
                observed_resolution__in=Resolution.values)),
            models.CheckConstraint(name="observation_counts_can_be", condition=models.Q(
                *(models.Q(**{name: None}) | models.Q(**{f"{name}__lte": MOST_COUNTED})
                  for name in ("followers", "following", "posts")))),
            models.CheckConstraint(name="observation_created_is_a_day_or_less", condition=models.Q(created="")
                                   | models.Q(created__regex=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")),
            models.CheckConstraint(name="observation_address_is_of_the_web",
                                   condition=models.Q(address="") | models.Q(address__regex="^https?://")),
        ]

    @property
    def at(self) -> datetime:
        return self.observed_at

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None and self.exhibit.withdrawn_at is None

    @property
    def shown_at(self) -> str:
        return moments.shown(self.observed_at, self.observed_resolution)

    @cached_property
    def facts(self) -> platform_urls.Facts:
        """What its address says: the id of a post, and the time that the id carries."""
        return platform_urls.read(self.address)

    @property
    def typed_at(self) -> str:
        """What was typed, where it says more than `shown_at`."""
        return moments.typed(self.observed_at, self.observed_resolution, self.observed_given) \
            if self.observed_given else ""


class SubjectQuerySet(CaseScoped):
    def with_names(self) -> Self:
        """Adds `handle`, `display_name` and `status` as seen last in the subject's own case, never in another, by what
        stands. What does not show whether it is there says nothing of its status."""
        seen = Observation.objects.standing().filter(
            account=models.OuterRef("account"), exhibit__case=models.OuterRef("case")).order_by("-observed_at", "-pk")
        told = seen.exclude(status=Observation.Status.UNKNOWN)
        return self.annotate(handle=Coalesce(models.Subquery(seen.values("handle")[:1]), models.Value("")),
                             status=Coalesce(models.Subquery(told.values("status")[:1]), models.Value("unknown")),
                             display_name=Coalesce(models.Subquery(seen.values("display_name")[:1]), models.Value("")))

    def with_merge(self) -> Self:
        """Adds `into`, the number of the subject that it was merged into, where it was."""
        standing = models.FilteredRelation("merges", condition=models.Q(merges__withdrawn_at=None))
        return self.annotate(standing_merge=standing, into=models.F("standing_merge__kept__number"))

    def with_has_merges(self) -> Self:
        """Adds `has_merges`: whether it was ever merged, or another into it."""
        made = models.Q(merges__isnull=False) | models.Q(taken_in__isnull=False)
        return self.annotate(has_merges=models.Exists(Subject.objects.filter(made, pk=models.OuterRef("pk"))))

    def unmerged(self) -> Self:
        """Each account once: without those that were merged into another. Adds `into`."""
        return self.with_merge().filter(into=None)

    def with_counts(self) -> Self:
        """Adds `exhibit_count` (of this case, that show the account) and `notice_count`."""
        ours = models.Q(account__observations__exhibit__case=models.F("case"),
                        account__observations__exhibit__withdrawn_at=None, account__observations__withdrawn_at=None)
        return self.annotate(
            exhibit_count=models.Count("account__observations__exhibit", filter=ours, distinct=True),
            notice_count=models.Count("targets__notice", distinct=True))


class Subject(models.Model):
    """An account under examination in one case. Starts as bystander; steps above participant need two people."""

    class Role(models.TextChoices):
        BYSTANDER = "bystander", _("Bystander")
        PARTICIPANT = "participant", _("Participant, knowledge unknown")
        KNOWING = "knowing", _("Knowing participant")
        ORGANISER = "organiser", _("Organiser")

    class Persona(models.TextChoices):
        NONE = "none", _("None stated")
        WOMAN = "woman", _("Poses as a woman")
        NEWS = "news", _("Poses as a news organisation")
        PLACE = "place", _("Poses as a place")
        OFFICIAL = "official", _("Poses as an official")
        OTHER = "other", _("Another persona")

    handle: str
    status: str
    favourable: list[str]
    others: "list[Subject]"
    into: int | None
    has_merges: bool

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="subjects")
    number = models.PositiveIntegerField(help_text="S-001 within the case")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="subjects")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.BYSTANDER)
    persona = models.CharField(max_length=10, choices=Persona.choices, default=Persona.NONE)
    tags = ArrayField(models.CharField(max_length=20), default=list, blank=True, help_text="of casework.accounts.tags")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "account"], name="one_subject_per_account"),
            models.UniqueConstraint(fields=["case", "number"], name="one_subject_per_number"),
            models.CheckConstraint(name="subject_role_known",
                                   condition=models.Q(role__in=["bystander", "participant", "knowing", "organiser"])),
            models.CheckConstraint(name="subject_tags_known", condition=models.Q(tags__contained_by=Tag.values)),
        ]

    @property
    def label(self) -> str:
        return f"S-{self.number:03d}"

    @property
    def merged_into(self) -> str:
        """The label of the one that it was merged into; empty where it was not. Needs `with_merge`."""
        return f"S-{self.into:03d}" if self.into else ""

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"subject/{self.case.ref}/{self.label}"

    @property
    def tag_words(self) -> list[str]:
        return [str(Tag(one).label) for one in self.tags]

    @property
    def status_words(self) -> str:
        """Needs `with_names`."""
        return str(Observation.Status(self.status).label)


class AssessmentQuerySet(CaseScoped):
    case_path = "subject__case"


# A step towards less suspicion: one person may take it at any time, with a reason and nothing else.
DOWN = (models.Q(from_role="organiser") | models.Q(from_role="knowing", to_role__in=["participant", "bystander"])
        | models.Q(from_role="participant", to_role="bystander"))


class Assessment(models.Model):
    """A step on the role ladder: from, to, on which behavioural indicators and exhibits, by whom.

    There is no indicator for a viewpoint, a party, a faith or an ethnicity, and no field for one."""

    class Indicator(models.TextChoices):
        COORDINATION = "coordination", _("Coordination with other accounts")
        FALSE_IDENTITY = "false_identity", _("False identity")
        PAYMENT = "payment", _("Payment for posting")
        AUTOMATION = "automation", _("Automation")
        INSTRUCTION = "instruction", _("Direct instruction")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second person")
        IN_FORCE = "in_force", _("In force")
        RETURNED = "returned", _("Returned")

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="assessments")
    from_role = models.CharField(max_length=12, choices=Subject.Role.choices)
    to_role = models.CharField(max_length=12, choices=Subject.Role.choices)
    indicators = models.JSONField(default=list)
    exhibits = models.ManyToManyField("casework.Exhibit", related_name="assessments")
    reason = models.TextField()
    against = models.TextField(blank=True, help_text="what speaks against it; never empty on the way up")
    state = models.CharField(max_length=10, choices=State.choices)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True, help_text="why it went back")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["subject"], name="one_open_assessment",
                                    condition=models.Q(state="proposed")),
            models.CheckConstraint(name="assessment_is_a_step", condition=~models.Q(from_role=models.F("to_role"))),
            models.CheckConstraint(name="assessment_says_why",
                                   condition=~models.Q(reason="") & (DOWN | ~models.Q(against=""))),
            models.CheckConstraint(name="knowing_needs_two_people",
                                   condition=~models.Q(to_role__in=["knowing", "organiser"], state="in_force") | DOWN
                                   | (models.Q(decided_by__isnull=False)
                                      & ~models.Q(decided_by=models.F("proposed_by")))),
            models.CheckConstraint(name="returned_assessment_says_why",
                                   condition=~models.Q(state="returned")
                                   | (models.Q(decided_by__isnull=False) & ~models.Q(decision_note=""))),
        ]

    @property
    def word(self) -> str:
        return f"assessment/{self.subject.case.ref}/{self.subject.label}/{self.pk}"
