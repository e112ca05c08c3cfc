"""Pages about people: the administrators' list, and what everybody sets for themselves."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.doors import fetch, login_required
from casework.people import identities, oidc, services, sessions
from casework.people.forms import InviteForm, JoinForm, SettingsForm, TokenForm
from casework.people.links import link_to
from casework.people.models import ApiToken, SignIn, User

LANGUAGE_COOKIE_AGE = 365 * 24 * 3600


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    return _people(request, InviteForm())


@login_required
@require_POST
@reauthentication_required
def invite(request: HttpRequest) -> HttpResponse:
    services.require_administrator(_me(request))
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _people(request, form, 422)
    try:
        person, token = services.invite(**form.cleaned_data, by=_me(request))
    except ValidationError as refused:
        form.add_error(None, refused)
        return _people(request, form, 422)
    return _show_link(request, person, token)


@login_required
@require_POST
@reauthentication_required
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Enable, reset, invite again, or sign out everywhere: one button each in the list."""
    services.require_administrator(_me(request))
    person = fetch(User.objects, request.user, pk=pk)
    try:
        if verb == "reset":
            return _show_link(request, person, services.reset(person, by=_me(request)))
        if verb == "invite":
            return _show_link(request, *services.invite(person.email, person.display_name, by=_me(request)))
        if verb == "end-sessions":
            ended = services.end_sessions(person, by=_me(request))
            messages.success(request, ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
                             % {"count": ended})
        else:
            services.enable(person, by=_me(request))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("people:list")


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Where an invitation or a reset leads. Looking at the page uses nothing up: mail scanners do that."""
    link = services.find_link(token)
    if link is None:
        return render(request, "casework/people/join_gone.html", status=404)
    form = JoinForm(request.POST or None, initial={"display_name": link.person.display_name})
    if form.is_valid():
        try:
            services.accept(token, form.cleaned_data["password"], display_name=form.cleaned_data["display_name"])
        except ValidationError as refused:
            form.add_error("password", refused.messages)
        else:
            messages.success(request, _("Your password is set. Sign in with it."))
            return redirect("account_login")
    return render(request, "casework/people/join.html", {"form": form, "person": link.person,
                                                              "until": link.expires_at},
                  status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    # The form gets a copy: a name that is refused must not already stand in the bar of the page that says so.
    form = SettingsForm(request.POST or None, instance=fetch(User.objects, request.user, pk=_me(request).pk))
    if form.is_valid():
        services.change_settings(_me(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people:settings")
    return _settings(request, form, TokenForm(cases=services.own_cases(_me(request))), 422 if form.errors else 200)


@login_required
@require_POST
@reauthentication_required
def make_token(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST, cases=services.own_cases(_me(request)))
    if not form.is_valid():
        return _settings(request, SettingsForm(instance=_me(request)), form, 422)
    token, secret = services.make_token(_me(request), **form.cleaned_data)
    return render(request, "casework/people/token.html", {"token": token, "secret": secret})


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    services.revoke_token(fetch(ApiToken.objects, request.user, pk=pk), by=_me(request))
    return redirect("people:settings")


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    sessions.end(fetch(SignIn.objects, request.user, pk=pk), by=_me(request))
    return redirect("people:settings")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    sessions.end_all(_me(request), by=_me(request), but=request.session.session_key)
    return redirect("people:settings")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language: kept with the person, or in a cookie before anybody signed in."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, None):
        back = "/"
    answer = HttpResponseRedirect(back)
    if chosen not in dict(settings.LANGUAGES):
        return answer
    if request.user.is_authenticated:
        services.choose_language(_me(request), chosen)
    else:
        answer.set_cookie("language", chosen, max_age=LANGUAGE_COOKIE_AGE, secure=settings.HTTPS, httponly=True,
                          samesite="Lax")
    return answer


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


def _people(request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    services.require_administrator(_me(request))
    everybody = User.objects.visible_to(request.user).order_by("-is_active", "display_name", "pk")
    return render(request, "casework/people/list.html", {"people": everybody, "form": form}, status=status)


def _show_link(request: HttpRequest, person: User, token: str) -> HttpResponse:
    return render(request, "casework/people/link.html", {
        "person": person, "link": link_to(token), "until": services.ends_at(token)})


def _settings(request: HttpRequest, form: SettingsForm, token_form: TokenForm, status: int) -> HttpResponse:
    tokens = ApiToken.objects.visible_to(request.user).filter(revoked_at=None).order_by("-made_at")
    signed_in = SignIn.objects.visible_to(request.user).alive().order_by("-seen_at")
    return render(request, "casework/people/settings.html",
                  {"form": form, "token_form": token_form, "tokens": tokens, "sessions": signed_in,
                   "this_session": request.session.session_key, **_provider(_me(request))}, status=status)


def _provider(person: User) -> dict[str, Any]:
    """What the page says of signing in by way of the provider; nothing where there is none."""
    return {"provider": oidc.display_name(), "identity": identities.of(person)} if settings.OIDC else {}
