"""Pages: the evidence of a case, one exhibit, and its receipt."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.exhibits import (
    gate,
    healings,
    listing,
    moments,
    package_views,
    package_words,
    packages,
    parts,
    provenance,
    reading,
    receipts,
    services,
    telling,
    words,
)
from casework.exhibits.forms import EditForm, WithdrawForm
from casework.exhibits.models import Exhibit
from casework.exhibits.parts import Capture
from casework.exhibits.platforms import Platform
from evidence.derivatives import services as derivatives
from evidence.derivatives.models import Derivative
from evidence.intake.models import Item, Part, Step

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def evidence(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.EXHIBIT_READ, ref=ref)
    query = listing.Query.read(request.GET)
    shown = reading.listed(case, query, by=request.user)
    return page(request, "casework/exhibits/evidence.html", case, "evidence", query=query, shown=shown,
                rows=_rows(shown.exhibits),
                platforms=[(value, Platform(value).label if value in Platform.values else value, count)
                           for value, count in shown.platforms],
                kinds=[(value, words.KINDS[value], count) for value, count in shown.kinds],
                view="list" if request.GET.get("view") == "list" else "grid")


@login_required
@require_safe
def exhibit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    look = reading.open_page(found, by=request.user)
    entries = receipts.custody(found)
    acts = [entry for entry in entries if entry.kind != "access"]
    numbers, capture = found.case.exhibits.order_by(), parts.of(found)
    sightings = list(found.sightings.select_related("item__blob", "seen_by").order_by("-seen_at"))
    came = packages.came_from([found.item, *(row.item for row in sightings)])
    screened = gate.of(found)
    return page(
        request, "casework/exhibits/exhibit.html", found.case, "evidence", exhibit=found, item=found.item, look=look,
        provenance=_provenance(found.item, came), labels=words.labelled(found.item),
        acquisition=words.ACQUISITIONS[found.item.acquisition],
        steps=[(words.STEPS[step.name], step.state, *words.step(step))
               for step in found.item.steps.exclude(name=Step.Name.SCREEN).order_by("pk")],
        screened=screened, asks=gate.asks(found.item), screened_words=words.SCREENED[screened.state],
        deriving=found.item.steps.filter(name=Step.Name.DERIVE, state=Step.State.PENDING).exists(),
        damages=healings.open_of(found), preview=derivatives.find(found.item, Derivative.Kind.PREVIEW),
        receipt=receipts.receipt(found), capture=capture, parts=_parts(found, capture) if capture else [],
        events=telling.told(acts), views=len(entries) - len(acts),
        package=package_views.shown(found, request.GET),
        sightings=[(row, _provenance(row.item, came)) for row in sightings],
        earlier=numbers.filter(number__lt=found.number).order_by("-number").values_list("number", flat=True).first(),
        later=numbers.filter(number__gt=found.number).order_by("number").values_list("number", flat=True).first())


@login_required
@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_EDIT)
    form = EditForm(posted(request), edition=services.edition(found))
    if form.is_valid() and attempt(form, lambda: services.edit(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("exhibits:exhibit", ref, found.label)
    return page(request, "casework/exhibits/edit.html", found.case, "evidence", status_of(form), exhibit=found,
                form=form)


@login_required
@require_http_methods(FORM_METHODS)
def withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_EDIT)
    form = WithdrawForm(posted(request))
    if form.is_valid():
        try:
            services.withdraw(found, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("%(label)s is withdrawn. Its bytes and history stay.") % {"label": found.label})
            return redirect("exhibits:exhibit", ref, found.label)
    return page(request, "casework/exhibits/withdraw.html", found.case, "evidence", exhibit=found, form=form,
                status=422 if form.errors else 200)


@login_required
@require_http_methods(FORM_METHODS)
def receipt(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The receipt on a page; sent as a form, to be printed: then it is held outside."""
    found = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    printing = request.method == "POST"
    handed = (receipts.hand_out if printing else receipts.show)(found, by=request.user)
    return page(request, "casework/exhibits/receipt.html", found.case, "evidence", exhibit=found, item=found.item,
                receipt=handed, printing=printing, capture=parts.of(found),
                provenance=_provenance(found.item, packages.came_from([found.item])),
                can_be_mailed=receipts.can_be_mailed())


def _rows(exhibits: list[Exhibit]) -> list[tuple[Exhibit, Capture | None, bool, Any, list[Any]]]:
    """Each exhibit with its capture, whether it has a thumbnail, in which words it is locked, if it is, and what else
    one should know of its files."""
    locked = gate.locked(exhibits)
    return [(one, parts.of(one), _is_pictured(one.item),
             words.SCREENED[locked[one.pk].state] if one.pk in locked else None,
             words.badges([one.item, *(part.item for part in one.item.parts.all())])) for one in exhibits]


def _is_pictured(item: Item) -> bool:
    return any(made.kind == Derivative.Kind.THUMBNAIL for made in item.derivatives.all())


def _parts(exhibit: Exhibit, capture: Capture) -> list[tuple[Part, Any, str, Any, bool, Any, Any, str, list[Any]]]:
    """Each part with its role in words, how far the work on its bytes has come, whether it has a thumbnail, how it
    stands with the malware scanner, in data and in words, what a download confirms, and the warnings of its labels."""
    prefetch_related_objects(capture.parts, "item__steps", "item__derivatives")
    shown = []
    for part in capture.parts:
        states = {step.state for step in part.item.steps.all() if step.name != Step.Name.SCREEN}
        screened = gate.of(exhibit, part)
        state = next((one for one in (Step.State.FAILED, Step.State.PENDING) if one in states), Step.State.DONE)
        shown.append((part, words.ROLES[part.role], str(state), words.STEP_STATES[state],
                      _is_pictured(part.item), screened, words.SCREENED[screened.state], gate.asks(part.item),
                      [said for _label, said, warns in words.labelled(part.item) if warns]))
    return shown


def _provenance(item: Item, came: dict[Any, packages.Came]) -> dict[str, Any]:
    """The item's provenance with its times as times and its codes as words; `came` is item id → package."""
    known: dict[str, Any] = dict(item.provenance)
    if found := came.get(item.pk):
        known |= {"package": found, "hashes": package_words.hashes(found.declared)}
    for key in provenance.TIMES:
        if key in known:
            known[key] = moments.read(known[key]).at
    if (platform := known.get("platform")) in Platform.values:
        known["platform"] = Platform(platform).label
    known["basis"] = words.BASES.get(known.get("posted_at_basis", ""), "")
    return known
