"""Calls about erasing events, over the same services as the pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.approvals import Approval
from casework.calls import Nothing, read, shaped
from casework.cases.models import Case
from casework.cases.texts import LONGEST
from casework.doors import fetch
from casework.exhibits import erasures
from casework.exhibits.serializers import WithdrawSerializer
from casework.people.tokens import FreshlySignedIn, SignedIn


class EraseSerializer(serializers.Serializer[Any]):
    """What to erase and why. Reason and basis stay in the log for ever: name nobody in them."""

    events = serializers.ListField(child=serializers.UUIDField(), help_text="event_id of entries of the case's custody")
    reason = serializers.CharField(max_length=LONGEST)
    basis = serializers.CharField(max_length=LONGEST, help_text="the law or order that asks for it")


class ErasureSerializer(serializers.Serializer[Any]):
    """A proposal. `used` once it is erased, `returned` when the second person did not agree."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Approval.State.choices)
    events = serializers.ListField(child=serializers.UUIDField())
    reason = serializers.CharField()
    basis = serializers.CharField()
    proposed_by = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="approval.decided_by", allow_null=True)
    decided_at = serializers.DateTimeField(source="approval.decided_at", allow_null=True)
    returned_because = serializers.CharField(source="approval.reason")


class Erasures(APIView):
    """Proposals to erase events of a case."""

    @extend_schema(responses=ErasureSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """Newest first, at most 100."""
        case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
        return Response(ErasureSerializer(erasures.proposals(case), many=True).data)

    @extend_schema(request=EraseSerializer, responses={201: ErasureSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Propose it. Nothing is erased before a second person agrees."""
        case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
        asked = shaped(EraseSerializer, request)
        made = erasures.propose(case, **asked.validated_data, by=request.user)
        return Response(ErasureSerializer(made).data, status=status.HTTP_201_CREATED)


class OneErasure(APIView):
    """One proposal and how it stands."""

    @extend_schema(responses=ErasureSerializer)
    def get(self, request: Request, ref: str, proposal: UUID) -> Response:
        case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
        return Response(ErasureSerializer(erasures.proposal(case, proposal)).data)


class Approve(APIView):
    """Agree to another person's proposal: what the events said is destroyed at once."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = "review"

    @extend_schema(request=None, responses=ErasureSerializer)
    def post(self, request: Request, ref: str, proposal: UUID) -> Response:
        case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
        read(Nothing, request)
        erasures.proposal(case, proposal)
        return Response(ErasureSerializer(erasures.approve(case, proposal, by=request.user)).data)


class SendBack(APIView):
    """Return another person's proposal with a reason: nothing is erased."""

    scope = "review"

    @extend_schema(request=WithdrawSerializer, responses=ErasureSerializer)
    def post(self, request: Request, ref: str, proposal: UUID) -> Response:
        case = fetch(Case.objects, request.user, Action.EVENT_ERASE, ref=ref)
        erasures.proposal(case, proposal)
        asked = shaped(WithdrawSerializer, request)
        return Response(ErasureSerializer(
            erasures.send_back(case, proposal, reason=asked.validated_data["reason"], by=request.user)).data)
