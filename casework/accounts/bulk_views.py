"""Pages on which one tags, links or assesses the accounts that were ticked in the list, and sees what came of each."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access import Action
from casework.accounts import bulk
from casework.accounts.bulk import Outcome
from casework.accounts.bulk_forms import AssessManyForm, LinkManyForm, TagManyForm
from casework.accounts.views import form_page
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, ref: str) -> HttpResponse:
    return _many(request, ref, TagManyForm, bulk.tag, title=_("Tag accounts"), button=_("Tag the accounts"),
                 lead=_("What the accounts do, for those who look through many. Tags say nothing of a role."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, ref: str) -> HttpResponse:
    return _many(request, ref, LinkManyForm, bulk.link, title=_("Link accounts"), button=_("Link the accounts"),
                 lead=_("What each of them has to do with one other account of this case, all on one basis. It changes "
                        "nobody's role."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, ref: str) -> HttpResponse:
    return _many(request, ref, AssessManyForm, bulk.assess, title=_("Assess accounts"), button=_("Assess"),
                 lead=_("The same step for each, on exhibits that show the account itself. A step above participant "
                        "takes effect when a second person confirms it, for each account by itself."))


def _many(request: HttpRequest, ref: str, shape: Any, act: Callable[..., list[Outcome]], **words: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.ACCOUNT_EDIT, ref=ref)
    chosen = [one[:20] for one in request.GET.getlist("subject")[:bulk.MOST]]
    form = shape(posted(request), case=case, initial={"subjects": ", ".join(chosen)})
    if form.is_valid():
        outcomes = attempt(form, lambda: act(case, **form.cleaned_data, by=request.user))
        if outcomes:
            return page(request, "casework/accounts/outcomes.html", case, "accounts", outcomes=outcomes,
                        done=sum(not one.refused for one in outcomes), title=words["title"])
    return form_page(request, case, form, **words)
