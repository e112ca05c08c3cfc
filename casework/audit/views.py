"""Pages: who could and did open what is in a case, alarms about downloads and their end; the audit of the system."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.access import Action
from casework.audit import services
from casework.audit.forms import ReportForm, StopForm
from casework.cases.models import Case
from casework.doors import attempt, fetch, login_required, page, posted
from casework.exhibits import telling, unlocking
from casework.exports import services as exports
from casework.exports.models import Alarm, Stop
from casework.people.models import User


@login_required
@require_safe
def access(request: HttpRequest, ref: str) -> HttpResponse:
    """Who could, who did; and what stands of alarms and stops."""
    case = fetch(Case.objects, request.user, Action.ACCESS_READ, ref=ref)
    form = ReportForm(request.GET or None)
    found = None
    if not form.is_bound or form.is_valid():
        asked = dict(form.cleaned_data) if form.is_bound else {}
        exhibit = _exhibit(form, case, asked.pop("exhibit", ""), request.user)
        if not form.errors:
            found = attempt(form, lambda: services.report(case, exhibit=exhibit, **asked, by=request.user))
    return page(request, "casework/audit/access.html", case, "members", 422 if form.errors else 200, form=form,
                report=found, alarms=case.export_alarms.select_related("person", "seen_by").order_by("-raised_at")[:20],
                unlocked=unlocking.alarms(case),
                stops=case.export_stops.select_related("person", "stopped_by").filter(lifted_at=None))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def stop(request: HttpRequest, ref: str) -> HttpResponse:
    case = fetch(Case.objects, request.user, Action.EXPORT_CONTROL, ref=ref)
    form = StopForm(posted(request), people=members(case), initial={"person": request.GET.get("person", "")})
    if form.is_valid() and attempt(form, lambda: exports.stop(
            case, form.cleaned_data["person"], reason=form.cleaned_data["reason"], by=request.user)):
        return redirect("audit:access", ref)
    return page(request, "casework/audit/stop.html", case, "members", 422 if form.errors else 200, form=form)


@login_required
@require_POST
@reauthentication_required
def lift(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    exports.lift(fetch(Stop.objects.select_related("case"), request.user, Action.EXPORT_CONTROL, case__ref=ref, pk=pk),
                 by=request.user)
    return redirect("audit:access", ref)


@login_required
@require_POST
def saw(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    exports.saw(fetch(Alarm.objects.select_related("case"), request.user, Action.EXPORT_CONTROL, case__ref=ref, pk=pk),
                by=request.user)
    return redirect("audit:access", ref)


@login_required
@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """What was recorded outside every case, newest first."""
    person = request.GET.get("person", "")
    about = f"user/{person}" if person.isascii() and person.isdigit() and len(person) < 10 else ""
    entries = services.system(person=about, before=_event(request.GET.get("before", "")), by=request.user)
    return render(request, "casework/audit/system.html", {
        "events": telling.proven(entries), "people": User.objects.visible_to(request.user).order_by("display_name"),
        "chosen": person, "go_on": entries[-1].event_id if len(entries) == services.PAGE else None})


def members(case: Case) -> Any:
    """Everybody who may take something out of the case now."""
    return User.objects.filter(memberships__case=case, memberships__ended_at=None).distinct().order_by("display_name")


def _exhibit(form: ReportForm, case: Case, label: str, user: Any) -> Any:
    """The exhibit of this label, or None; what is not there stands as an error in the form."""
    if not label:
        return None
    number = label.upper().removeprefix("E-")
    found = case.exhibits.filter(number=int(number)).first() if number.isascii() and number.isdigit() else None
    if found is None:
        form.add_error("exhibit", _("There is no such exhibit in this case."))
    return found


def _event(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
