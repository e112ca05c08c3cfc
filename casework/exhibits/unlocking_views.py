"""Pages: unlock a locked original for oneself; say that somebody looked into an unlocking."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from casework.access import Action
from casework.doors import attempt, fetch, login_required, page, posted
from casework.exhibits import gate, parts, reading, unlocking, words
from casework.exhibits.forms import ReasonForm
from casework.exhibits.models import Unlocking
from casework.exhibits.refusals import refusal
from casework.middleware import problem


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def unlock(request: HttpRequest, ref: str, number: int, position: int = 0) -> HttpResponse:
    """Why it is locked, and the form that unlocks it; once it is unlocked, until when, and the original. Of a program
    that is not locked, and of what may be one, what it is, and the button that confirms."""
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_DOWNLOAD)
    part = parts.one(exhibit, position) if position else None
    found, form = gate.of(exhibit, part), ReasonForm(posted(request))
    try:
        if form.is_valid() and attempt(form, lambda: unlocking.unlock(exhibit, part=part, **form.cleaned_data,
                                                                      by=request.user)):
            return redirect(request.path)
    except reading.Disposed as error:
        why = refusal(error)
        return problem(request, why.status, why.code, str(why.message))
    item = part.item if part else exhibit.item
    return page(request, "casework/exhibits/unlock.html", exhibit.case, "evidence", 422 if form.errors else 200,
                exhibit=exhibit, part=part, item=item, screened=found, said=words.SCREENED[found.state], form=form,
                asks=gate.asks(item), unlocked=gate.unlocked(exhibit, item, found, by=request.user))


@login_required
@require_POST
def saw(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    found = fetch(Unlocking.objects.select_related("exhibit__case"), request.user, exhibit__case__ref=ref, pk=pk)
    unlocking.saw(found, by=request.user)
    return redirect("audit:access", ref)
