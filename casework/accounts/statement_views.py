"""Pages on which one says what a subject poses as, where it is run from, and what speaks for and against it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access import Action
from casework.accounts import fields, notes, statements
from casework.accounts.statement_forms import LocationForm, NoteForm, PersonaForm
from casework.accounts.statement_models import SubjectNote
from casework.accounts.views import form_page, subject_of
from casework.doors import attempt, fetch, login_required, posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def persona(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = PersonaForm(posted(request), case=subject.case, edition=statements.persona_edition(subject))
    if form.is_valid() and attempt(
            form, lambda: statements.state_persona(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("State the persona"), button=_("Save"),
                     lead=_("What it poses as, and what shows it. What was stated before stays as its history."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def location(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = LocationForm(posted(request), case=subject.case, edition=statements.location_edition(subject))
    if form.is_valid() and attempt(
            form, lambda: statements.assess_location(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("Assess where it is run from"),
                     button=_("Save"), lead=_("How likely a place is, and on what that stands. What was assessed "
                                              "before stays as its history."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """`?bearing=for` chooses which way it bears."""
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    form = NoteForm(posted(request), case=subject.case, initial={"bearing": request.GET.get("bearing", "")})
    if form.is_valid() and attempt(form, lambda: notes.add(subject, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, title=_("Note what is known"),
                     button=_("Write it down"), lead=_("With your name and the time. What speaks for an account stands "
                                                       "beside what speaks against it."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_note(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
    row: SubjectNote = fetch(SubjectNote.objects.select_related("subject__case"), request.user, subject=subject, pk=pk)
    form = fields.ReasonForm(posted(request), case=subject.case)
    if form.is_valid() and attempt(form, lambda: notes.withdraw(row, **form.cleaned_data, by=request.user)):
        return redirect("accounts:subject", ref=ref, number=number)
    return form_page(request, subject.case, form, subject=subject, row=row, title=_("Withdraw the note"), danger=True,
                     button=_("Withdraw"),
                     lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))
