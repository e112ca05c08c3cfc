"""Calls about locked originals, over the same services as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import Nothing, label, read
from casework.cases.models import Case
from casework.doors import fetch
from casework.exhibits import parts, reading, unlocking
from casework.exhibits.api import Refused
from casework.exhibits.capture_api import POSITION
from casework.exhibits.gate_serializers import UnlockingSerializer
from casework.exhibits.models import Unlocking
from casework.exhibits.reading import Disposed
from casework.exhibits.serializers import WithdrawSerializer
from casework.people.models import ApiToken
from casework.people.tokens import FreshlySignedIn, SignedIn

LABEL = label("E-007")


@extend_schema(parameters=[LABEL])
class Unlock(APIView):
    """A locked original, for oneself, for half an hour."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = ApiToken.Scope.EXPORT

    @extend_schema(request=WithdrawSerializer, responses={201: UnlockingSerializer})
    def post(self, request: Request, ref: str, number: int, position: int = 0) -> Response:
        """Unlock it with a reason; recorded. Malware is unlocked by those alone who may, and is an alarm. 409 for what
        is not locked."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_DOWNLOAD)
        part = parts.one(exhibit, position) if position else None
        try:
            made = unlocking.unlock(exhibit, part=part, **read(WithdrawSerializer, request), by=request.user)
        except Disposed as error:
            raise Refused(error) from error
        return Response(UnlockingSerializer(made).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[LABEL, POSITION])
class UnlockPart(Unlock):
    """The same for one part of a capture."""


class Unlockings(APIView):
    @extend_schema(responses=UnlockingSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """The newest 100 unlockings of the case; one whose state is `found` is an alarm until it is seen."""
        case = fetch(Case.objects, request.user, Action.ACCESS_READ, ref=ref)
        return Response(UnlockingSerializer(unlocking.listed(case), many=True).data)


class UnlockingSeen(APIView):
    @extend_schema(request=None, responses=UnlockingSerializer)
    def post(self, request: Request, ref: str, pk: int) -> Response:
        """Say that somebody looked into it; 409 for one's own."""
        found = fetch(Unlocking.objects.select_related("exhibit__case"), request.user, exhibit__case__ref=ref, pk=pk)
        read(Nothing, request)
        return Response(UnlockingSerializer(unlocking.saw(found, by=request.user)).data)
