"""The page of a case's network, and the same as files."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.network import drawing, files, services, words
from casework.network.asking import HANDLES, Query
from casework.network.forms import TakeForm
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
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def take(request: HttpRequest, ref: str) -> HttpResponse:
    """What the address asks for, as one of files.FORMATS: what leaves is for a purpose, counts, and is recorded."""
    case = fetch(Case.objects, request.user, Action.EXHIBIT_DOWNLOAD, ref=ref)
    form, query = TakeForm(posted(request)), Query.read(request.GET)
    if form.is_valid():
        data = attempt(form, lambda: services.take_out(case, query, **form.cleaned_data, by=request.user))
        if data is not None:
            return files.answer(case, form.cleaned_data["kind"], data)
    return page(request, "casework/take_out.html", case, TAB, status_of(form), form=form,
                asked=files.spelled(query.given), title=_("Take the network out"), lead=_(
                    "What the page shows. Accounts are called by their numbers; where their handles were asked for, "
                    "those that take part have them."))
