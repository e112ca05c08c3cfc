"""Pages about platforms: everybody who signs in reads them, administrators maintain them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.doors import attempt, fetch, login_required, posted, status_of
from casework.exhibits.platforms import Platform
from casework.people.services import require_administrator
from casework.takedowns import references, told
from casework.takedowns.reference_forms import EndForm, PolicyEditForm, PolicyForm, RouteEditForm, RouteForm
from casework.takedowns.reference_models import Policy, Reference, Route


@dataclass(frozen=True)
class Sort:
    """Routes and policies have the same pages, with other words."""

    model: type[Reference]
    form: Any
    edit: Any
    page: str
    add: Any
    change: Any
    end: Any


SORTS = {
    "route": Sort(Route, RouteForm, RouteEditForm, "platforms:route", _("Write down a route"), _("Change the route"),
                  _("Take the route out of use")),
    "policy": Sort(Policy, PolicyForm, PolicyEditForm, "platforms:policy", _("Write down a policy"),
                   _("Change the policy"), _("Take the policy out of use")),
}


@login_required
@require_GET
def platforms(request: HttpRequest) -> HttpResponse:
    """Routes and policies as they stand; `?platform=x` narrows both."""
    wanted = request.GET.get("platform", "")
    return render(request, "casework/takedowns/platforms.html", {
        "wanted": wanted, "platforms": Platform.choices, "policies": _listed(Policy, request, wanted),
        "routes": [(row, told.answer_of(row)) for row in _listed(Route, request, wanted)]})


@login_required
@require_GET
def one(request: HttpRequest, sort: str, slug: str) -> HttpResponse:
    """What stands, each fact with its source, and every wording before it."""
    rows = SORTS[sort].model.objects.visible_to(request.user)
    stands = fetch(rows.newest().select_related("recorded_by"), request.user, key=slug)
    earlier = rows.filter(key=slug, edition__lt=stands.edition).select_related("recorded_by")
    return render(request, "casework/takedowns/reference.html", {
        "sort": sort, "row": stands, "facts": told.facts_of(stands),
        "earlier": [(row, told.facts_of(row)) for row in earlier]})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, sort: str) -> HttpResponse:
    person, chosen = _administrator(request), SORTS[sort]
    form = chosen.form(posted(request))
    if form.is_valid():
        made = attempt(form, lambda: references.add(chosen.model, **form.cleaned_data, by=person))
        if made:
            return redirect(chosen.page, slug=made.key)
    return _form(request, form, chosen.add)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, sort: str, slug: str) -> HttpResponse:
    person, chosen = _administrator(request), SORTS[sort]
    row = fetch(chosen.model.objects.newest(), person, key=slug)
    form = chosen.edit(posted(request), edition=references.edition(row))
    if form.is_valid() and attempt(form, lambda: references.change(row, **form.cleaned_data, by=person)):
        return redirect(chosen.page, slug=slug)
    return _form(request, form, chosen.change, row=row, page=chosen.page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, sort: str, slug: str) -> HttpResponse:
    person, chosen = _administrator(request), SORTS[sort]
    row = fetch(chosen.model.objects.newest(), person, key=slug)
    form = EndForm(posted(request))
    if form.is_valid() and attempt(form, lambda: references.end(row, **form.cleaned_data, by=person)):
        return redirect(chosen.page, slug=slug)
    return _form(request, form, chosen.end, row=row, page=chosen.page, ends=True)


def _listed(model: type[Reference], request: HttpRequest, platform: str) -> Any:
    rows = model.objects.visible_to(request.user).newest().order_by("platforms", "name", "key")
    return rows.filter(platforms__contains=[platform]) if platform in Platform.values else rows


def _administrator(request: HttpRequest) -> Any:
    person: Any = request.user
    require_administrator(person)
    return person


def _form(request: HttpRequest, form: Any, title: Any, **more: Any) -> HttpResponse:
    return render(request, "casework/takedowns/reference_form.html", {"form": form, "title": title, **more},
                  status=status_of(form))
