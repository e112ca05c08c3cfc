"""Pages about accounts: the table, naming one, a subject with its history, and steps on the role ladder."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.accounts import compose, fields, identifying, labels, observing, services, states
from casework.accounts.forms import AssessForm, IdentifyForm, NameForm, ObserveForm
from casework.accounts.link_models import AccountLink
from casework.accounts.models import Assessment, Observation, Subject
from casework.accounts.statement_models import SubjectNote
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.exhibits.models import Exhibit

PER_PAGE = 100
FORM = "casework/accounts/form.html"


@login_required
@require_GET
def subjects(request: HttpRequest, ref: str) -> HttpResponse:
    """The accounts of the case; `?role=participant` narrows the table."""
    case = fetch(Case.objects, request.user, Action.ACCOUNT_READ, ref=ref)
    role = request.GET.get("role", "")
    found = case.subjects.select_related("account").with_names().with_counts().order_by("number")
    if role in Subject.Role.values:
        found = found.filter(role=role)
    return page(request, "casework/accounts/list.html", case, "accounts", role=role, roles=Subject.Role.choices,
                subjects=Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.ACCOUNT_EDIT, ref=ref)
    form = NameForm(posted(request), case=case, initial=_from_exhibit(request, case))
    if form.is_valid():
        subject = attempt(form, lambda: services.name_account(case, **form.cleaned_data, by=request.user))
        if subject:
            messages.success(request, _("%(label)s is named. It is a bystander until it is assessed.")
                             % {"label": subject.label})
            return redirect("accounts:subject", ref=ref, number=subject.label)
    return form_page(request, case, form, title=_("Name an account"), button=_("Name the account"),
                     lead=_("What an exhibit shows of a public account. Naming it says nothing against anybody."))


@login_required
@require_GET
def subject(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_READ, ref, number)
    case = subject.case
    assessments = list(subject.assessments.select_related("proposed_by", "decided_by").prefetch_related("exhibits"))
    in_force = [row for row in assessments if row.state == Assessment.State.IN_FORCE]
    # The latest decision counts, whichever was proposed first.
    current = max(in_force, key=lambda row: row.decided_at or row.proposed_at, default=None)
    return page(
        request, "casework/accounts/subject.html", case, "accounts", subject=subject, ladder=Subject.Role.choices,
        steps=states.steps_from(subject.role), indicators=dict(Assessment.Indicator.choices),
        history=compose.history(subject.account.observations.filter(exhibit__case=case)
                                .select_related("exhibit__item", "picture", "recorded_by", "withdrawn_by")),
        claims=subject.account.claims.filter(exhibit__case=case).select_related("exhibit", "recorded_by",
                                                                                "withdrawn_by"),
        personas=subject.personas.told(), locations=subject.locations.told(), notes=_notes(subject),
        links=_links(subject), administers=subject.administers.filter(withdrawn_at=None).select_related("channel"),
        handed_out=subject.handed_out.filter(withdrawn_at=None),
        payments=case.payments.filter(Q(payer=subject) | Q(payee=subject), withdrawn_at=None),
        assessments=assessments, current=current.pk if current else None,
        findings=subject.findings.all(), notices=case.notices.filter(targets__subject=subject).distinct())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def observe(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = ObserveForm(posted(request), case=subject.case)
    if form.is_valid() and attempt(form, lambda: services.observe(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("Observe the account"),
                     button=_("Add the observation"), lead=_("What it called itself when the exhibit was captured."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_seen(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    seen: Observation = fetch(Observation.objects.select_related("exhibit"), request.user, account=subject.account_id,
                              exhibit__case=subject.case_id, pk=pk)
    form = fields.ReasonForm(posted(request), case=subject.case)
    if form.is_valid() and attempt(
            form, lambda: observing.withdraw(seen, subject=subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, row=seen, title=_("Withdraw the observation"),
                     danger=True, button=_("Withdraw"),
                     lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def identify(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = IdentifyForm(posted(request), case=subject.case)
    if form.is_valid() and attempt(form, lambda: identifying.identify(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("Give the stable id"), button=_("Save"),
                     lead=_("For an account that was named without one. It cannot be changed afterwards."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = AssessForm(posted(request), case=subject.case, role=subject.role,
                      initial={"to_role": request.GET.get("role", "")})
    if form.is_valid() and attempt(form, lambda: services.assess(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("Assess the role"), button=_("Assess"),
                     lead=_("It is %(role)s now. A step above participant takes effect when a second person confirms "
                            "it; a step down takes effect at once.") % {"role": subject.get_role_display()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    assessment = _assessment(request, ref, number, pk)
    form = fields.InCase(posted(request), case=assessment.subject.case)
    if form.is_valid() and attempt(form, lambda: services.confirm(assessment, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, assessment.subject.case, form, subject=assessment.subject, assessment=assessment,
                     indicators=dict(Assessment.Indicator.choices), title=_("Confirm the assessment"),
                     button=_("Confirm"), lead=_("Your name stands beside it. The role takes effect at once."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    assessment = _assessment(request, ref, number, pk)
    form = fields.ReasonForm(posted(request), case=assessment.subject.case)
    if form.is_valid() and attempt(
            form, lambda: services.send_back(assessment, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, assessment.subject.case, form, subject=assessment.subject, assessment=assessment,
                     indicators=dict(Assessment.Indicator.choices), title=_("Return the assessment"),
                     button=_("Return"), lead=_("The role stays as it is."))


def subject_of(request: HttpRequest, action: Action, ref: str, number: int) -> Subject:
    found: Subject = fetch(Subject.objects.select_related("case", "account").with_names(), request.user, action,
                           case__ref=ref, number=number)
    return found


def _assessment(request: HttpRequest, ref: str, number: int, pk: int) -> Assessment:
    subject = subject_of(request, Action.ROLE_REVIEW, ref, number)
    found: Assessment = fetch(Assessment.objects.select_related("subject__case", "subject__account", "proposed_by"),
                              request.user, subject=subject, pk=pk)
    found.subject = subject
    return found


def _notes(subject: Subject) -> list[tuple[str, str, list[SubjectNote]]]:
    """What speaks for it and what speaks against it, each with what it is called."""
    found = list(subject.notes.told())
    return [(value, str(words), [note for note in found if note.bearing == value])
            for value, words in SubjectNote.Bearing.choices]


def _links(subject: Subject) -> list[tuple[AccountLink, str, Subject]]:
    return [(link, *link.seen_from(subject)) for link in subject.case.account_links.of(subject).told()]


def _from_exhibit(request: HttpRequest, case: Case) -> dict[str, str]:
    """What the provenance of `?exhibit=E-003` says of the account that it shows."""
    asked = request.GET.get("exhibit", "")
    try:
        number = labels.number("E", asked)
    except ValueError:
        return {}
    shown = Exhibit.objects.filter(case=case, number=number).select_related("item").first()
    said = shown.item.provenance if shown else {}
    return {"exhibit": asked, "platform": said.get("platform", ""), "handle": said.get("handle", "")}


def form_page(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, FORM, case, "accounts", status_of(form), form=form, **context)
