"""Pages about the wordings that a finding had: the list, and one beside the one before it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from casework.access import Action
from casework.doors import fetch, login_required, page
from casework.findings import revisions
from casework.findings.models import Finding

PER_PAGE = 100


@login_required
@require_GET
def listed(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    finding = _finding(request, ref, number)
    shown = Paginator(revisions.of(finding), PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "casework/findings/revisions.html", finding.case, "findings", finding=finding,
                revisions=shown)


@login_required
@require_GET
def revision(request: HttpRequest, ref: str, number: int, revision: int) -> HttpResponse:
    """One wording, and what of it reads otherwise than in the one before, word by word."""
    finding = _finding(request, ref, number)
    shown = revisions.of(finding).filter(number=revision).first()
    if shown is None:
        raise Http404
    told = revisions.compared(shown)
    return page(request, "casework/findings/revision.html", finding.case, "findings", finding=finding, revision=shown,
                told=told)


def _finding(request: HttpRequest, ref: str, number: int) -> Finding:
    found: Finding = fetch(Finding.objects.select_related("case"), request.user, Action.FINDING_READ, case__ref=ref,
                           number=number)
    return found
