"""Pages about notes: what is written in a case or beside one of its things, and who was told of it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.access import Action
from casework.accounts.fields import ReasonForm
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.worklist import about, notes
from casework.worklist.forms import NoteForm
from casework.worklist.models import Note

TAB = "tasks"
PER_PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM_METHODS)
def listed(request: HttpRequest, ref: str) -> HttpResponse:
    """The notes of a case, the newest first, with ?about=E-003 those beside one thing; and a form for one more."""
    asked = Action.TASK_EDIT if request.method == "POST" else Action.TASK_READ
    case = fetch(Case.objects, request.user, asked, ref=ref)
    beside = about.asked(case, request.GET.get("about", ""))
    form = NoteForm(posted(request), case=case, by=request.user, initial={"about": beside})
    if form.is_valid() and (made := attempt(form, lambda: notes.write(case, **form.cleaned_data, by=request.user))):
        return redirect(about.notes_url(ref, made.about))
    found = case.notes.told().filter(about=beside) if beside else case.notes.told()
    return page(request, "casework/worklist/notes.html", case, TAB, status_of(form), part="notes", form=form,
                beside=beside, beside_url=about.url(ref, beside),
                notes=Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_http_methods(FORM_METHODS)
def withdraw(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    note = _note(request, Action.TASK_EDIT, ref, pk)
    form = ReasonForm(posted(request), case=note.case)
    if form.is_valid() and attempt(form, lambda: notes.withdraw(note, **form.cleaned_data, by=request.user)):
        return redirect(about.notes_url(ref, note.about))
    return page(request, "casework/worklist/form.html", note.case, TAB, status_of(form), form=form, note=note,
                danger=True, title=_("Withdraw the note"), button=_("Withdraw"),
                lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


@login_required
@require_POST
def seen(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Whoever was told of it puts it away."""
    note = notes.put_away(_note(request, Action.TASK_READ, ref, pk), by=request.user)
    return redirect(about.notes_url(ref, note.about))


def _note(request: HttpRequest, action: Action, ref: str, pk: int) -> Note:
    found: Note = fetch(Note.objects.told(), request.user, action, case__ref=ref, pk=pk)
    return found
