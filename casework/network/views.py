"""The page of a case's network, and the same as files."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch, login_required, page
from casework.network import drawing, files, services, words
from casework.network.asking import HANDLES, Query
from casework.network.kinds import Kind

TAB = "network"
# Rows of a table on the page; all of them are in the files.
ROWS = 500


@login_required
@require_safe
def network(request: HttpRequest, ref: str) -> HttpResponse:
    """`?kind=` (any number of them), `?least=` and `?around=S-001` narrow it; `?names=handles` names accounts that are
    at least participants."""
    case = fetch(Case.objects, request.user, Action.ACCOUNT_READ, ref=ref)
    query = Query.read(request.GET)
    found = services.show(case, query, by=request.user)
    return page(request, "casework/network/network.html", case, TAB, 422 if found.problems else 200, query=query,
                found=found, drawn=drawing.drawn(found) if found.edges else None, left_out=words.left_out(found),
                limits=words.LIMITS, rules=words.rules(found), kinds=Kind.choices, handles=HANDLES,
                edges=[words.edge(one) for one in found.edges[:ROWS]], more_edges=len(found.edges[ROWS:]),
                nodes=[(one, found.neighbours[one.label], words.role(one.role)) for one in found.nodes[:ROWS]],
                more_nodes=len(found.nodes[ROWS:]))


@login_required
@require_safe
def taken(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """One of files.FORMATS: what leaves counts, and is recorded."""
    case = fetch(Case.objects, request.user, Action.EXHIBIT_DOWNLOAD, ref=ref)
    return files.answer(case, kind, services.take_out(case, Query.read(request.GET), kind=kind, by=request.user))
