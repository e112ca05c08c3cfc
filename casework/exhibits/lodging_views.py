"""Doors that take files. Who asks, which case and whether they may is known before a byte of the body is read."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch, login_required, page
from casework.exhibits import metadata, moments, once, pieces, platform_urls, uploads
from casework.exhibits.forms import LodgeForm
from casework.exhibits.refusals import REFUSALS, TOO_BIG, Refusal, refusal
from casework.exhibits.services import Lodged
from casework.middleware import problem
from evidence.intake.models import Item
from evidence.intake.services import Arrival
from evidence.store import services as store
from evidence.store.keys import is_sha256

View = Callable[..., HttpResponse]
TEXT_NAME = "text.txt"
SIZE = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class Outcome:
    """What became of one file of a form."""

    name: str
    lodged: Lodged | None = None
    refusal: Refusal | None = None

    @classmethod
    def of(cls, name: str, found: Lodged | Exception) -> "Outcome":
        return cls(name, found) if isinstance(found, Lodged) else cls(name, refusal=refusal(found))


def taking_files(view: View) -> View:
    """A door for people signed in who may lodge in the case; only then is the body read, straight into the store.

    Django checks the form's token by reading the body, so that check comes after these."""
    protected = csrf_protect(view)

    @csrf_exempt
    @login_required
    @wraps(view)
    def door(request: HttpRequest, ref: str) -> HttpResponse:
        case = fetch(Case.objects, request.user, Action.EXHIBIT_LODGE, ref=ref)
        if uploads.too_big(request):
            return problem(request, TOO_BIG.status, TOO_BIG.code, str(TOO_BIG.message))
        request.upload_handlers = [uploads.IntoStore(request)]
        return protected(request, case)

    return door


@taking_files
@require_http_methods(["GET", "HEAD", "POST"])
def lodge(request: HttpRequest, case: Case) -> HttpResponse:
    """The form with provenance. A program, or our own script, sends one file and is answered in JSON."""
    if request.method != "POST":
        return _form(request, case, LodgeForm(initial={"key": secrets.token_hex(16)}))
    form, files = LodgeForm(request.POST), request.FILES.getlist("file")
    declared = [text.strip() for text in request.POST.getlist("sha256") if text.strip()]
    if form.is_valid():
        if not files and not form.cleaned_data["text"].strip():
            form.add_error(None, _("Choose at least one file, or type a text."))
        if declared and (len(declared) != len(files) or not all(is_sha256(text.lower()) for text in declared)):
            form.add_error(None, _("Declare one SHA-256 of 64 hex digits for each file, or none."))
    if not form.is_valid():
        return _invalid(request, case, form)
    outcomes = _lodge_all(request, case, form, files, declared or [""] * len(files))
    if _wants_json(request):
        return _json(request, outcomes[0]) if len(outcomes) == 1 else _json_of_many(outcomes)
    return _shown(request, case, form, outcomes)


@login_required
@require_POST
def begin(request: HttpRequest, ref: str) -> HttpResponse:
    """A place for a large file, which then comes in pieces over the API and is lodged there. What the form lacks is
    told before a byte is sent; what it says is kept until then."""
    case, form = fetch(Case.objects, request.user, Action.EXHIBIT_LODGE, ref=ref), LodgeForm(request.POST)
    size = request.POST.get("size", "")
    if not form.is_valid():
        return _invalid(request, case, form)
    if not SIZE.fullmatch(size):
        return problem(request, 422, "invalid", _("Say how many bytes the file has."))
    said = form.provenance() | {key: form.cleaned_data[key] for key in ("title", "acquisition")}
    try:
        upload = pieces.begin(case, size=int(size), said={key: value for key, value in said.items() if value},
                              said_of_it=metadata.written(request.POST.get("name", ""), request.POST.get("type", "")),
                              by=request.user)
    except metadata.Malformed as error:
        return problem(request, 422, "invalid", str(error))
    except REFUSALS as error:
        return _refused(request, refusal(error))
    return JsonResponse({"upload": reverse("api:upload", args=[case.ref, upload.pk])}, status=201)


@login_required
@require_POST
def address(request: HttpRequest, ref: str) -> HttpResponse:
    """What an address says, for the form to show at once. Nothing is fetched and nothing kept."""
    fetch(Case.objects, request.user, Action.EXHIBIT_LODGE, ref=ref)
    facts = platform_urls.read(request.POST.get("source_url", ""))
    return JsonResponse({
        "platform": facts.platform, "handle": facts.handle, "post_id": facts.post_id,
        "posted_at": moments.written(facts.posted_at) if facts.posted_at else ""})


def _lodge_all(request: HttpRequest, case: Case, form: LodgeForm, files: list[Any],
               declared: list[str]) -> list[Outcome]:
    """The files together, then the text. A file that is refused takes nothing from the others."""
    how, title = form.provenance(), form.cleaned_data["title"]
    acquisition = form.cleaned_data["acquisition"] or Item.Acquisition.FILE
    arrivals = [uploads.arrival(file, provenance=how, acquisition=acquisition, declared_sha256=sha256)
                for file, sha256 in zip(files, declared, strict=True)]
    with store.begin() as typed:
        if text := form.cleaned_data["text"]:
            typed.write(text.encode())
            arrivals.append(Arrival(typed, TEXT_NAME, how, claimed_type="text/plain; charset=utf-8",
                                    acquisition=Item.Acquisition.TEXT))
        keys = form.keys_of([arrival.incoming.sha256 for arrival in arrivals], request.POST.getlist("key"))
        try:
            found: list[Any] = [one for one, _before in once.lodge_all(
                case, arrivals, keys=keys, title=title, by=request.user)]
        except REFUSALS as error:
            found = [error] * len(arrivals)
        return [Outcome.of(arrival.name, one) for arrival, one in zip(arrivals, found, strict=True)]


def _shown(request: HttpRequest, case: Case, form: LodgeForm, outcomes: list[Outcome]) -> HttpResponse:
    """One file: its page, or the form again. Several: a report with a line for each."""
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
    if len(outcomes) > 1:
        return page(request, "casework/exhibits/lodged.html", case, "evidence", outcomes=outcomes, refused=len(refused),
                    status=refused[0].status if len(refused) == len(outcomes) else 201)
    if refused:
        form.add_error(None, str(refused[0].message))
        return _form(request, case, form, refused[0].status)
    lodged = outcomes[0].lodged
    assert lodged is not None
    said = _("The case held these bytes already as %(label)s. This time is noted there as a sighting.") \
        if lodged.already_held else _("Lodged as %(label)s. The receipt is on this page.")
    messages.success(request, said % {"label": lodged.exhibit.label})
    return redirect("exhibits:exhibit", case.ref, lodged.exhibit.label)


def _form(request: HttpRequest, case: Case, form: LodgeForm, status: int = 200) -> HttpResponse:
    return page(request, "casework/exhibits/lodge.html", case, "evidence", form=form, status=status)


def _invalid(request: HttpRequest, case: Case, form: LodgeForm) -> HttpResponse:
    if not _wants_json(request):
        if request.FILES:
            form.add_error(None, _("Choose the files again: no browser keeps them in a form that it sends."))
        return _form(request, case, form, 422)
    errors = {name: [str(error) for error in found] for name, found in form.errors.items()}
    labels = {name: f"{field.label}: " for name, field in form.fields.items() if field.label}
    said = " ".join(labels.get(name, "") + error for name, found in errors.items() for error in found)
    return problem(request, 422, "invalid", said, errors=errors)


def _refused(request: HttpRequest, why: Refusal) -> HttpResponse:
    return problem(request, why.status, why.code, str(why.message))


def _json(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    if outcome.lodged is None:
        assert outcome.refusal is not None
        return _refused(request, outcome.refusal)
    return JsonResponse(_answer(outcome), status=201)


def _json_of_many(outcomes: list[Outcome]) -> HttpResponse:
    """One answer for each file, in their order: 201 when at least one was lodged."""
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
    return JsonResponse({"results": [_answer(outcome) for outcome in outcomes]},
                        status=refused[0].status if len(refused) == len(outcomes) else 201)


def _answer(outcome: Outcome) -> dict[str, Any]:
    if outcome.lodged is None:
        assert outcome.refusal is not None
        why = outcome.refusal
        return {"status": why.status, "code": why.code, "detail": str(why.message)}
    exhibit, lodged = outcome.lodged.exhibit, outcome.lodged
    return {"exhibit": exhibit.label, "url": reverse("exhibits:exhibit", args=[exhibit.case.ref, exhibit.label]),
            "sha256": lodged.item.blob_id, "already_held": lodged.already_held,
            "leaf_hash": lodged.receipt.leaf_hash}


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
