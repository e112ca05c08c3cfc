"""Pages about channels: the table, naming one, its life, and what is seen of it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.access import Action
from casework.accounts import fields
from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.channels import services
from casework.channels.forms import EditForm, NameForm, ObserveForm
from casework.channels.models import Channel, ChannelObservation
from casework.channels.payment_models import Payment
from casework.doors import attempt, fetch, login_required, page, posted, status_of

PER_PAGE = 100
FORM = "casework/channels/form.html"
Fact = ChannelObservation.Fact


@login_required
@require_GET
def channels(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CHANNEL_READ, ref=ref)
    found = case.channels.with_life().order_by("number")
    return page(request, "casework/channels/list.html", case, "channels", part="channels",
                channels=Paginator(found, PER_PAGE).get_page(request.GET.get("page")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.CHANNEL_EDIT, ref=ref)
    form = NameForm(posted(request), case=case, initial={"exhibit": request.GET.get("exhibit", "")})
    if form.is_valid():
        made = attempt(form, lambda: services.name_channel(case, **form.cleaned_data, by=request.user))
        if made:
            return redirect("channels:channel", ref=ref, number=made.label)
    return _form(request, case, form, title=_("Name a channel"), button=_("Name the channel"),
                 lead=_("A group that an exhibit shows: its name or an invite link, at a time. Of its members only "
                        "their number is kept."))


@login_required
@require_GET
def channel(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    channel = _channel(request, Action.CHANNEL_READ, ref, number)
    named = Prefetch("subject", Subject.objects.with_names())
    seen = list(channel.observations.select_related("exhibit", "recorded_by", "became", "withdrawn_by")
                .prefetch_related(named).in_order())
    standing = [row for row in seen if not row.withdrawn_at]
    by_fact = {fact: [row for row in standing if row.fact == fact] for fact in Fact.values}
    came_from = channel.came_from.standing().select_related("channel", "exhibit")
    taskings = list(channel.taskings.told().order_by("number"))
    payments = list(Payment.objects.visible_to(request.user).told().filter(taskings__channel=channel).distinct()
                    .order_by("number"))
    return page(request, "casework/channels/channel.html", channel.case, "channels", channel=channel, seen=standing,
                withdrawn=[row for row in seen if row.withdrawn_at], by_fact=by_fact, came_from=came_from,
                taskings=taskings, payments=payments)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    channel = _channel(request, Action.CHANNEL_EDIT, ref, number)
    form = EditForm(posted(request), case=channel.case, edition=services.edition(channel))
    if form.is_valid() and attempt(form, lambda: services.edit(channel, **form.cleaned_data, by=request.user)):
        return redirect("channels:channel", ref=ref, number=number)
    return _form(request, channel.case, form, channel=channel, title=_("Edit the channel"), button=_("Save"),
                 lead=_("Earlier wording stays in the custody log."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def observe(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """`?fact=members` says which fact; the form has the fields that it takes."""
    channel = _channel(request, Action.CHANNEL_EDIT, ref, number)
    asked = request.GET.get("fact", "")
    fact = Fact(asked) if asked in Fact.values else Fact.FIRST_SEEN
    form = ObserveForm(posted(request), case=channel.case, fact=fact,
                       initial={"exhibit": request.GET.get("exhibit", "")})
    if form.is_valid() and attempt(
            form, lambda: services.observe(channel, fact=fact, **form.cleaned_data, by=request.user)):
        return redirect("channels:channel", ref=ref, number=number)
    leads = {Fact.CREATED: _("That it was created is what an exhibit says: a line in the chat, the group's own page."),
             Fact.DELETED: _("That it was deleted is what an exhibit says: that nobody sees it any more is not "
                             "enough."),
             Fact.ADMIN: _("Naming an admin changes nobody's role: an assessment may cite the exhibit."),
             Fact.MEMBERS: _("How many the exhibit shows. Who they are is not kept: they are bystanders.")}
    return _form(request, channel.case, form, channel=channel, title=_("Observe the channel"), fact=fact,
                 facts=Fact.choices, button=_("Add the observation"),
                 lead=leads.get(fact, _("One fact, as an exhibit shows it at a time.")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    channel = _channel(request, Action.CHANNEL_EDIT, ref, number)
    form = fields.ReasonForm(posted(request), case=channel.case)
    if form.is_valid() and attempt(form, lambda: services.withdraw(channel, **form.cleaned_data, by=request.user)):
        return redirect("channels:channel", ref=ref, number=number)
    return _form(request, channel.case, form, channel=channel, title=_("Withdraw the channel"), danger=True,
                 button=_("Withdraw"), lead=_("For one that is none, or that is there twice. It stays visible as "
                                              "withdrawn, with all that was said of it. This cannot be undone."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_observation(request: HttpRequest, ref: str, number: int, pk: int) -> HttpResponse:
    channel = _channel(request, Action.CHANNEL_EDIT, ref, number)
    row: ChannelObservation = fetch(ChannelObservation.objects.select_related("channel__case", "exhibit", "subject",
                                                                              "became"),
                                    request.user, channel=channel, pk=pk)
    form = fields.ReasonForm(posted(request), case=channel.case)
    if form.is_valid() and attempt(
            form, lambda: services.withdraw_observation(row, **form.cleaned_data, by=request.user)):
        return redirect("channels:channel", ref=ref, number=number)
    return _form(request, channel.case, form, channel=channel, row=row, title=_("Withdraw the observation"),
                 danger=True, button=_("Withdraw"),
                 lead=_("For one that is wrong. It stays visible as withdrawn. This cannot be undone."))


def _channel(request: HttpRequest, action: Action, ref: str, number: int) -> Channel:
    found: Channel = fetch(Channel.objects.select_related("case", "recorded_by", "withdrawn_by").with_life(),
                           request.user, action, case__ref=ref, number=number)
    return found


def _form(request: HttpRequest, case: Case, form: Any, **context: Any) -> HttpResponse:
    return page(request, FORM, case, "channels", status_of(form), form=form, **context)
