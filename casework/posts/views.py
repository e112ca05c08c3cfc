"""Pages about imports: the list, beginning one, how far it is, its report, and withdrawing it."""

from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import Action
from casework.accounts import labels
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.exhibits.models import Exhibit
from casework.posts import citing, listing, looking, services, words
from casework.posts.forms import BeginForm, WithdrawForm, initial
from casework.posts.models import Format, Import

TAB = "posts"
FORM_METHODS = ["GET", "HEAD", "POST"]
MOST_OFFERED, PER_PAGE = 200, 100


@login_required
@require_safe
def imports(request: HttpRequest, ref: str) -> HttpResponse:
    """Newest first; `?exhibit=E-001` for those of one exhibit."""
    case = fetch(Case.objects, request.user, Action.POST_READ, ref=ref)
    found = case.imports.select_related("exhibit__item", "begun_by").order_by("-number")
    label = request.GET.get("exhibit", "")
    if labels.is_label("E", label, case):
        found = found.filter(exhibit__number=labels.number("E", label, case))
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "casework/posts/imports.html", case, TAB, part="imports", of=label, shown=shown,
                imports=[(row, words.STATES[row.state]) for row in shown])


@login_required
@require_http_methods(FORM_METHODS)
def begin(request: HttpRequest, ref: str) -> HttpResponse:
    """`?exhibit=` says which, `&format=` as what, `&member=` which sheet of a workbook, `&again=I-001` with what was
    said the last time."""
    case = fetch(Case.objects, request.user, Action.POST_IMPORT, ref=ref)
    looking.admit(case, request.user)
    try:
        exhibit = labels.exhibits(case, [request.GET["exhibit"]])[0] if request.GET.get("exhibit") else None
        problem = ""
    except ValidationError as refused:
        exhibit, problem = None, " ".join(refused.messages)
    if exhibit is None:
        return page(request, "casework/posts/choose.html", case, TAB, 422 if problem else 200, problem=problem,
                    exhibits=_offered(case))
    return _begin(request, case, exhibit)


@login_required
@require_safe
def one(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """How far it has come, or its report: totals, marks, framing, what of an archive was not read, and every line that
    was not understood."""
    found = citing.import_of(request.user, ref, number, Action.POST_READ)
    after = request.GET.get("after", "")
    unread = listing.unread(found, int(after) if after.isdecimal() and len(after) < 19 else 0, by=request.user)
    whole = found.whole or {}
    return page(request, "casework/posts/import.html", found.case, TAB, part="imports", found=found, unread=unread,
                state=words.STATES[found.state], kinds=words.kinds(whole.get("kinds", {})),
                marks=words.marks(whole.get("marks", {})), framing=sorted(whole.get("framing", {}).items()),
                members=sorted(whole.get("members", {}).items()), progress=_progress(found),
                left_out=whole.get("left_out"), options=words.said(found.options), question=_question(found))


@login_required
@require_safe
def progress(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """How far the worker is, for the small script that keeps the page up to date."""
    return JsonResponse(_progress(citing.import_of(request.user, ref, number, Action.POST_READ)))


@login_required
@require_http_methods(FORM_METHODS)
def withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = citing.import_of(request.user, ref, number, Action.POST_IMPORT)
    form = WithdrawForm(posted(request))
    if form.is_valid() and attempt(form, lambda: services.withdraw(found, **form.cleaned_data, by=request.user)):
        return redirect("posts:import", ref, found.label)
    return page(request, "casework/posts/withdraw.html", found.case, TAB, status_of(form), part="imports", found=found,
                form=form)


def _begin(request: HttpRequest, case: Case, exhibit: Exhibit) -> HttpResponse:
    suggested: list[dict[str, Any]] = []
    facts: dict[str, Any] = {}
    earlier = _earlier(request, exhibit)
    format, problem = request.GET.get("format", ""), ""
    try:
        suggested = looking.look(exhibit, by=request.user)["suggested"]
        format = format if format in Format.values else suggested[0]["format"] if suggested else ""
        facts = looking.facts(exhibit, format, _told(request, earlier)) if format else {}
    except ValidationError as refused:
        problem = " ".join(refused.messages)
    if earlier is not None and earlier.asks and facts.get("too_long"):
        facts |= earlier.asks["facts"]
    members: list[str] = next((found["members"] for found in suggested if found["format"] == format), [])
    form = BeginForm(posted(request), format=format, facts=facts, suggested=members,
                     initial=initial(earlier.options) if earlier else {}) if format and not problem else None
    if form is not None and form.is_valid():
        begun = attempt(form, lambda: services.begin(exhibit, format=format, options=form.options(), by=request.user))
        if begun:
            return redirect("posts:import", case.ref, begun.label)
    likely = {found["format"] for found in suggested}
    return page(request, "casework/posts/begin.html", case, TAB, status_of(form) if form else 422 if problem else 200,
                exhibit=exhibit, format=format, form=form, facts=facts, problem=problem, orders=words.ORDERS,
                formats=[(value, words_, value in likely) for value, words_ in Format.choices],
                zones=sorted(available_timezones()),
                sheets=list(facts.get("sheets", {}).items()), looked_at=facts.get("members", []),
                written=words.RESOLUTIONS.get(facts.get("resolution", ""), ""), examples=_examples(facts))


def _told(request: HttpRequest, earlier: Import | None) -> dict[str, Any]:
    """What the look has to know: which member, and of a table which column and encoding were said just now."""
    said: dict[str, Any] = {name: value for name in ("encoding", "delimiter") if (value := request.POST.get(name, ""))}
    if member := request.POST.get("member", "") or request.GET.get("member", ""):
        said["members"] = [member]
    if column := request.POST.get("column_time", ""):
        said["columns"] = {"time": column}
    return looking.understood(said or (dict(earlier.options) if earlier else {}))


def _earlier(request: HttpRequest, exhibit: Exhibit) -> Import | None:
    label = request.GET.get("again", "")
    if not labels.is_label("I", label, exhibit.case):
        return None
    return exhibit.imports.filter(number=labels.number("I", label, exhibit.case)).first()


def _offered(case: Case) -> list[Exhibit]:
    """Exhibits that may be exports: everything but pictures, films and sounds."""
    found = Exhibit.objects.filter(case=case).captured().filter(item__tombstone=None).select_related("item__blob")
    for kind in ("image/", "video/", "audio/"):
        found = found.exclude(item__media_type__startswith=kind)
    return list(found.order_by("-number")[:MOST_OFFERED])


def _progress(found: Import) -> dict[str, Any]:
    """In the shape that progress.js reads. Of an archive nobody knows the whole beforehand."""
    size = found.exhibit.item.blob.size
    whole = size if not found.members and found.format != Format.SHEET else 0
    step = _("%(rows)d rows are kept.") % {"rows": found.kept} if found.kept else _("The file is being looked at.")
    return {"state": "done" if found.ended else "rendering", "word": found.get_state_display(),
            "done": min(found.place, whole) if whole else 0, "total": whole, "step": step}


def _question(found: Import) -> str:
    asks = found.asks or {}
    return str(services.NEEDED.get(asks.get("what", ""), "")) if asks else ""


def _examples(facts: dict[str, Any]) -> list[tuple[int, str, list[tuple[Any, str]]]]:
    """Line, text, and what it is in each order, of dates that two readings fit."""
    rows = facts.get("examples", []) if facts.get("state") in looking.ORDERED else []
    rows = rows or [row for order in facts.get("against", {}).values() for row in order
                    if facts.get("state") == "contradictory"]
    return [(row.get("line", 0), row.get("text", ""), [(words.ORDERS[order], row[order]) for order in words.ORDERS
                                                       if order in row]) for row in rows]
