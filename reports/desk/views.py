"""Home: what waits for me, and my cases. And of one case, what waits there for whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch, login_required, page
from reports.desk import case_compose, compose


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    waiting, more = compose.waiting(request.user)
    return render(request, "reports/desk/home.html",
                  {"waiting": waiting, "more": more, "cases": compose.cases(request.user)})


@login_required
@require_GET
def case(request: HttpRequest, ref: str) -> HttpResponse:
    """Of everybody, or with `?for=` the address of one person, of that one."""
    found = fetch(Case.objects, request.user, Action.TASK_READ, ref=ref)
    rows = case_compose.rows(found, request.user)
    shown = request.GET.get("for", "")
    return page(request, "reports/desk/case.html", found, "tasks", part="waiting", shown=shown,
                people=case_compose.counted(rows), rows=case_compose.of(rows, shown), total=len(rows))
