"""The page of a case's timeline, and the same as files."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import Action
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.posts.models import Post
from casework.timeline import drawing, files, services, words
from casework.timeline.asking import Query
from casework.timeline.forms import TakeForm

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
                narrowed=words.narrowed(query),
                lanes=[words.lane(one) for one in found.lanes] if found else [],
                bursts=[words.burst(one) for one in found.bursts] if found else [],
                bar=words.span(found.scale.bar) if found else "", kinds=kinds,
                channels=case.channels.standing().order_by("number")[:MOST_OFFERED],
                taskings=case.taskings.standing().order_by("number")[:MOST_OFFERED])


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
    return page(request, "casework/take_out.html", case, TAB, status_of(form), form=form, asked=query.spelled,
                problems=query.problems, title=_("Take the timeline out"), lead=_(
                    "What the page shows, of everybody who wrote. Accounts that take part are named; bystanders have "
                    "their labels, and who is no account of the case is not named."))
