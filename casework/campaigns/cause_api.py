"""Calls about causes and listings, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.campaigns import causes, listings
from casework.campaigns.models import Cause, Listing
from casework.campaigns.serializers import CauseIn, CauseOut, ListingIn, ListingOut
from casework.cases.models import Case
from casework.channels.serializers import WithdrawIn
from casework.doors import fetch
from casework.people.services import require_administrator


class Causes(ListAPIView[Cause]):
    """The causes of a case."""

    serializer_class = CauseOut
    queryset = Cause.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.CAMPAIGN_READ, ref=self.kwargs["ref"])
        return case.causes.select_related("listing__recorded_by").told().order_by("number")

    @extend_schema(request=CauseIn, responses={201: CauseOut}, parameters=[VERSION])
    def post(self, request: Request, ref: str) -> Response:
        """Name a cause that campaigns of the case push."""
        case = fetch(Case.objects, request.user, Action.CAMPAIGN_EDIT, ref=ref)
        made = causes.name_cause(case, **read(CauseIn, request), by=request.user)
        return _versioned(made, status.HTTP_201_CREATED)


class OneCause(GenericAPIView[Cause]):
    serializer_class = CauseOut
    queryset = Cause.objects.none()

    @extend_schema(responses=CauseOut, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """A cause, withdrawn or not."""
        return _versioned(_cause(request, Action.CAMPAIGN_READ, ref, number))

    @extend_schema(request=CauseIn, responses=CauseOut, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Replace what is said of it."""
        cause = _cause(request, Action.CAMPAIGN_EDIT, ref, number)
        causes.edit(cause, **read(CauseIn, request), made_from=made_from(request), by=request.user)
        return _versioned(_cause(request, None, ref, number))


class WithdrawCause(Step):
    """Take a wrong one out of use. It stays, marked."""

    serializer_class = CauseOut
    queryset = Cause.objects.none()
    act, asked = staticmethod(causes.withdraw), WithdrawIn

    def get_object(self) -> Cause:
        return _cause(self.request, Action.CAMPAIGN_EDIT, **self.kwargs)


class Listings(ListAPIView[Listing]):
    """The listings of organisations, the withdrawn ones marked. They belong to no case."""

    serializer_class = ListingOut
    queryset = Listing.objects.none()

    def get_queryset(self) -> Any:
        return Listing.objects.visible_to(self.request.user).select_related("recorded_by")

    @extend_schema(request=ListingIn, responses={201: ListingOut})
    def post(self, request: Request) -> Response:
        """Write one down: administrators alone."""
        person: Any = request.user
        require_administrator(person)
        made = listings.add(**read(ListingIn, request), by=person)
        return Response(ListingOut(made).data, status.HTTP_201_CREATED)


class WithdrawListing(Step):
    """End a listing that is wrong or was taken back: administrators alone."""

    serializer_class = ListingOut
    queryset = Listing.objects.none()
    act, asked = staticmethod(listings.withdraw), WithdrawIn

    def get_object(self) -> Listing:
        person: Any = self.request.user
        require_administrator(person)
        found: Listing = fetch(Listing.objects, person, pk=self.kwargs["pk"])
        return found


def _cause(request: Any, action: Action | None, ref: str, number: int) -> Cause:
    found: Cause = fetch(Cause.objects.select_related("listing__recorded_by").told(), request.user, action,
                         case__ref=ref, number=number)
    return found


def _versioned(cause: Cause, code: int = 200) -> Response:
    return versioned(CauseOut(cause).data, causes.edition(cause), code)
