"""Pages about listings: everybody who signs in reads them, administrators maintain them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from casework.campaigns import listings as services
from casework.campaigns.forms import ListingForm, ReasonForm
from casework.campaigns.models import Listing
from casework.doors import attempt, fetch, login_required, posted, status_of
from casework.people.services import require_administrator


@login_required
@require_GET
def listings(request: HttpRequest) -> HttpResponse:
    rows = list(Listing.objects.visible_to(request.user).select_related("recorded_by", "withdrawn_by"))
    return render(request, "casework/campaigns/listings.html",
                  {"listings": [row for row in rows if not row.withdrawn_at],
                   "withdrawn": [row for row in rows if row.withdrawn_at]})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    require_administrator(person)
    form = ListingForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.add(**form.cleaned_data, by=person)):
        return redirect("listings:list")
    return render(request, "casework/campaigns/listing_form.html", {"form": form}, status=status_of(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    person: Any = request.user
    require_administrator(person)
    row: Listing = fetch(Listing.objects, person, pk=pk)
    form = ReasonForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.withdraw(row, **form.cleaned_data, by=person)):
        return redirect("listings:list")
    return render(request, "casework/campaigns/listing_form.html", {"form": form, "listing": row},
                  status=status_of(form))
