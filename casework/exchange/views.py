"""The page on which one takes a table of the case out, or the case as STIX."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from casework.access import Action
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of
from casework.exchange import services
from casework.exchange.forms import TakeForm
from casework.exchange.handing import handed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def take(request: HttpRequest, ref: str) -> HttpResponseBase:
    case = fetch(Case.objects, request.user, Action.EXHIBIT_DOWNLOAD, ref=ref)
    form = TakeForm(posted(request))
    if form.is_valid():
        taken = attempt(form, lambda: services.take(case, **form.cleaned_data, by=request.user))
        if taken:
            return handed(taken)
    return page(request, "casework/exchange/take.html", case, "exchange", status_of(form), form=form)
