"""What a notice asks to be acted on, and the safeguards that stand before each target."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from casework.accounts.merge_models import Merge
from casework.accounts.models import Assessment, Observation, Subject
from casework.accounts.words import chosen
from casework.exhibits import platform_urls
from casework.exhibits.models import Exhibit
from casework.findings.models import Finding
from casework.takedowns.models import Notice, Target

URL_LENGTH = 2000


def add(notice: Notice, *, kind: str, subject: Subject | None, url: str, exhibits: Sequence[Exhibit]) -> Target:
    """Add a target to a notice that the caller has locked. Raises ValidationError."""
    chosen("kind", kind, Target.Kind.values)
    url = url.strip()
    if url and (len(url) > URL_LENGTH or not _is_address(url)):
        raise ValidationError({"url": _("Give a full address that begins with https:// or http://.")})
    if kind == Target.Kind.ACCOUNT and subject is None:
        raise ValidationError({"subject": _("An account is named as a subject of this case first.")})
    if kind != Target.Kind.ACCOUNT and not url:
        raise ValidationError({"url": _("Give the address of what is to be acted on.")})
    if subject and subject.case_id != notice.case_id:
        raise ValidationError({"subject": _("Name a subject of this case.")})
    if any(exhibit.case_id != notice.case_id or exhibit.withdrawn_at for exhibit in exhibits):
        raise ValidationError({"exhibits": _("Cite exhibits of this case that are not withdrawn.")})
    if kind == Target.Kind.ACCOUNT and notice.targets.filter(kind=kind, subject=subject).exists():
        raise ValidationError({"subject": _("%(label)s is in this notice already.") % {"label": _label(subject)}})
    target = Target.objects.create(notice=notice, kind=kind, subject=subject or _whose(notice, url), url=url)
    target.exhibits.set(exhibits)
    return target


def _whose(notice: Notice, url: str) -> Subject | None:
    """The subject of this case to whom the address belongs, by a handle that an exhibit of this case shows."""
    facts = platform_urls.read(url)
    if not facts.handle:
        return None
    seen = Observation.objects.standing().filter(exhibit__case=notice.case, account__platform=facts.platform)
    named = {one.account_id for one in seen if one.handle.lstrip("@").casefold() == facts.handle.casefold()}
    numbers = {one.into or one.number for one in notice.case.subjects.filter(account__in=named).with_merge()}
    return notice.case.subjects.get(number=numbers.pop()) if len(numbers) == 1 else None


def shown_by(subject: Subject) -> list[Exhibit]:
    """The exhibits of the case that show the account or that its role in force stands on."""
    rows = subject.case.exhibits.captured()
    merged = subject.taken_in.standing().values("merged__account")
    shown = Observation.objects.standing().filter(Q(account=subject.account_id) | Q(account__in=merged))
    seen = rows.filter(observations__in=shown)
    cited = rows.filter(assessments__subject=subject, assessments__state=Assessment.State.IN_FORCE)
    return sorted(set(seen) | set(cited), key=lambda exhibit: exhibit.number)


def subjects_of(notice: Notice) -> list[Subject]:
    """The accounts that the notice names, each once."""
    return list(Subject.objects.filter(targets__notice=notice).distinct())


def obstacles(notice: Notice) -> list[str]:
    """What keeps this notice from review and from being sent, as sentences for people; empty when nothing does."""
    # An account may have been seen in other cases: what they saw decides nothing here, and must not show.
    seen = Observation.objects.filter(exhibit__case=notice.case_id)
    merges = Merge.objects.standing().select_related("kept", "merged__account")
    targets = list(notice.targets.select_related("subject__account").prefetch_related(
        "exhibits__item", Prefetch("subject__account__observations", queryset=seen),
        Prefetch("subject__merges", queryset=merges), Prefetch("subject__taken_in", queryset=merges),
        Prefetch("subject__taken_in__merged__account__observations", queryset=seen)))
    found = [] if targets else [_("Name at least one target.")]
    named = _named_by_findings(target.subject_id for target in targets if target.subject_id)
    for place, target in enumerate(targets, start=1):
        if withdrawn := [exhibit.label for exhibit in target.exhibits.all() if exhibit.withdrawn_at]:
            found.append(_("Target %(place)d: %(labels)s was withdrawn and cannot be cited.")
                         % {"place": place, "labels": ", ".join(withdrawn)})
        if not any(exhibit.is_captured for exhibit in target.exhibits.all()):
            found.append(_("Target %(place)d: cite a captured exhibit that shows it.") % {"place": place})
        subject = target.subject
        if subject and subject.account.platform != notice.platform:
            found.append(_("Target %(place)d: %(label)s is on another platform.")
                         % {"place": place, "label": subject.label})
        found += [_("Target %(place)d: %(merged)s was merged into %(kept)s. Name %(kept)s.")
                  % {"place": place, "merged": subject.label, "kept": merge.kept.label}
                  for merge in (subject.merges.all() if subject else ())]
        if _reports_somebody_else(target):
            found.append(_("Target %(place)d: name the account that the address belongs to as a subject of this case, "
                           "so that nobody is reported who only spoke their mind.") % {"place": place})
        if subject and subject.role == Subject.Role.BYSTANDER and subject.pk not in named:
            found.append(_("Target %(place)d: %(label)s is a bystander. Assess its role first, or have a finding of "
                           "inauthenticity that names it reviewed.") % {"place": place, "label": subject.label})
    return found


def _reports_somebody_else(target: Target) -> bool:
    """Whether the address is somebody's own, and not that of the subject whom the target names."""
    facts = platform_urls.read(target.url)
    if target.subject is None:
        return target.kind == Target.Kind.POST or bool(
            facts.handle or facts.post_id or facts.group or facts.account_id)
    if facts.account_id and target.subject.account.stable_id:
        return facts.account_id != target.subject.account.stable_id
    accounts = [target.subject.account, *(row.merged.account for row in target.subject.taken_in.all())]
    seen = {one.handle.lstrip("@").casefold() for account in accounts for one in account.observations.all()}
    return bool(facts.handle) and facts.handle.casefold() not in seen


def _named_by_findings(subjects: Iterable[int]) -> set[int]:
    """Which of these subjects a reviewed finding of inauthenticity names."""
    return set(Finding.subjects.through.objects.filter(
        subject_id__in=list(subjects), finding__kind=Finding.Kind.INAUTHENTICITY,
        finding__state=Finding.State.REVIEWED).values_list("subject_id", flat=True))


def _is_address(url: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return False
    return True


def _label(subject: Subject | None) -> str:
    return subject.label if subject else ""
