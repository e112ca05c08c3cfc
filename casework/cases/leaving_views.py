"""The page that shuts a person out, and asks who leads the cases that only they lead."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from casework.cases import leaving
from casework.cases.forms import LeadsForm
from casework.doors import attempt, fetch, login_required
from casework.people import services as people
from casework.people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """The page that says what follows, and asks who leads from then on what only they lead; then the act."""
    me = cast(User, request.user)
    people.require_administrator(me)
    person = fetch(User.objects, me, pk=pk)
    choices = [(case, leaving.successors(case, person, me)) for case in leaving.led_alone_by(person)]
    answered = request.method == "POST" and (not choices or any(case.ref in request.POST for case, _free in choices))
    form = LeadsForm(request.POST if answered else None, choices=choices)
    if form.is_valid() and attempt(form, lambda: leaving.shut_out(person, leads=form.cleaned_data, by=me)):
        return redirect("people:list")
    return render(request, "casework/cases/leaving.html", {"form": form, "person": person},
                  status=422 if form.errors else 200)
