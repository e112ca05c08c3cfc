"""Pages on which one pastes a list of links or names a table, goes over what it says, and brings the accounts in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access import Action
from casework.accounts import drafts, entering, tables
from casework.accounts.draft_forms import Lines, PasteForm, TableForm
from casework.accounts.drafts import Draft
from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, ref: str) -> HttpResponse:
    """The list, then the list with a draft for each line; `enter` in what is sent makes accounts of the chosen ones."""
    case = fetch(Case.objects, request.user, Action.ACCOUNT_EDIT, ref=ref)
    form = PasteForm(posted(request))
    return _gone_over(request, case, form, lambda said: drafts.read(said["links"]), title=_("Paste links"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, ref: str) -> HttpResponse:
    """As `paste`, from a table that was lodged; it is read again each time."""
    case = fetch(Case.objects, request.user, Action.ACCOUNT_EDIT, ref=ref)
    form = TableForm(posted(request), case=case, initial={"table": request.GET.get("exhibit", "")[:40]})

    def read(said: dict[str, Any]) -> list[Draft]:
        return tables.read(said["table"], encoding=said["encoding"], by=request.user)

    return _gone_over(request, case, form, read, title=_("Read a table"))


def _gone_over(request: HttpRequest, case: Case, form: Any, read: Callable[[dict[str, Any]], list[Draft]],
               title: str) -> HttpResponse:
    lines = None
    if form.is_valid() and (found := attempt(form, lambda: read(form.cleaned_data))):
        confirmed = request.POST if "enter" in request.POST else None
        lines = Lines(drafts.against(case, found), confirmed)
        if lines.is_stale:
            form.add_error(None, _("The list was changed after it was read. Go over its lines again."))
        elif confirmed and lines.is_valid():
            made = attempt(form, lambda: entering.enter(case, lines.rows(), exhibit=form.cleaned_data["exhibit"],
                                                        by=request.user))
            if made:
                messages.success(request, _told(made))
                return redirect("accounts:list", ref=case.ref)
    return page(request, "casework/accounts/paste.html", case, "accounts", status_of(form), form=form, lines=lines,
                title=title)


def _told(made: list[Subject]) -> str:
    count = len({subject.pk for subject in made})
    return _("%(lines)d lines, %(accounts)d accounts. Each is a bystander until it is assessed.") % {
        "lines": len(made), "accounts": count}
