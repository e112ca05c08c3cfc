"""Pages about a tasking's text in posts: what carries it, what nearly does, the table, and the finding made of it."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import Action
from casework.channels.tasking_models import Tasking
from casework.coordination import compose, files, services, words
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.exports.forms import PurposeForm
from casework.findings import services as findings
from casework.findings.forms import FindingForm
from casework.posts import listing
from casework.posts import words as said
from casework.posts.models import Post

TAB = "channels"


@login_required
@require_safe
def matches(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """`?kind=message` for messages of chats; posts otherwise."""
    tasking = _tasking(request, Action.POST_READ, ref, number)
    shown = services.show(tasking, listing.Query.read(request.GET), by=request.user)
    found = shown.matches
    groups = [(Post.Kind.POST, _("Posts"), found.posts, _middle(found.posts)),
              (Post.Kind.MESSAGE, _("Messages"), found.messages, _middle(found.messages))]
    return page(request, "casework/coordination/matches.html", tasking.case, TAB, part="matches", tasking=tasking,
                found=found, shown=shown, rows=_rows(shown.rows, weak=found.is_short), groups=groups,
                limits=words.LIMITS, repeated=words.repeated(found.posts) if found.posts.repeated else "",
                first=_rows([found.first])[0] if found.first else None,
                control=words.control(found.posts) if found.posts.control else "")


@login_required
@require_safe
def near(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    tasking = _tasking(request, Action.POST_READ, ref, number)
    found = services.show_near(tasking, by=request.user)
    return page(request, "casework/coordination/near.html", tasking.case, TAB, part="near", tasking=tasking,
                found=found, rows=_rows(found.rows))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def take(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """All of it as CSV: what leaves is for a purpose, counts, and is recorded."""
    tasking = _tasking(request, Action.EXHIBIT_DOWNLOAD, ref, number)
    form = PurposeForm(posted(request))
    if form.is_valid():
        data = attempt(form, lambda: services.take_out(tasking, **form.cleaned_data, by=request.user))
        if data is not None:
            return files.answer(tasking, data)
    return page(request, "casework/take_out.html", tasking.case, TAB, status_of(form), form=form, label=tasking.label,
                title=_("Take out what carries this text"), lead=_(
                    "Posts and messages as a table (CSV). Accounts that take part are named; bystanders have their "
                    "labels, and who is no account of the case is not named."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The form of a new finding with words to begin from. A person goes over them and saves it as a draft."""
    tasking = _tasking(request, Action.FINDING_WRITE, ref, number)
    proposed = services.proposal(tasking)
    initial = proposed | {"exhibits_for": ", ".join(proposed["exhibits_for"])}
    form = FindingForm(posted(request), case=tasking.case, initial=initial)
    if form.is_valid():
        made = attempt(form, lambda: findings.write(tasking.case, **form.cleaned_data, by=request.user))
        if made:
            return redirect("findings:finding", ref=ref, number=made.label)
    return page(request, "casework/findings/form.html", tasking.case, "findings", status_of(form), form=form,
                title=_("Propose as a finding"), button=_("Save as draft"),
                lead=_("A candidate: the words were put together from counts. Say how likely it is and how "
                       "confident you are, what else may explain it and why that is less likely, and what speaks "
                       "against it, before you save it."))


def _tasking(request: HttpRequest, action: Action, ref: str, number: int) -> Tasking:
    found: Tasking = fetch(Tasking.objects.select_related("case", "withdrawn_by").told(), request.user, action,
                           case__ref=ref, number=number)
    return found


def _rows(found: list[compose.Match], *, weak: bool = False) -> list[dict[str, Any]]:
    """Rows with their lags in words, and their times as exactly as they are known."""
    return [{**said.row(one.post), "share": one.share, "apart": words.apart(one.lag), "within": words.within(one.lag),
             "order": one.lag.order if one.lag else "", "additions": one.has_additions, "repost": one.is_repost,
             "weak": weak} for one in found]


def _middle(counted: compose.Counts) -> tuple[str, str, str] | None:
    """The median lag, what may be said of it, and why no more."""
    if counted.middle is None:
        return None
    return words.apart(counted.middle), words.within(counted.middle), str(words.KNOWN[counted.middle.coarsest])
