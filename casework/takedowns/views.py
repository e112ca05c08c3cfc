"""Pages about notices: the table, the composer, one notice with its targets, and each step of its life."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.access import Action
from casework.accounts import fields, labels
from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.doors import allowed, attempt, fetch, login_required, page, posted, status_of
from casework.exhibits.platforms import Platform
from casework.lifecycle import verbs_from
from casework.takedowns import offered, references, services, states, targets
from casework.takedowns.acts import STEPS
from casework.takedowns.forms import ComposeForm, EditForm, OutcomeForm, TargetForm
from casework.takedowns.models import Notice, Target

PER_PAGE = 100


@login_required
@require_GET
def notices(request: HttpRequest, ref: str) -> HttpResponse:
    """The notices of the case; `?state=sent` narrows the table."""
    case = fetch(Case.objects, request.user, Action.NOTICE_READ, ref=ref)
    state = request.GET.get("state", "")
    found = case.notices.select_related("drafter").annotate(
        target_count=Count("targets"),
        open_count=Count("targets", filter=Q(targets__outcome=Target.Outcome.PENDING))).order_by("-number")
    if state in Notice.State.values:
        found = found.filter(state=state)
    return page(request, "casework/takedowns/list.html", case, "takedowns", state=state, states=Notice.State.choices,
                notices=Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, ref: str) -> HttpResponse:
    """The composer; `?subject=S-001&subject=S-002` brings accounts along, `?platform=x` the platform."""
    case = fetch(Case.objects, request.user, Action.NOTICE_DRAFT, ref=ref)
    form = ComposeForm(posted(request), case=case, initial=_asked_for(request, case))
    if form.is_valid():
        notice = attempt(form, lambda: services.draft(case, **form.cleaned_data, by=request.user))
        if notice:
            return redirect("takedowns:notice", ref=ref, number=notice.label)
    subjects = _named(case, labels.split(str(form["subjects"].value() or "")))
    return _form(request, case, form, title=_("Draft a notice"), button=_("Save as draft"),
                 offers=offered.offers(form["platform"].value() or "", subjects),
                 lead=_("One notice goes to one platform and may name many targets."))


@login_required
@require_GET
def notice(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    notice = _notice(request, Action.NOTICE_READ, ref, number)
    verbs, may, mine = verbs_from(states.NOTICE, notice.state), notice.case.is_open, notice.drafter == request.user
    actions = allowed(request.user, notice.case) if may else frozenset()
    return page(request, "casework/takedowns/notice.html", notice.case, "takedowns", **_shown(notice), verbs=verbs,
                path=_path(notice), mine=mine, editable=mine and "edit" in verbs and Action.NOTICE_DRAFT in actions,
                deciding="decide" in verbs and Action.NOTICE_SEND in actions)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    notice = _notice(request, Action.NOTICE_DRAFT, ref, number)
    form = EditForm(posted(request), case=notice.case, edition=services.edition(notice))
    if form.is_valid() and attempt(form, lambda: services.edit(notice, **form.cleaned_data, by=request.user)):
        return redirect("takedowns:notice", ref=ref, number=number)
    return _form(request, notice.case, form, notice=notice, title=_("Edit the notice"), button=_("Save as draft"),
                 offers=offered.offers(form["platform"].value() or "", targets.subjects_of(notice)),
                 lead=_("Saving makes it a draft again: an approval is of what was read."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_target(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    notice = _notice(request, Action.NOTICE_DRAFT, ref, number)
    form = TargetForm(posted(request), case=notice.case)
    if form.is_valid() and attempt(form, lambda: services.add_target(notice, **form.cleaned_data, by=request.user)):
        return redirect("takedowns:notice", ref=ref, number=number)
    return _form(request, notice.case, form, notice=notice, title=_("Add a target"), button=_("Add the target"),
                 lead=_("Each target cites captured exhibits that show it."))


@login_required
@require_POST
def remove_target(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    notice, target = _target(request, Action.NOTICE_DRAFT, ref, number, pk)
    form = fields.InCase(request.POST, case=notice.case)
    if form.is_valid() and attempt(form, lambda: services.remove_target(target, by=request.user)):
        return redirect("takedowns:notice", ref=ref, number=number)
    return _form(request, notice.case, form, notice=notice, title=_("Remove the target"), button=_("Remove"), lead="")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    notice, target = _target(request, Action.NOTICE_SEND, ref, number, pk)
    form = OutcomeForm(posted(request), case=notice.case, initial={
        "outcome": target.outcome, "wording": target.wording,
        "answer_exhibit": target.answer_exhibit.label if target.answer_exhibit else ""})
    if form.is_valid() and attempt(form, lambda: services.decide(target, **form.cleaned_data, by=request.user)):
        return redirect("takedowns:notice", ref=ref, number=number)
    return _form(request, notice.case, form, notice=notice, title=_("Outcome of the target"), button=_("Save"),
                 lead=_("What the platform did, in its own words. No role of anybody changes by it."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, ref: str, number: int, verb: str) -> HttpResponse:
    """One step of the notice's life: a page that says what follows, and the act itself."""
    chosen = STEPS[verb]
    notice = _notice(request, states.NOTICE[verb].action, ref, number)
    form = chosen.form(posted(request), case=notice.case)
    seen = {"seen": request.POST.get("seen", "")} if chosen.binds else {}
    if form.is_valid() and attempt(
            form, lambda: chosen.call(notice, **form.cleaned_data, **seen, by=request.user)):
        return redirect("takedowns:notice", ref=ref, number=number)
    return page(request, "casework/takedowns/step.html", notice.case, "takedowns", 422 if form.errors else 200,
                form=form, step=chosen, seen=services.digest(notice) if chosen.binds else "", **_shown(notice))


def _notice(request: HttpRequest, action: Action, ref: str, number: int) -> Notice:
    rows = Notice.objects.select_related("case", "drafter", "reviewer", "sent_by", "sent_exhibit", "policy_row")
    found: Notice = fetch(rows, request.user, action, case__ref=ref, number=number)
    return found


def _target(request: HttpRequest, action: Action, ref: str, number: int, pk: int) -> tuple[Notice, Target]:
    notice = _notice(request, action, ref, number)
    return notice, fetch(Target.objects.select_related("notice__case", "subject"), request.user, notice=notice, pk=pk)


def _asked_for(request: HttpRequest, case: Case) -> dict[str, str]:
    asked = request.GET.getlist("subject")[:PER_PAGE]
    platform, named = request.GET.get("platform", ""), _named(case, asked)
    if platform not in Platform.values:
        platform = named[0].account.platform if named else ""
    return {"subjects": ", ".join(asked), "platform": platform}


def _named(case: Case, asked: list[str]) -> list[Subject]:
    """Those of these labels that are accounts of the case; what is none is told when the form is sent."""
    numbers = [labels.number("S", label, case) for label in asked if labels.is_label("S", label, case)]
    return list(case.subjects.filter(number__in=numbers).select_related("account").order_by("number"))


def _shown(notice: Notice) -> dict[str, Any]:
    rows = notice.targets.select_related("subject", "answer_exhibit").prefetch_related("exhibits")
    handles = dict(Subject.objects.filter(targets__notice=notice).with_names().values_list("pk", "handle"))
    drafted = notice.state == Notice.State.DRAFT
    return {"notice": notice, "unweighed": services.unweighed(notice) if drafted else [],
            "obstacles": targets.obstacles(notice) if drafted else [],
            "reworded": references.reworded(notice.policy_row), "letter": services.letter(notice),
            "targets": [(target, handles.get(target.subject_id, "")) for target in rows]}


def _path(notice: Notice) -> list[tuple[str, str, bool]]:
    """The stepper: state, its word, whether it is behind or current. Withdrawn stands at the side."""
    names = dict(Notice.State.choices)
    at = states.PATH.index(notice.state) if notice.state in states.PATH else -1
    return [(state, str(names[state]), place <= at) for place, state in enumerate(states.PATH)]


def _form(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, "casework/takedowns/form.html", case, "takedowns", status_of(form), form=form, **context)
