"""Calls about how long a case is kept, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import MADE_FROM, VERSION, made_from, read, versioned
from casework.cases import keeping
from casework.cases.models import Case, Hold
from casework.cases.texts import LONGEST
from casework.doors import fetch


class RetentionSerializer(serializers.Serializer[Any]):
    """How long, and why."""

    days = serializers.IntegerField(source="retention_days", min_value=0, max_value=keeping.LONGEST_DAYS,
                                    help_text="after its closing")
    basis = serializers.CharField(source="retention_basis", max_length=LONGEST)


class RetentionOutSerializer(serializers.Serializer[Any]):
    """`kept_until` once the case is closed."""

    days = serializers.IntegerField(source="retention_days", allow_null=True, help_text="after its closing")
    basis = serializers.CharField(source="retention_basis")
    kept_until = serializers.DateTimeField(allow_null=True)


class HoldSerializer(serializers.ModelSerializer[Hold]):
    placed_by = serializers.CharField(read_only=True)
    lifted_by = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Hold
        fields = ["id", "matter", "basis", "placed_by", "placed_at", "lifted_by", "lifted_at", "lifted_because"]
        read_only_fields = ["id", "placed_at", "lifted_at", "lifted_because"]


class LiftSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST)


class Retention(APIView):
    """How long the case is kept after it was closed; `days` is null where nobody set it."""

    @extend_schema(responses=RetentionOutSerializer, parameters=[VERSION])
    def get(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.CASE_READ, ref=ref)
        return versioned(RetentionOutSerializer(case).data, keeping.edition(case))

    @extend_schema(request=RetentionSerializer, responses=RetentionOutSerializer, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.CASE_KEEP, ref=ref)
        asked = read(RetentionSerializer, request)
        set_to = keeping.set_retention(case, days=asked["retention_days"], basis=asked["retention_basis"],
                                       made_from=made_from(request), by=request.user)
        return versioned(RetentionOutSerializer(set_to).data, keeping.edition(set_to))


class Holds(APIView):
    """Legal holds of the case, newest first."""

    @extend_schema(responses=HoldSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.CASE_READ, ref=ref)
        rows = case.holds.select_related("placed_by", "lifted_by").order_by("-placed_at")
        return Response(HoldSerializer(rows, many=True).data)

    @extend_schema(request=HoldSerializer, responses={201: HoldSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Place one: from now on nothing of the case is disposed of."""
        case = fetch(Case.objects, request.user, Action.CASE_KEEP, ref=ref)
        made = keeping.place_hold(case, **read(HoldSerializer, request), by=request.user)
        return Response(HoldSerializer(made).data, status=status.HTTP_201_CREATED)


class LiftHold(APIView):
    """Lift one hold; others that stand still keep the case."""

    @extend_schema(request=LiftSerializer, responses=HoldSerializer)
    def post(self, request: Request, ref: str, pk: int) -> Response:
        hold = fetch(Hold.objects.select_related("case"), request.user, Action.CASE_KEEP, case__ref=ref, pk=pk)
        return Response(HoldSerializer(keeping.lift_hold(hold, **read(LiftSerializer, request), by=request.user)).data)
