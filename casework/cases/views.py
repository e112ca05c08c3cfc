"""Pages of a case: the list, a new one, its overview, its members, closing and reopening it."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.access import Action, Role
from casework.cases import compose, duties, services
from casework.cases.forms import CaseForm, MemberForm, ReasonForm
from casework.cases.models import Case, Membership
from casework.doors import allowed, fetch, login_required, page
from casework.lifecycle import NotAllowed
from casework.people.models import User

PER_PAGE = 50


@login_required
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The cases in which this person works; `?state=open` or `closed` narrows the list."""
    state = request.GET.get("state", "")
    mine = Membership.objects.filter(user=cast(User, request.user), ended_at=None)
    found = Case.objects.visible_to(request.user).prefetch_related(Prefetch("memberships", mine, to_attr="mine"))
    if state in Case.State.values:
        found = found.filter(state=state)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "casework/cases/list.html",
                  {"cases": shown, "state": state, "states": Case.State.choices})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = CaseForm(request.POST or None)
    if form.is_valid():
        try:
            case = services.open_case(**form.cleaned_data, by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("cases:overview", ref=case.ref)
    return render(request, "casework/cases/new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def overview(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CASE_READ, ref=ref)
    actions = allowed(request.user, case)
    return page(request, "casework/cases/overview.html", case, "overview", counts=compose.counts(case, actions),
                findings=compose.findings(case, actions), notices=compose.notices(case, actions),
                recent=compose.recent(case, actions))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def members(request: HttpRequest, ref: str) -> HttpResponse:
    """Who works here; a lead adds people."""
    asked = Action.CASE_MEMBERS if request.method == "POST" else Action.CASE_READ
    case = fetch(Case.objects, request.user, asked, ref=ref)
    form = MemberForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_member(case, user=form.cleaned_data["person"], role=form.cleaned_data["role"],
                                by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("cases:members", ref=case.ref)
    held = case.memberships.select_related("user").order_by("ended_at", "role", "granted_at")
    return page(request, "casework/cases/members.html", case, "members", 422 if form.errors else 200,
                duties=duties.table(), roles=Role.labels,
                form=form, memberships=held)


@login_required
@require_POST
@reauthentication_required
def end_membership(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    membership = fetch(Membership.objects, request.user, Action.CASE_MEMBERS, case__ref=ref, pk=pk)
    try:
        services.end_membership(membership, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("cases:members", ref=ref)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """Close or reopen: a page that says what follows, with a reason for the record."""
    case = fetch(Case.objects, request.user, Action.CASE_CLOSE, ref=ref)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            (services.close if verb == "close" else services.reopen)(
                case, reason=form.cleaned_data["reason"], by=request.user)
        except NotAllowed:
            messages.error(request, _("That is so already."))
        return redirect("cases:overview", ref=ref)
    return page(request, "casework/cases/move.html", case, "overview", 422 if form.errors else 200,
                form=form, verb=verb)
