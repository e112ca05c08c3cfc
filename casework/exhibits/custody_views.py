"""Pages: what was recorded of a case and of an exhibit, each entry with its proof; and *Verify now*."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casework import access
from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch, login_required, page
from casework.exhibits import (
    erasures,
    healings,
    log_state,
    names,
    parts,
    proving,
    reading,
    receipts,
    telling,
    verifying,
)
from casework.exhibits.receipts import MailFailed
from evidence.custody import authorities
from evidence.fixity.models import Verification


@login_required
@require_safe
def custody(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything that was recorded in the case, in sentences, newest first."""
    case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
    entries = receipts.case_custody(case, request.GET.get("before", ""))
    labels = receipts.labels(case, entries)
    reading.custody_listed(case, labels.values(), by=request.user)
    proposed = erasures.waiting(case) if access.may(request.user, Action.EVENT_ERASE, case) else []
    return page(request, "casework/exhibits/custody.html", case, "custody", proposed=proposed,
                damages=healings.open_in(case), outside=log_state.outside(),
                events=telling.proven(entries, labels),
                verified=telling.outcome(verifying.of_case(case)), stamping=bool(authorities.hosts()),
                go_on=entries[-1].event_id if len(entries) == receipts.CASE_PAGE else None)


@login_required
@require_safe
def exhibit_custody(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """What was recorded of one exhibit, the parts of its capture and its sightings, newest first."""
    found = reading.exhibit_of(request.user, ref, number, Action.CUSTODY_READ)
    reading.custody_viewed(found, by=request.user)
    entries = receipts.custody(found)
    return page(request, "casework/exhibits/exhibit_custody.html", found.case, "evidence", exhibit=found,
                capture=parts.of(found), events=telling.proven(entries),
                verified=telling.outcome(verifying.of_exhibit(found)),
                stamping=bool(authorities.hosts()), most=receipts.RECENT if len(entries) == receipts.RECENT else None)


@login_required
@require_POST
def verify_case(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
    _say(request, verifying.verify_case(case, by=request.user))
    return redirect("exhibits:custody", ref)


@login_required
@require_POST
def verify_exhibit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = reading.exhibit_of(request.user, ref, number, Action.CUSTODY_READ)
    _say(request, verifying.verify_exhibit(found, by=request.user))
    return redirect("exhibits:exhibit_custody", ref, found.label)


@login_required
@require_safe
def proof(request: HttpRequest, ref: str, event: UUID) -> HttpResponse:
    """The proof of one event as a file."""
    case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
    found = proving.proof(case, event, by=request.user)
    answer = HttpResponse(receipts.text(found), content_type="application/json")
    answer["Content-Disposition"] = names.attachment(f"{case.ref}_{event}_proof.json")
    return answer


@login_required
@require_POST
def send_receipt(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The receipt, to the mail address of whoever asks."""
    found = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
    person: Any = request.user
    try:
        receipts.send(found, by=person)
    except MailFailed:
        messages.error(request, _("The mail server did not take it. Nothing was sent. Download the receipt instead."))
    else:
        messages.success(request, _("The receipt was sent to %(address)s.") % {"address": person.email})
    return redirect("exhibits:receipt", ref, found.label)


def _say(request: HttpRequest, asked: Verification) -> None:
    if asked.state == Verification.State.PENDING:
        messages.info(request, _("This is much to read. The worker does it; the result will stand here."))
    elif asked.state == Verification.State.FAILED or asked.problem_count:
        messages.error(request, _("Something does not hold. What it is stands below. Tell the administrator."))
    else:
        messages.success(request, _("Everything that was looked at holds."))
