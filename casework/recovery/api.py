"""Calls about a declared restore, over the same services as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.calls import read
from casework.people import services as people
from casework.people.models import User
from casework.people.tokens import FreshlySignedIn, SignedIn
from casework.recovery import services
from casework.recovery.serializers import RecoverySerializer, WhySerializer


class Recovery(APIView):
    """Whether the log is behind what was witnessed of it, and the restores that were declared."""

    permission_classes = [SignedIn, FreshlySignedIn]

    @extend_schema(responses=RecoverySerializer)
    def get(self, request: Request) -> Response:
        return Response(RecoverySerializer(services.state()).data)

    @extend_schema(request=WhySerializer, responses={201: RecoverySerializer})
    def post(self, request: Request) -> Response:
        """Propose to declare the restore. Nothing changes before another administrator agrees."""
        me = _administrator(request)
        found = services.propose(**read(WhySerializer, request), by=me)
        return Response(RecoverySerializer(found).data, status=status.HTTP_201_CREATED)


class Approve(APIView):
    """Agree to another administrator's proposal: the log goes on from where it stands, at once."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = "review"

    @extend_schema(request=None, responses=RecoverySerializer)
    def post(self, request: Request) -> Response:
        return Response(RecoverySerializer(services.approve(by=_administrator(request))).data)


class SendBack(APIView):
    """Return another administrator's proposal with a reason: the log stays closed."""

    scope = "review"

    @extend_schema(request=WhySerializer, responses=RecoverySerializer)
    def post(self, request: Request) -> Response:
        me = _administrator(request)
        return Response(RecoverySerializer(services.send_back(**read(WhySerializer, request), by=me)).data)


def _administrator(request: Request) -> User:
    assert isinstance(request.user, User)
    people.require_administrator(request.user)
    return request.user
