"""Pages: the reports of a case, composing one, reading and reviewing it, sealing it, watching it being made."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.access import Action, require
from casework.cases.models import Case
from casework.doors import allowed, attempt, fetch, login_required, page, posted, status_of
from casework.exhibits import receipts
from casework.lifecycle import verbs_from
from reports.dossiers import services
from reports.dossiers.blockers import lasting, open_blockers
from reports.dossiers.forms import ApproveForm, ComposeForm, RecomposeForm, ReturnForm
from reports.dossiers.models import Dossier
from reports.dossiers.replaced import replacements
from reports.dossiers.states import KIND_COMPOSE, KIND_DOWNLOAD, KIND_READ, TABLES
from reports.dossiers.words import STEPS, in_words

FORM_METHODS = ["GET", "HEAD", "POST"]
TAB = "reports"


@login_required
@require_safe
def dossiers(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CASE_READ, ref=ref)
    if not allowed(request.user, case) & {str(action) for action in KIND_READ.values()}:
        require(request.user, Action.BRIEFING_READ, case)
    found = Dossier.objects.visible_to(request.user).filter(case=case).select_related("composed_by", "reviewer")
    return page(request, "reports/dossiers/list.html", case, TAB, dossiers=found, kinds=_kinds(request, case))


@login_required
@require_http_methods(FORM_METHODS)
def new(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CASE_READ, ref=ref)
    kinds = _kinds(request, case)
    if not kinds:
        require(request.user, Action.BRIEFING_COMPOSE, case)
    form = ComposeForm(posted(request), kinds=kinds, initial={"kind": request.GET.get("kind", "")})
    if form.is_valid():
        made = attempt(form, lambda: services.compose(case, **form.cleaned_data, by=request.user))
        if made:
            return redirect("dossiers:dossier", ref, made.label)
    return page(request, "reports/dossiers/compose.html", case, TAB, 422 if form.errors else 200, form=form)


@login_required
@require_safe
def dossier(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _dossier(request, ref, number)
    return page(request, "reports/dossiers/dossier.html", found.case, TAB, **_shown(request, found))


@login_required
@require_safe
def progress(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """How far the worker is, for the small script that keeps the page up to date."""
    found = _dossier(request, ref, number)
    return JsonResponse({"state": found.state, "word": found.get_state_display(), "done": found.done,
                         "total": found.total, "step": str(STEPS.get(found.step, ""))})


@login_required
@require_http_methods(FORM_METHODS)
def recompose(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _dossier(request, ref, number, KIND_COMPOSE)
    form = RecomposeForm(posted(request), edition=services.edition(found))
    if form.is_valid() and attempt(form, lambda: services.recompose(found, **form.cleaned_data, by=request.user)):
        return redirect("dossiers:dossier", ref, found.label)
    return page(request, "reports/dossiers/compose.html", found.case, TAB, status_of(form), form=form,
                dossier=found)


@login_required
@require_POST
def submit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _dossier(request, ref, number, KIND_COMPOSE)
    return _do(request, found, lambda: services.submit(found, by=request.user))


@login_required
@require_http_methods(FORM_METHODS)
def review(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _dossier(request, ref, number, REVIEW)
    form = ApproveForm(posted(request), initial={"seen": found.digest})
    if form.is_valid() and attempt(form, lambda: services.approve(found, **form.cleaned_data, by=request.user)):
        return redirect("dossiers:dossier", ref, found.label)
    return _decide(request, found, form, binds=True, title=_("Review the dossier"), button=_("Approve"),
                   lead=_("You approve exactly these facts. If they are composed anew, it no longer counts."))


@login_required
@require_http_methods(FORM_METHODS)
def send_back(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _dossier(request, ref, number, REVIEW)
    form = ReturnForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.send_back(found, **form.cleaned_data, by=request.user)):
        return redirect("dossiers:dossier", ref, found.label)
    return _decide(request, found, form, title=_("Return the dossier"), button=_("Return to its author"),
                   lead=_("Say what has to change before it can be sealed."))


@login_required
@require_http_methods(FORM_METHODS)
@reauthentication_required(allow_get=False)
def seal(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The page that names what is sealed and what follows; then the act."""
    found = _dossier(request, ref, number, KIND_COMPOSE)
    if request.method == "POST":
        return _do(request, found, lambda: services.seal(found, by=request.user))
    return page(request, "reports/dossiers/seal.html", found.case, TAB, **_shown(request, found))


@login_required
@require_POST
@reauthentication_required
def retry(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _dossier(request, ref, number, KIND_COMPOSE)
    return _do(request, found, lambda: services.retry(found, by=request.user))


REVIEW = dict.fromkeys(Dossier.Kind.values, Action.DOSSIER_REVIEW)


def _dossier(request: HttpRequest, ref: str, number: int, actions: dict[str, Action] = KIND_READ) -> Dossier:
    """The dossier as this person sees it, or 404; 403 when their roles do not allow the action of its kind."""
    rows = Dossier.objects.select_related("case", "composed_by", "reviewer", "sealed_by", "item__blob")
    found: Dossier = fetch(rows, request.user, case__ref=ref, number=number)
    require(request.user, actions[found.kind], found.case)
    return found


def _kinds(request: HttpRequest, case: Case) -> list[str]:
    actions = allowed(request.user, case)
    return [kind for kind, action in KIND_COMPOSE.items() if action in actions]


def _shown(request: HttpRequest, found: Dossier) -> dict[str, Any]:
    actions = allowed(request.user, found.case)
    verbs = [verb for verb in verbs_from(TABLES[found.kind], found.state)
             if TABLES[found.kind][verb].action in actions]
    if request.user.pk == found.composed_by_id:
        verbs = [verb for verb in verbs if verb not in {"approve", "send_back"}]
    blockers = open_blockers(found)
    return {"actions": actions, "dossier": found, "facts": in_words(found.frozen), "verbs": verbs,
            "step": STEPS.get(found.step, ""),
            "blockers": blockers, "stands": bool(lasting(blockers)),
            "withdrawn": {row.label for row in found.case.exhibits.exclude(withdrawn_at=None)},
            "may_download": KIND_DOWNLOAD[found.kind] in actions,
            "downloads": found.downloads.select_related("person"),
            "bags": found.bags.select_related("asked_by", "item__blob"),
            "may_pack": found.item_id is not None and not found.bags.exclude(state="failed").exists(),
            "key": receipts.key()}


def _do(request: HttpRequest, found: Dossier, act: Any) -> HttpResponse:
    """A button without a form of its own: what was refused is said on the page of the dossier."""
    button = Form({})
    button.is_valid()
    if attempt(button, act):
        return redirect("dossiers:dossier", found.case.ref, found.label)
    return page(request, "reports/dossiers/dossier.html", found.case, TAB, 409, refused=button.non_field_errors(),
                **_shown(request, found))


def _decide(request: HttpRequest, found: Dossier, form: Any, **context: Any) -> HttpResponse:
    return page(request, "reports/dossiers/decide.html", found.case, TAB, 422 if form.errors else 200, form=form,
                replaced=replacements(found), **_shown(request, found), **context)
