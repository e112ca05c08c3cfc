"""The page where the files of one captured page are lodged together, as one exhibit."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.cases.models import Case
from casework.doors import page
from casework.exhibits import once, uploads, words
from casework.exhibits.forms import CaptureForm
from casework.exhibits.lodging_views import taking_files
from casework.exhibits.refusals import REFUSALS, refusal
from casework.exhibits.services import Lodged
from casework.middleware import problem
from evidence.intake.models import Item
from evidence.intake.roles import Role
from evidence.store.keys import is_sha256


@taking_files
@require_http_methods(["GET", "HEAD", "POST"])
def capture(request: HttpRequest, case: Case) -> HttpResponse:
    """The form. A file under `file` is told by its content, one under the name of a role has that role; the hashes
    that our script declares come in this order. A program is answered in JSON."""
    if request.method != "POST":
        return _form(request, case, CaptureForm(initial={"key": secrets.token_hex(16)}))
    form = CaptureForm(request.POST)
    files = [(role, file) for role in ("", *Role) for file in request.FILES.getlist(role or "file")]
    declared = [text.strip().lower() for text in request.POST.getlist("sha256") if text.strip()]
    if form.is_valid():
        if not files:
            form.add_error(None, _("Choose at least one file."))
        if declared and (len(declared) != len(files) or not all(map(is_sha256, declared))):
            form.add_error(None, _("Declare one SHA-256 of 64 hex digits for each file, or none."))
    if not form.is_valid():
        return _refused(request, case, form, 422, "invalid")
    key = form.cleaned_data["key"]
    try:
        lodged, _before = once.lodge_capture(
            case, [uploads.arrival(file, provenance=form.provenance(), acquisition=Item.Acquisition.FILE,
                                   declared_sha256=sha256)
                   for (_role, file), sha256 in zip(files, declared or [""] * len(files), strict=True)],
            [role for role, _file in files], key=key and f"{key}/capture", title=form.cleaned_data["title"],
            by=request.user)
    except REFUSALS as error:
        why = refusal(error)
        form.add_error(None, str(why.message))
        return _refused(request, case, form, why.status, why.code)
    return _shown(request, lodged)


def _shown(request: HttpRequest, lodged: Lodged) -> HttpResponse:
    exhibit = lodged.exhibit
    if _wants_json(request):
        return JsonResponse({
            "exhibit": exhibit.label, "url": reverse("exhibits:exhibit", args=[exhibit.case.ref, exhibit.label]),
            "parts": [{"role": one.item.part.role, "sha256": one.item.blob_id, "leaf_hash": one.receipt.leaf_hash}
                      for one in lodged.parts]}, status=201)
    messages.success(request, _("Lodged as %(label)s. The receipts are on this page.") % {"label": exhibit.label})
    return redirect("exhibits:exhibit", exhibit.case.ref, exhibit.label)


def _refused(request: HttpRequest, case: Case, form: CaptureForm, status: int, code: str) -> HttpResponse:
    if not _wants_json(request):
        return _form(request, case, form, status)
    return problem(request, status, code, " ".join(str(error) for found in form.errors.values() for error in found))


def _form(request: HttpRequest, case: Case, form: CaptureForm, status: int = 200) -> HttpResponse:
    slots: list[tuple[str, Any]] = [(str(role), words.ROLES[role]) for role in Role]
    return page(request, "casework/exhibits/capture.html", case, "evidence", form=form, slots=slots, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
