"""The page of a case's timeline, and the same as a table."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch, login_required, page
from casework.exhibits import names
from casework.posts.models import Post
from casework.timeline import drawing, services, words
from casework.timeline.asking import Query

TAB = "timeline"
# Choices of one filter.
MOST_OFFERED = 300


@login_required
@require_safe
def timeline(request: HttpRequest, ref: str) -> HttpResponse:
    """`?from=` and `?until=` narrow the window; `?channel=C-001`, `?tasking=K-001` and `?kind=` what is in it."""
    case = fetch(Case.objects, request.user, Action.POST_READ, ref=ref)
    query = Query.read(request.GET)
    found = services.show(case, query, by=request.user)
    kinds = [(value, label) for value, label in Post.Kind.choices if value != Post.Kind.SYSTEM]
    return page(request, "casework/timeline/timeline.html", case, TAB, 422 if query.problems else 200, query=query,
                found=found, drawn=drawing.drawn(found) if found else None, limits=words.LIMITS, rule=words.rule(),
                lanes=[words.lane(one) for one in found.lanes] if found else [],
                bursts=[words.burst(one) for one in found.bursts] if found else [],
                bar=words.span(found.scale.bar) if found else "", kinds=kinds,
                channels=case.channels.standing().order_by("number")[:MOST_OFFERED],
                taskings=case.taskings.standing().order_by("number")[:MOST_OFFERED])


@login_required
@require_safe
def table(request: HttpRequest, ref: str) -> HttpResponse:
    """What each sender wrote in each span, as CSV: what leaves counts, and is recorded."""
    case = fetch(Case.objects, request.user, Action.EXHIBIT_DOWNLOAD, ref=ref)
    data = services.table(case, Query.read(request.GET), by=request.user)
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = names.attachment(f"{ref}_timeline.csv")
    return answer
