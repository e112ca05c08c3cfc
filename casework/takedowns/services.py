"""Draft a notice and carry it through its life. Each step locks, requires, moves, saves and records in one go.

Nothing is sent by machine: an officer copies the frozen text into the platform's form, and `send` records that."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import approvals, editions, lifecycle
from casework.access import Action, require
from casework.accounts.models import Subject
from casework.accounts.words import chosen, cleaned
from casework.cases.models import Case
from casework.cases.services import require_open
from casework.exhibits import services as exhibits_services
from casework.exhibits.models import Exhibit
from casework.exhibits.platforms import Platform
from casework.record import Act, record
from casework.takedowns import compose, references, states, targets
from casework.takedowns.models import Notice, Target

APPROVAL = "notice"
WEIGHED = ("necessity", "against", "less_intrusive")


@transaction.atomic
def draft(case: Case, *, platform: str, policy: str, text: str, necessity: str = "", against: str = "",
          less_intrusive: str = "", subjects: Sequence[Subject] = (), by: Any) -> Notice:
    """A new notice to one platform; each of `subjects` becomes a target with the exhibits that show it.

    What is weighed may still be empty, until it is submitted. Raises ValidationError."""
    case = require_open(case)
    require(by, Action.NOTICE_DRAFT, case)
    texts = _checked(platform, {"policy": policy, "text": text, "necessity": necessity, "against": against,
                                "less_intrusive": less_intrusive})
    number = (case.notices.aggregate(last=Max("number"))["last"] or 0) + 1
    now = timezone.now()
    notice = Notice.objects.create(case=case, number=number, platform=platform, drafter=by, drafted_at=now,
                                   state_since=now, policy_row=references.relied_on(platform, texts["policy"]), **texts)
    record(Act.NOTICE_DRAFTED, by=by, subject=notice.word, context=f"case/{case.ref}", platform=platform,
           **texts, **_relied(notice))
    for subject in subjects:
        _add_target(notice, by, kind=Target.Kind.ACCOUNT, subject=subject, url="", exhibits=targets.shown_by(subject))
    return notice


@transaction.atomic
def edit(notice: Notice, *, platform: str, policy: str, text: str, necessity: str = "", against: str = "",
         less_intrusive: str = "", made_from: Collection[str] | None = None, by: Any) -> Notice:
    """Change the words. Only the drafter may; the notice is a draft again and an approval of it is void."""
    notice, move = _locked(notice, "edit", by)
    editions.require(made_from, partial(edition, notice))
    texts = _checked(platform, {"policy": policy, "text": text, "necessity": necessity, "against": against,
                                "less_intrusive": less_intrusive})
    for name, value in {**texts, "platform": platform}.items():
        setattr(notice, name, value)
    notice.policy_row = references.relied_on(platform, notice.policy)
    record(Act.NOTICE_EDITED, by=by, subject=notice.word, context=f"case/{notice.case.ref}", platform=platform,
           **texts, **_relied(notice))
    return _back_to_draft(notice, move, by)


@transaction.atomic
def add_target(notice: Notice, *, kind: str, subject: Subject | None = None, url: str = "",
               exhibits: Sequence[Exhibit] = (), by: Any) -> Target:
    """Ask for one more account, post, group or address to be acted on. The notice is a draft again."""
    notice, move = _locked(notice, "edit", by)
    target = _add_target(notice, by, kind=kind, subject=subject, url=url, exhibits=exhibits)
    _back_to_draft(notice, move, by)
    return target


@transaction.atomic
def remove_target(target: Target, *, by: Any) -> Notice:
    """Take a target out of a notice that was not sent. The custody log keeps that it was there."""
    notice, move = _locked(target.notice, "edit", by)
    target = notice.targets.get(pk=target.pk)
    record(Act.TARGET_REMOVED, by=by, subject=notice.word, context=f"case/{notice.case.ref}", kind=target.kind,
           target=str(target.subject.label if target.subject else target.url))
    target.exhibits.clear()
    target.delete()
    return _back_to_draft(notice, move, by)


@transaction.atomic
def submit(notice: Notice, *, by: Any) -> Notice:
    """Ask another person for the rights review of exactly this. Raises ValidationError for whatever is missing."""
    notice, move = _locked(notice, "submit", by)
    cleaned({name: getattr(notice, name) for name in ("policy", "text")})
    if wrong := dict(unweighed(notice)):
        raise ValidationError(wrong)
    _require_ready(notice)
    approvals.propose(APPROVAL, subject=notice.word, case_ref=notice.case.ref, digest=digest(notice), by=by)
    return _moved(notice, move, "submit", by)


@transaction.atomic
def approve(notice: Notice, *, note: str = "", seen: str = "", by: Any) -> Notice:
    """Another person finds the notice lawful, necessary and proportionate. `seen`: the digest of what they read."""
    notice, move = _locked(notice, "approve", by)
    _require_ready(notice)
    note = cleaned({"note": note}, optional=["note"])["note"]
    _require_seen(notice, seen)
    approvals.approve(approvals.waiting(APPROVAL, subject=notice.word), digest=digest(notice), by=by)
    notice.reviewer, notice.reviewed_at, notice.review_note = by, timezone.now(), note
    return _moved(notice, move, "approve", by, note=note)


@transaction.atomic
def send_back(notice: Notice, *, reason: str, by: Any) -> Notice:
    """Another person returns it to its drafter and says why."""
    notice, move = _locked(notice, "send_back", by)
    reason = cleaned({"reason": reason})["reason"]
    approvals.refuse(approvals.waiting(APPROVAL, subject=notice.word), digest=digest(notice), reason=reason, by=by)
    notice.review_note = reason
    return _moved(notice, move, "send_back", by, reason=reason)


@transaction.atomic
def send(notice: Notice, *, seen: str = "", by: Any) -> Notice:
    """Freeze the notice: spend the approval, lodge the exact bytes of its text as an exhibit, state sent.

    Raises Refused when it was changed after it was approved, or when the approval has expired."""
    notice, move = _locked(notice, "send", by)
    _require_ready(notice)
    _require_seen(notice, seen)
    bound = digest(notice)
    approvals.use(APPROVAL, subject=notice.word, digest=bound)
    notice.sent_text = letter(notice)
    lodged = exhibits_services.lodge_made(
        notice.case, data=notice.sent_text.encode("utf-8"), name=f"{notice.case.ref}-{notice.label}.txt",
        claimed_type="text/plain; charset=utf-8",
        provenance={"platform": notice.platform, "note": f"The text of notice {notice.label} as it was sent."},
        title=_("Notice %(label)s as sent") % {"label": notice.label}, by=by)
    notice.sent_by, notice.sent_at, notice.sent_exhibit = by, timezone.now(), lodged.exhibit
    return _moved(notice, move, "send", by, exhibit=lodged.exhibit.label, sha256=lodged.item.blob_id, digest=bound)


@transaction.atomic
def acknowledge(notice: Notice, *, reference: str, by: Any) -> Notice:
    """The platform says that it has the notice, under this reference."""
    notice, move = _locked(notice, "acknowledge", by)
    notice.reference = cleaned({"reference": reference}, most={"reference": 120})["reference"]
    return _moved(notice, move, "acknowledge", by, reference=notice.reference)


@transaction.atomic
def decide(target: Target, *, outcome: str, wording: str = "", answer_exhibit: Exhibit | None = None,
           by: Any) -> Target:
    """Write down what the platform did about one target; an answer that came again replaces the earlier one here.

    The notice is decided once no target is without an outcome. No role of anybody changes by it."""
    notice, move = _locked(target.notice, "decide", by)
    target = notice.targets.select_for_update(of=("self",)).get(pk=target.pk)
    chosen("outcome", outcome, [value for value in Target.Outcome.values if value != Target.Outcome.PENDING])
    if answer_exhibit is not None and (answer_exhibit.case_id != notice.case_id or answer_exhibit.withdrawn_at):
        raise ValidationError({"answer_exhibit": _("Cite an exhibit of this case that is not withdrawn.")})
    target.outcome, target.outcome_at, target.answer_exhibit = outcome, timezone.now(), answer_exhibit
    target.wording = cleaned({"wording": wording}, optional=["wording"])["wording"]
    target.save()
    record(Act.TARGET_DECIDED, by=by, subject=notice.word, context=f"case/{notice.case.ref}", outcome=outcome,
           target=str(target.subject.label if target.subject else target.url), wording=target.wording,
           answer=answer_exhibit.label if answer_exhibit else "")
    open_targets = notice.targets.filter(outcome=Target.Outcome.PENDING)
    if notice.state != move.target and not open_targets.exists():
        _moved(notice, move, "decide", by)
    return target


@transaction.atomic
def close(notice: Notice, *, by: Any) -> Notice:
    """Nothing more is expected of this notice."""
    notice, move = _locked(notice, "close", by)
    return _moved(notice, move, "close", by)


@transaction.atomic
def withdraw(notice: Notice, *, reason: str, by: Any) -> Notice:
    """Give the notice up and say why. It stays readable; what was sent stays an exhibit."""
    notice, move = _locked(notice, "withdraw", by)
    notice.withdrawn_reason = cleaned({"reason": reason})["reason"]
    return _moved(notice, move, "withdraw", by, reason=notice.withdrawn_reason)


def edition(notice: Notice) -> editions.Edition:
    """The words that can be edited, as they stand. Targets are added and taken out, not edited."""
    words = {name: getattr(notice, name) for name in ("platform", "policy", "text", *WEIGHED)}
    return editions.Edition(words, notice.word, (Act.NOTICE_EDITED, Act.NOTICE_DRAFTED))


def unweighed(notice: Notice) -> list[tuple[str, str]]:
    """(field, sentence) for each that must be written before review and is empty."""
    fields = {field.name: field for field in Notice._meta.fields}
    return [(name, _("Write “%(field)s” first.") % {"field": fields[name].verbose_name}) for name in WEIGHED
            if not getattr(notice, name).strip()]


def content(notice: Notice) -> dict[str, Any]:
    """Everything that the second person's yes binds and that the text is composed from, as plain data."""
    rows = notice.targets.select_related("subject__account").prefetch_related("exhibits__item")
    handles = dict(Subject.objects.filter(targets__notice=notice).with_names().values_list("pk", "handle"))
    return {"case": notice.case.ref, "label": notice.label, "platform": notice.platform,
            "platform_name": str(Platform(notice.platform).label), "policy": notice.policy, "text": notice.text,
            **_relied(notice), **{name: getattr(notice, name) for name in WEIGHED},
            "targets": [_target_content(target, handles) for target in rows]}


def _relied(notice: Notice) -> dict[str, str]:
    """Which wording of a policy that is known here the notice relies on; nothing where it relies on none."""
    row = notice.policy_row
    return {"policy_row": f"{row.word}/{row.edition}"} if row else {}


def letter(notice: Notice) -> str:
    """The exact text that `send` freezes, and after that the frozen one."""
    return notice.sent_text or compose.letter(content(notice))


def digest(notice: Notice) -> str:
    """What an approval binds (64 hex digits): words, weighing, targets, exhibits and their bytes."""
    return approvals.digest_of(content(notice))


def _target_content(target: Target, handles: dict[int, str]) -> dict[str, Any]:
    subject = target.subject
    cited = sorted(target.exhibits.all(), key=lambda exhibit: exhibit.number)
    return {"kind": target.kind, "url": target.url, "handle": handles[subject.pk] if subject else "",
            "stable_id": subject.account.stable_id if subject else "", "subject": subject.number if subject else 0,
            "exhibits": [{"number": exhibit.number, "sha256": exhibit.item.blob_id} for exhibit in cited]}


def _locked(notice: Notice, verb: str, by: Any) -> tuple[Notice, lifecycle.Move]:
    """Lock, ask whether this person may, and look up the move. Words and targets belong to the drafter alone."""
    case = require_open(notice.case)
    locked: Notice = case.notices.select_for_update(of=("self",)).get(pk=notice.pk)
    require(by, states.NOTICE[verb].action, case)
    if verb in {"edit", "submit"} and locked.drafter_id != by.pk:
        raise PermissionDenied(_("Only its drafter changes or submits a notice, so that no reviewer has written it."))
    return locked, lifecycle.move(states.NOTICE, locked.state, verb)


def _moved(notice: Notice, move: lifecycle.Move, verb: str, by: Any, **detail: Any) -> Notice:
    before, notice.state, notice.state_since = notice.state, move.target, timezone.now()
    notice.save()
    record(Act.NOTICE_MOVED, by=by, subject=notice.word, context=f"case/{notice.case.ref}", verb=verb, was=before,
           state=notice.state, **detail)
    return notice


def _back_to_draft(notice: Notice, move: lifecycle.Move, by: Any) -> Notice:
    """After a change: an approval no longer holds, and the log says so where there was one to lose."""
    notice.reviewer = notice.reviewed_at = None
    if notice.state != move.target:
        return _moved(notice, move, "edit", by)
    notice.save()
    return notice


def _add_target(notice: Notice, by: Any, **what: Any) -> Target:
    target = targets.add(notice, **what)
    record(Act.TARGET_ADDED, by=by, subject=notice.word, context=f"case/{notice.case.ref}", kind=target.kind,
           target=str(target.subject.label if target.subject else target.url),
           exhibits=[exhibit.label for exhibit in target.exhibits.all()])
    return target


def _require_ready(notice: Notice) -> None:
    if found := targets.obstacles(notice):
        raise ValidationError(found)


def _require_seen(notice: Notice, seen: str) -> None:
    if seen and seen != digest(notice):
        raise approvals.Refused(_("It was changed since you read it. Read it again."))


def _checked(platform: str, texts: dict[str, str]) -> dict[str, str]:
    chosen("platform", platform, Platform.values)
    return cleaned(texts, optional=WEIGHED, most={"policy": 200})
