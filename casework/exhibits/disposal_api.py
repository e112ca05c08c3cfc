"""Calls about disposing of exhibits, over the same services as the pages."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.approvals import Approval
from casework.calls import Nothing, read
from casework.cases.models import Case
from casework.cases.texts import LONGEST
from casework.doors import fetch
from casework.exhibits import disposals
from casework.exhibits.disposals import Ground, Proposal
from casework.exhibits.serializers import WithdrawSerializer
from casework.people.tokens import FreshlySignedIn, SignedIn
from evidence.disposal.models import Removal


class DisposeSerializer(serializers.Serializer[Any]):
    """What to dispose of and why. Reason and basis stay in the log: name nobody in them."""

    exhibits = serializers.ListField(child=serializers.CharField(max_length=20), help_text="labels, E-001")
    ground = serializers.ChoiceField(choices=Ground.choices)
    reason = serializers.CharField(max_length=LONGEST)
    basis = serializers.CharField(max_length=LONGEST, help_text="the law, order or rule")


class RemovalSerializer(serializers.ModelSerializer[Removal]):
    """`pending` until `not_before` where the storage's lock says so; `kept` where another record needs the bytes."""

    sha256 = serializers.CharField(source="blob_id")

    class Meta:
        model = Removal
        fields = ["sha256", "place", "state", "held", "not_before", "changed_at"]
        read_only_fields = fields


class DisposedSerializer(serializers.Serializer[Any]):
    exhibit = serializers.CharField()
    removals = RemovalSerializer(many=True)


class DisposalSerializer(serializers.Serializer[Any]):
    """A proposal. `used` once it is decided, `returned` when the second person did not agree."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Approval.State.choices, source="approval.state")
    exhibits = serializers.ListField(child=serializers.CharField())
    ground = serializers.ChoiceField(choices=Ground.choices)
    reason = serializers.CharField()
    basis = serializers.CharField()
    proposed_by = serializers.CharField(source="approval.proposed_by")
    proposed_at = serializers.DateTimeField(source="approval.proposed_at")
    decided_by = serializers.CharField(source="approval.decided_by", allow_null=True)
    decided_at = serializers.DateTimeField(source="approval.decided_at", allow_null=True)
    returned_because = serializers.CharField(source="approval.reason")


class OneDisposalSerializer(DisposalSerializer):
    bytes = DisposedSerializer(many=True)


def _case(request: Request, ref: str) -> Case:
    case: Case = fetch(Case.objects, request.user, Action.EXHIBIT_DISPOSE, ref=ref)
    return case


def _told(found: Proposal) -> dict[str, Any]:
    told = [{"exhibit": row.label, "removals": RemovalSerializer(removals, many=True).data}
            for row, removals in disposals.shown(found)]
    return {**DisposalSerializer(found).data, "bytes": told}


class Disposals(APIView):
    """Proposals to dispose of exhibits."""

    @extend_schema(responses=DisposalSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """Newest first, at most 100."""
        return Response(DisposalSerializer(disposals.proposals(_case(request, ref)), many=True).data)

    @extend_schema(request=DisposeSerializer, responses={201: OneDisposalSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Propose it. Nothing is disposed of before a second person agrees."""
        made = disposals.propose(_case(request, ref), **read(DisposeSerializer, request), by=request.user)
        return Response(_told(made), status=status.HTTP_201_CREATED)


class OneDisposal(APIView):
    """One proposal, how it stands, and what became of the bytes."""

    @extend_schema(responses=OneDisposalSerializer)
    def get(self, request: Request, ref: str, proposal: UUID) -> Response:
        return Response(_told(disposals.proposal(_case(request, ref), proposal)))


class Approve(APIView):
    """Agree to another person's proposal: tombstones are set and the bytes taken out."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = "review"

    @extend_schema(request=None, responses=OneDisposalSerializer)
    def post(self, request: Request, ref: str, proposal: UUID) -> Response:
        case = _case(request, ref)
        read(Nothing, request)
        disposals.proposal(case, proposal)
        return Response(_told(disposals.approve(case, proposal, by=request.user)))


class SendBack(APIView):
    """Return another person's proposal with a reason: nothing is disposed of."""

    scope = "review"

    @extend_schema(request=WithdrawSerializer, responses=OneDisposalSerializer)
    def post(self, request: Request, ref: str, proposal: UUID) -> Response:
        case = _case(request, ref)
        disposals.proposal(case, proposal)
        return Response(_told(disposals.send_back(case, proposal, **read(WithdrawSerializer, request),
                                                  by=request.user)))
