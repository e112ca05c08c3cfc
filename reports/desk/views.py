"""Home: what waits for me, and my cases."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casework.doors import login_required
from reports.desk import compose


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    waiting, more = compose.waiting(request.user)
    return render(request, "reports/desk/home.html",
                  {"waiting": waiting, "more": more, "cases": compose.cases(request.user)})
