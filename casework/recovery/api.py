"""Calls about a log that is behind what was witnessed of it, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.calls import Nothing, read
from casework.people.services import require_administrator
from casework.people.tokens import FreshlySignedIn, SignedIn
from casework.recovery import services
from evidence.custody.rewound import Rewind


class KnownSerializer(serializers.Serializer[Any]):
    """Somebody who knows more of the log than it holds. A witness names a size alone."""

    by = serializers.ChoiceField(choices=Rewind.Witness.values)
    name = serializers.CharField()
    size = serializers.IntegerField()
    root_hash = serializers.CharField(source="root", help_text="hex; empty where it is not known")
    at = serializers.DateTimeField(allow_null=True)


class RestoreProposalSerializer(serializers.Serializer[Any]):
    """What one administrator proposes, and another decides."""

    reason = serializers.CharField()
    proposed_by = serializers.CharField()
    proposed_at = serializers.DateTimeField()


class DeclaredSerializer(serializers.Serializer[Any]):
    """A restore that was declared: the event that says so."""

    event_id = serializers.UUIDField()
    index = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    restored_size = serializers.IntegerField(source="detail.restored.size")
    given_up_size = serializers.IntegerField(source="detail.given_up.size")
    given_up_root = serializers.CharField(source="detail.given_up.root")
    reason = serializers.CharField(source="detail.reason")


class RecoverySerializer(serializers.Serializer[Any]):
    """`behind` while somebody is known to hold more of the log than it has: then nothing changes. Lost are the entries
    from `first_lost` (null: another history went on past it, and nobody knows from where) to `last_lost`."""

    behind = serializers.SerializerMethodField()
    noticed_at = serializers.DateTimeField(source="rewind.noticed_at", default=None, allow_null=True)
    size = serializers.IntegerField(source="rewind.size", default=None, allow_null=True)
    last_entry_at = serializers.DateTimeField(source="rewind.last_at", default=None, allow_null=True)
    witnessed_size = serializers.IntegerField(source="rewind.head_size", default=None, allow_null=True)
    first_lost = serializers.IntegerField(allow_null=True)
    last_lost = serializers.IntegerField(allow_null=True)
    known = KnownSerializer(source="rewind.known", many=True, default=[])
    read_meanwhile = serializers.IntegerField(help_text="entries of the recovery log")
    proposal = RestoreProposalSerializer(allow_null=True)
    declared = DeclaredSerializer(many=True)

    def get_behind(self, state: services.State) -> bool:
        return state.rewind is not None


class DeclareSerializer(serializers.Serializer[Any]):
    """Why. It stays in the log for ever: name nobody in it."""

    reason = serializers.CharField(max_length=services.TEXT_LENGTH)


class Recovery(APIView):
    """How it stands with entries that are lost."""

    permission_classes = [SignedIn, FreshlySignedIn]

    @extend_schema(responses=RecoverySerializer)
    def get(self, request: Request) -> Response:
        return Response(RecoverySerializer(services.state()).data)

    @extend_schema(request=DeclareSerializer, responses={201: RecoverySerializer})
    def post(self, request: Request) -> Response:
        """Propose to declare the restore, as an administrator. Nothing changes before another agrees."""
        _administrator(request)
        services.propose(**read(DeclareSerializer, request), by=request.user)
        return Response(RecoverySerializer(services.state()).data, status=status.HTTP_201_CREATED)


class Approve(APIView):
    """Agree to another administrator's proposal: the log goes on at once, and says what was given up."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = "review"

    @extend_schema(request=None, responses=RecoverySerializer)
    def post(self, request: Request) -> Response:
        _administrator(request)
        read(Nothing, request)
        services.approve(by=request.user)
        return Response(RecoverySerializer(services.state()).data)


class SendBack(APIView):
    """Return another administrator's proposal with a reason: nothing changes."""

    scope = "review"

    @extend_schema(request=DeclareSerializer, responses=RecoverySerializer)
    def post(self, request: Request) -> Response:
        _administrator(request)
        services.send_back(**read(DeclareSerializer, request), by=request.user)
        return Response(RecoverySerializer(services.state()).data)


def _administrator(request: Request) -> None:
    person: Any = request.user
    require_administrator(person)
