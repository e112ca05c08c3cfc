"""Pages about campaigns: the table, the picture, one of them, and what is said of it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.accounts import fields
from casework.campaigns import causes, compose, services
from casework.campaigns.forms import AttachForm, EditForm, MarkForm, NameForm
from casework.campaigns.models import Campaign, Mark, Push
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted, status_of

PER_PAGE = 100
FORM = "casework/campaigns/form.html"


@login_required
@require_GET
def campaigns(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CAMPAIGN_READ, ref=ref)
    found = case.campaigns.told().order_by("number")
    return page(request, "casework/campaigns/list.html", case, "campaigns", part="campaigns",
                campaigns=Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_GET
def picture(request: HttpRequest, ref: str) -> HttpResponse:
    """Which channels pushed which causes, by the campaigns of their taskings."""
    case = fetch(Case.objects, request.user, Action.CAMPAIGN_READ, ref=ref)
    return page(request, "casework/campaigns/picture.html", case, "campaigns", part="picture",
                picture=compose.picture_of(case))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CAMPAIGN_EDIT, ref=ref)
    form = NameForm(posted(request), case=case, initial={"taskings": request.GET.get("tasking", "")})
    if form.is_valid():
        made = attempt(form, lambda: services.name_campaign(case, **form.cleaned_data, by=request.user))
        if made:
            return redirect("campaigns:campaign", ref=ref, number=made.label)
    return _form(request, case, form, title=_("Name a campaign"), button=_("Name the campaign"),
                 lead=_("A trend that taskings pushed. That many people wrote the same is no campaign."))


@login_required
@require_GET
def campaign(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    campaign = _campaign(request, Action.CAMPAIGN_READ, ref, number)
    marks = list(campaign.marks.select_related("exhibit", "recorded_by", "withdrawn_by").order_by("at", "pk"))
    pushes = list(campaign.pushes.select_related("cause__listing", "recorded_by", "withdrawn_by")
                  .prefetch_related("exhibits").order_by("pk"))
    return page(request, "casework/campaigns/campaign.html", campaign.case, "campaigns", campaign=campaign,
                taskings=campaign.taskings.told().order_by("number"),
                marks=[row for row in marks if not row.withdrawn_at],
                pushes=[row for row in pushes if not row.withdrawn_at],
                withdrawn=[row for row in [*marks, *pushes] if row.withdrawn_at])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
    form = EditForm(posted(request), case=campaign.case, edition=services.edition(campaign))
    if form.is_valid() and attempt(form, lambda: services.edit(campaign, **form.cleaned_data, by=request.user)):
        return redirect("campaigns:campaign", ref=ref, number=number)
    return _form(request, campaign.case, form, campaign=campaign, title=_("Edit the campaign"), button=_("Save"),
                 lead=_("Earlier wording stays in the custody log."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
    form = MarkForm(posted(request), case=campaign.case, initial={"exhibit": request.GET.get("exhibit", "")})
    if form.is_valid() and attempt(form, lambda: services.mark(campaign, **form.cleaned_data, by=request.user)):
        return redirect("campaigns:campaign", ref=ref, number=number)
    return _form(request, campaign.case, form, campaign=campaign, title=_("Add a hashtag or slogan"),
                 button=_("Add it"), lead=_("As an exhibit shows it at a time. The first and the last of these times "
                                            "say from when to when the campaign was seen."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
    form = fields.ReasonForm(posted(request), case=campaign.case)
    if form.is_valid() and attempt(form, lambda: services.withdraw(campaign, **form.cleaned_data, by=request.user)):
        return redirect("campaigns:campaign", ref=ref, number=number)
    return _form(request, campaign.case, form, campaign=campaign, title=_("Withdraw the campaign"), danger=True,
                 button=_("Withdraw"), lead=_("For one that is none, or that is there twice. It stays visible as "
                                              "withdrawn, with all that was said of it. This cannot be undone."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_mark(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
    row: Mark = fetch(Mark.objects.select_related("campaign__case", "exhibit"), request.user, campaign=campaign, pk=pk)
    form = fields.ReasonForm(posted(request), case=campaign.case)
    if form.is_valid() and attempt(form, lambda: services.withdraw_mark(row, **form.cleaned_data, by=request.user)):
        return redirect("campaigns:campaign", ref=ref, number=number)
    return _form(request, campaign.case, form, campaign=campaign, mark=row, title=_("Withdraw the mark"), danger=True,
                 button=_("Withdraw"),
                 lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
    form = AttachForm(posted(request), case=campaign.case, initial={"cause": request.GET.get("cause", "")})
    if form.is_valid() and attempt(form, lambda: causes.attach(campaign, **form.cleaned_data, by=request.user)):
        return redirect("campaigns:campaign", ref=ref, number=number)
    return _form(request, campaign.case, form, campaign=campaign, title=_("Attach a cause"), button=_("Attach it"),
                 lead=_("That the campaign pushes it, on exhibits that show so. Nothing is said of any account by "
                        "this, and nothing leads from a cause to one."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def detach(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
    row: Push = fetch(Push.objects.select_related("campaign__case", "cause"), request.user, campaign=campaign, pk=pk)
    form = fields.ReasonForm(posted(request), case=campaign.case)
    if form.is_valid() and attempt(form, lambda: causes.detach(row, **form.cleaned_data, by=request.user)):
        return redirect("campaigns:campaign", ref=ref, number=number)
    return _form(request, campaign.case, form, campaign=campaign, push=row, title=_("Withdraw the cause"), danger=True,
                 button=_("Withdraw"),
                 lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


def _campaign(request: HttpRequest, action: Action, ref: str, number: int) -> Campaign:
    found: Campaign = fetch(Campaign.objects.told(), request.user, action, case__ref=ref, number=number)
    return found


def _form(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, FORM, case, "campaigns", status_of(form), form=form, **context)
