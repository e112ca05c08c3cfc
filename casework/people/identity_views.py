"""Signing in, confirming and connecting by way of the provider: there by a link, back with a code."""

import logging
import time
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from casework.doors import login_required
from casework.people import identities, oidc, sign_ins
from casework.people.models import User

KEPT = "single_sign_on"
SIGN_IN, CONFIRM, CONNECT = "sign_in", "confirm", "connect"
# So many questions one browser may have open (tabs), each for so many seconds.
OPEN, SECONDS = 5, 600
RATE = {"single_sign_on": "30/15m/ip"}
# Where a browser says that a request comes from: a page of ours, or what its person typed or kept.
OURS = {"same-origin", "none"}

log = logging.getLogger(__name__)


@require_GET
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """To sign in; whoever is signed in already confirms that it is them.

    A page of another site may have signed this browser in at the provider as somebody else, so none begins it: who is
    sent here by one begins on our own page, and goes on from there to where they wanted. Browsers that do not say where
    they come from are older than 2023, or came over plain http."""
    if request.headers.get("Sec-Fetch-Site", "none") not in OURS:
        _require_provider()
        wanted = _wanted(request)
        return redirect(resolve_url("account_login") + (f"?{urlencode({'next': wanted})}" if wanted else ""))
    return _ask(request, CONFIRM if request.user.is_authenticated else SIGN_IN)


@login_required
@require_GET
@never_cache
@reauthentication_required
def connect(request: HttpRequest) -> HttpResponse:
    return _ask(request, CONNECT)


@require_GET
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """The provider sent the browser here. A state that this browser has no question for is nobody's mistake of ours."""
    _require_provider()
    if not _is_within_pace(request):
        return _too_many(request)
    kept = _taken(request, request.GET.get("state", ""))
    if kept is None:
        return _refused(request, _("This sign-in was begun in another browser, or too long ago. Try again."))
    if "error" in request.GET:
        return _refused(request, _("The provider did not sign you in."))
    question = oidc.Question(request.GET["state"], kept["nonce"], kept["verifier"])
    try:
        claims = oidc.claims(request.GET.get("code", ""), question, back=_back())
    except oidc.NotProven as problem:
        log.warning("single sign-on: %s", problem)
        return _refused(request, _("The provider could not be asked, or its answer does not hold. Try again later."))
    if kept["for"] == SIGN_IN and not request.user.is_authenticated:
        return _sign_in(request, claims, kept["next"])
    if kept["for"] == CONFIRM and request.user.is_authenticated:
        return _confirm(request, claims, kept["next"])
    if kept["for"] == CONNECT and request.user.is_authenticated and kept["person"] == request.user.pk:
        return _connect(request, claims)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _ask(request: HttpRequest, purpose: str) -> HttpResponse:
    _require_provider()
    if not _is_within_pace(request):
        return _too_many(request)
    question = oidc.Question.new()
    try:
        place = oidc.address(question, back=_back(), again=purpose != SIGN_IN)
    except oidc.NotProven as problem:
        log.warning("single sign-on: %s", problem)
        return _refused(request, _("The provider could not be asked, or its answer does not hold. Try again later."))
    asked = dict(list(request.session.get(KEPT, {}).items())[1 - OPEN:])
    asked[question.state] = {"nonce": question.nonce, "verifier": question.verifier, "for": purpose, "at": time.time(),
                             "next": _wanted(request), "person": request.user.pk}
    request.session[KEPT] = asked
    return redirect(place)


def _wanted(request: HttpRequest) -> str:
    """The address of ours that the browser is to come to in the end, or nothing."""
    wanted = request.GET.get("next", "")
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if fits else ""


def _taken(request: HttpRequest, state: str) -> dict[str, Any] | None:
    """The question that `state` belongs to, which is good for one answer."""
    asked = dict(request.session.get(KEPT, {}))
    kept: dict[str, Any] | None = asked.pop(state, None)
    request.session[KEPT] = asked
    return kept if kept is not None and time.time() - kept["at"] < SECONDS else None


def _sign_in(request: HttpRequest, claims: oidc.Claims, wanted: str) -> HttpResponse:
    person = identities.whose(claims)
    if person is None:
        sign_ins.failed(claims.email)
        return _refused(request, _(
            "The provider knows you, but you cannot come in here. An administrator can invite you."))
    record_authentication(request, person, "single_sign_on", factor=claims.factor)
    answer: HttpResponse = perform_login(request, Login(user=person, redirect_url=wanted or None))
    return answer


def _confirm(request: HttpRequest, claims: oidc.Claims, wanted: str) -> HttpResponse:
    person = cast(User, request.user)
    if not identities.is_of(person, claims) or not _is_fresh(claims):
        messages.error(request, _("The provider did not confirm that it is you."))
        return redirect("account_reauthenticate")
    record_authentication(request, person, "single_sign_on", reauthenticated=True, factor=claims.factor)
    # The library goes on with what was stopped where the address says so; here the session has kept it.
    cast(Any, request).GET = QueryDict(urlencode({"next": wanted}))
    return reauthentication.resume_request(request) or redirect(settings.LOGIN_REDIRECT_URL)


def _connect(request: HttpRequest, claims: oidc.Claims) -> HttpResponse:
    """Only whom the provider asked just now: any page may lead a browser here, and whoever made it may have signed that
    browser in at the provider as somebody else."""
    if not _is_fresh(claims):
        messages.error(request, _("The provider did not confirm that it is you."))
        return redirect("people:settings")
    try:
        identities.bind(cast(User, request.user), claims)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("Connected: from now on you can sign in with it."))
    return redirect("people:settings")


def _is_fresh(claims: oidc.Claims) -> bool:
    return claims.proven_at >= time.time() - oidc.FRESH


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("people:settings" if request.user.is_authenticated else "account_login")


def _back() -> str:
    """By BASE_URL, whatever host a request names: the provider knows this address and no other."""
    return f"{settings.BASE_URL}{reverse('single_sign_on_back')}"


def _too_many(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = ratelimit.respond_429(request)
    return answer


def _require_provider() -> None:
    if settings.OIDC is None:
        raise Http404


def _is_within_pace(request: HttpRequest) -> bool:
    return bool(ratelimit.consume(request, app="casework", action="single_sign_on", config=RATE, limit_get=True))
