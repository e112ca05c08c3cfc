"""Calls about damaged bytes, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import Nothing, read, shaped
from casework.cases.models import Case
from casework.doors import fetch
from casework.exhibits import healings, log_words
from casework.exhibits.serializers import WithdrawSerializer
from casework.people.tokens import FreshlySignedIn, SignedIn
from evidence.fixity.models import Damage, Place


class DamageSerializer(serializers.Serializer[Any]):
    """Bytes that are not what they were. `state` says how far their healing from the other copy is."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[(value, value) for value in log_words.DAMAGES])
    sha256 = serializers.CharField(source="damage.blob_id")
    exhibits = serializers.SerializerMethodField()
    place = serializers.ChoiceField(choices=Place.choices, source="damage.place")
    problem = serializers.ChoiceField(choices=Damage.Problem.choices, source="damage.problem")
    found_sha256 = serializers.CharField(source="damage.found_sha256")
    found_at = serializers.DateTimeField(source="damage.found_at")
    healed_at = serializers.DateTimeField(source="damage.healed_at", allow_null=True)
    reason = serializers.CharField(help_text="of the last proposal to heal it")
    proposed_by = serializers.CharField(source="approval.proposed_by", default=None, allow_null=True)
    decided_by = serializers.CharField(source="approval.decided_by", default=None, allow_null=True)
    detail = serializers.CharField(source="order.detail", default="",
                                   help_text="where the damaged bytes were kept aside, or why it could not be healed")

    def get_exhibits(self, found: Any) -> list[str]:
        return [exhibit.label for exhibit in found.exhibits]


class Damages(APIView):
    """What was found damaged in a case."""

    @extend_schema(responses=DamageSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """Newest first, at most 100."""
        case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
        return Response(DamageSerializer(healings.of_case(case), many=True).data)


class OneDamage(APIView):
    """One damage, and how far its healing is."""

    @extend_schema(responses=DamageSerializer)
    def get(self, request: Request, ref: str, damage: int) -> Response:
        case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
        return Response(DamageSerializer(healings.one(case, damage)).data)


class Heal(APIView):
    """Propose to heal it from the other copy. Nothing is changed before a second person agrees."""

    @extend_schema(request=WithdrawSerializer, responses={201: DamageSerializer})
    def post(self, request: Request, ref: str, damage: int) -> Response:
        case = fetch(Case.objects, request.user, Action.EXHIBIT_HEAL, ref=ref)
        healings.one(case, damage)
        asked = shaped(WithdrawSerializer, request)
        made = healings.propose(case, damage, reason=asked.validated_data["reason"], by=request.user)
        return Response(DamageSerializer(made).data, status=status.HTTP_201_CREATED)


class ApproveHealing(APIView):
    """Agree as the second person: the worker heals it, and the log says what came of it."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = "review"

    @extend_schema(request=None, responses=DamageSerializer)
    def post(self, request: Request, ref: str, damage: int) -> Response:
        case = fetch(Case.objects, request.user, Action.EXHIBIT_HEAL, ref=ref)
        read(Nothing, request)
        healings.one(case, damage)
        return Response(DamageSerializer(healings.approve(case, damage, by=request.user)).data)


class ReturnHealing(APIView):
    """Do not agree, with a reason."""

    scope = "review"

    @extend_schema(request=WithdrawSerializer, responses=DamageSerializer)
    def post(self, request: Request, ref: str, damage: int) -> Response:
        case = fetch(Case.objects, request.user, Action.EXHIBIT_HEAL, ref=ref)
        healings.one(case, damage)
        asked = shaped(WithdrawSerializer, request)
        back = healings.send_back(case, damage, reason=asked.validated_data["reason"], by=request.user)
        return Response(DamageSerializer(back).data)
