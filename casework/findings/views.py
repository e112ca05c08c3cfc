"""Pages about findings: the table, writing and editing one, reading it, and its review."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.accounts import fields
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.findings import services, sources, states, techniques, warnings
from casework.findings.content import sources_edition
from casework.findings.forms import EditForm, FindingForm, SourcesForm
from casework.findings.models import Citation, Finding
from casework.lifecycle import verbs_from

PER_PAGE = 100
# What a finding has of kind and state, and its techniques.
Has = tuple[dict[str, str], list[str]]
NARROWED: dict[str, Any] = {"kind": Finding.Kind, "state": Finding.State}


@login_required
@require_GET
def findings(request: HttpRequest, ref: str) -> HttpResponse:
    """The findings of the case; `?kind=payment&state=in_review&technique=T0049` narrows the table."""
    case = fetch(Case.objects, request.user, Action.FINDING_READ, ref=ref)
    withdrawn = Citation.objects.filter(finding=OuterRef("pk"), exhibit__withdrawn_at__isnull=False)
    found = case.findings.select_related("author").annotate(
        count_for=Count("citations", filter=Q(citations__bearing=Citation.Bearing.FOR)),
        count_against=Count("citations", filter=Q(citations__bearing=Citation.Bearing.AGAINST)),
        gone=Exists(withdrawn)).order_by("number")
    asked = {name: request.GET.get(name, "") for name in (*NARROWED, "technique")}
    narrowed = {name: asked[name] for name, words in NARROWED.items() if asked[name] in words.values}
    counted = _counted(case)
    found = found.filter(**narrowed)
    if (technique := asked["technique"]) in {one for _has, tags in counted for one in tags}:
        # Joined to the counts above, its rows would count each citation as often as there are tags.
        narrowed["technique"], found = technique, found.filter(pk__in=case.findings.filter(tags__technique=technique))
    pages = Paginator(found, PER_PAGE)
    # Counted already, for the choices.
    pages.count = sum(_fits(narrowed, *one) for one in counted)
    return page(request, "casework/findings/list.html", case, "findings", asked=narrowed, **_choices(counted),
                findings=pages.get_page(request.GET.get("page")), query=urlencode(narrowed))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.FINDING_WRITE, ref=ref)
    asked = {"exhibits_for": ", ".join(request.GET.getlist("exhibit")),
             "subjects": ", ".join(request.GET.getlist("subject"))}
    form = FindingForm(posted(request), case=case, initial=asked)
    if form.is_valid():
        finding = attempt(form, lambda: services.write(case, **form.cleaned_data, by=request.user))
        if finding:
            return redirect("findings:finding", ref=ref, number=finding.label)
    return _form(request, case, form, title=_("Write a finding"), button=_("Save as draft"),
                 lead=_("A claim that stands on exhibits, with what speaks against it."))


@login_required
@require_GET
def finding(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    finding = _finding(request, Action.FINDING_READ, ref, number)
    return page(request, "casework/findings/finding.html", finding.case, "findings", **_shown(finding))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    finding = _finding(request, Action.FINDING_WRITE, ref, number)
    form = EditForm(posted(request), case=finding.case, edition=services.edition(finding))
    if form.is_valid() and attempt(form, lambda: services.edit(finding, **form.cleaned_data, by=request.user)):
        return redirect("findings:finding", ref=ref, number=number)
    return _form(request, finding.case, form, finding=finding, title=_("Edit the finding"), button=_("Save as draft"),
                 lead=_("Saving makes it a draft again: a review is of the words that were read."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """What each exhibit that it cites shows, and the Admiralty code of it."""
    finding = _finding(request, Action.FINDING_WRITE, ref, number)
    form = SourcesForm(posted(request), case=finding.case, edition=sources_edition(finding),
                       cited=list(finding.citations.select_related("exhibit").order_by("exhibit__number")))
    if form.is_valid() and attempt(form, lambda: sources.judge(
            finding, sources=form.sources(), made_from=form.cleaned_data["made_from"], by=request.user)):
        return redirect("findings:finding", ref=ref, number=number)
    return page(request, "casework/findings/sources.html", finding.case, "findings", status_of(form), form=form,
                finding=finding)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    finding = _finding(request, Action.FINDING_WRITE, ref, number)
    form = fields.InCase(posted(request), case=finding.case)
    if form.is_valid() and attempt(form, lambda: services.submit(finding, by=request.user)):
        return redirect("findings:finding", ref=ref, number=number)
    return _decision(request, finding, form, title=_("Submit for review"), button=_("Submit for review"),
                     lead=_("Another person reads it and stands behind it, or returns it to you."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    finding = _finding(request, Action.FINDING_REVIEW, ref, number)
    form = fields.NoteForm(posted(request), case=finding.case)
    seen = request.POST.get("seen", "")
    if form.is_valid() and attempt(
            form, lambda: services.review(finding, **form.cleaned_data, seen=seen, by=request.user)):
        return redirect("findings:finding", ref=ref, number=number)
    return _decision(request, finding, form, seen=services.digest(finding), title=_("Review the finding"),
                     button=_("Stand behind it"),
                     lead=_("Your name stands beside it, in the case and in every dossier."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    finding = _finding(request, Action.FINDING_REVIEW, ref, number)
    form = fields.ReasonForm(posted(request), case=finding.case)
    if form.is_valid() and attempt(form, lambda: services.send_back(finding, **form.cleaned_data, by=request.user)):
        return redirect("findings:finding", ref=ref, number=number)
    return _decision(request, finding, form, title=_("Return the finding"), button=_("Return to its author"),
                     lead=_("Say what has to change."))


def _finding(request: HttpRequest, action: Action, ref: str, number: int) -> Finding:
    found: Finding = fetch(Finding.objects.select_related("case", "author", "reviewer"), request.user, action,
                           case__ref=ref, number=number)
    return found


def _counted(case: Case) -> list[Has]:
    """The kind, state and techniques of each finding of the case, by one query."""
    tagged = ArrayAgg("tags__technique", filter=Q(tags__isnull=False), default=[])
    rows = case.findings.order_by().annotate(tagged=tagged).values_list("kind", "state", "tagged")
    return [({"kind": kind, "state": state}, tags) for kind, state, tags in rows]


def _fits(narrowed: dict[str, str], has: dict[str, str], tags: list[str]) -> bool:
    return all(wanted in tags if name == "technique" else has[name] == wanted for name, wanted in narrowed.items())


def _choices(counted: list[Has]) -> dict[str, Any]:
    """What one can narrow the table to: value, word, and how many findings of the case have it."""
    tags = Counter(one for _has, tags in counted for one in tags)
    found = {f"{name}s": [(value, word, sum(has[name] == value for has, _tags in counted))
                          for value, word in words.choices] for name, words in NARROWED.items()}
    return found | {"techniques": [(techniques.named(number), tags[number]) for number in sorted(tags)]}


def _shown(finding: Finding) -> dict[str, Any]:
    cited = list(finding.citations.select_related("exhibit").order_by("exhibit__number"))
    return {"finding": finding, "verbs": verbs_from(states.FINDING, finding.state),
            "cited_for": [row for row in cited if row.bearing == Citation.Bearing.FOR],
            "cited_against": [row for row in cited if row.bearing == Citation.Bearing.AGAINST],
            "unjudged": [row.exhibit for row in cited if not row.is_judged],
            "gone": [row.exhibit for row in cited if row.exhibit.withdrawn_at],
            "warnings": warnings.of(finding), "others": finding.alternatives.all(),
            "tagged": [techniques.named(row.technique) for row in finding.tags.all()],
            "named": finding.subjects.with_names().order_by("number")}


def _form(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, "casework/findings/form.html", case, "findings", status_of(form), form=form, **context)


def _decision(request: HttpRequest, finding: Finding, form: Any, **context: Any) -> HttpResponse:
    return page(request, "casework/findings/decide.html", finding.case, "findings", 422 if form.errors else 200,
                form=form, **_shown(finding), **context)
