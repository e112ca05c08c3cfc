"""Calls about access, over the same services as the pages."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.audit import services
from casework.audit.compose import Could, Did
from casework.calls import Nothing, checked, read
from casework.cases.models import Case
from casework.doors import fetch
from casework.exhibits import telling
from casework.exhibits.custody_serializers import EntrySerializer
from casework.exports import services as exports
from casework.exports.models import Alarm, Stop
from casework.people.models import User
from casework.people.tokens import FreshlySignedIn, SignedIn


class AskedSerializer(serializers.Serializer[Any]):
    start = serializers.DateField(required=False)
    end = serializers.DateField(required=False)
    exhibit = serializers.RegexField(r"^E-[0-9]{1,9}$", required=False)


class HeldSerializer(serializers.Serializer[Any]):
    role = serializers.CharField()
    granted_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class CouldSerializer(serializers.Serializer[Could]):
    """`opens`: whether a role of theirs lets them open exhibits."""

    person = serializers.CharField(source="person.display_name")
    email = serializers.CharField(source="person.email")
    active = serializers.BooleanField(source="person.is_active")
    opens = serializers.BooleanField()
    roles = HeldSerializer(many=True)


class DidSerializer(serializers.Serializer[Did]):
    """As the log names them. `could`: whether they had a role then; `busiest`: exhibits opened or taken out within the
    busiest clock hour."""

    agent = serializers.CharField()
    name = serializers.CharField()
    could = serializers.BooleanField()
    first = serializers.DateTimeField()
    last = serializers.DateTimeField()
    looks = serializers.IntegerField(source="counts.looks", default=0)
    lists = serializers.IntegerField(source="counts.lists", default=0)
    taken = serializers.IntegerField(source="counts.taken", default=0)
    refused = serializers.IntegerField(source="counts.refused", default=0)
    busiest = serializers.IntegerField()


class ReportSerializer(serializers.Serializer[Any]):
    """Days in UTC, both included. `erased`: entries of that time that say nothing any more."""

    start = serializers.DateField()
    end = serializers.DateField()
    exhibit = serializers.CharField(source="label")
    could = CouldSerializer(many=True)
    did = DidSerializer(many=True)
    erased = serializers.IntegerField()


class StopSerializer(serializers.ModelSerializer[Stop]):
    person = serializers.PrimaryKeyRelatedField(queryset=User.objects.all())
    stopped_by = serializers.CharField(read_only=True)
    lifted_by = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Stop
        fields = ["id", "person", "reason", "stopped_by", "stopped_at", "lifted_by", "lifted_at"]
        read_only_fields = ["id", "stopped_at", "lifted_at"]


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    """`files` and `size` (bytes) are what was taken out of this case within the hour before."""

    person = serializers.CharField()
    seen_by = serializers.CharField(allow_null=True)

    class Meta:
        model = Alarm
        fields = ["id", "person", "raised_at", "files", "size", "seen_by", "seen_at"]


class Access(APIView):
    """Who could open what is in the case, and who did."""

    @extend_schema(parameters=[AskedSerializer], responses=ReportSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """The last 30 days, or the days asked for, a year at most; of one exhibit where one is named. Recorded."""
        case = fetch(Case.objects, request.user, Action.ACCESS_READ, ref=ref)
        sent = AskedSerializer(data=request.query_params)
        sent.is_valid(raise_exception=True)
        asked = dict(sent.validated_data)
        label = asked.pop("exhibit", "")
        exhibit = fetch(case.exhibits, request.user, number=int(label.removeprefix("E-"))) if label else None
        return Response(ReportSerializer(services.report(case, exhibit=exhibit, **asked, by=request.user)).data)


class Alarms(APIView):
    @extend_schema(responses=AlarmSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """The newest 100 alarms about what somebody took out."""
        case = fetch(Case.objects, request.user, Action.ACCESS_READ, ref=ref)
        rows = case.export_alarms.select_related("person", "seen_by").order_by("-raised_at")[:100]
        return Response(AlarmSerializer(rows, many=True).data)


class AlarmSeen(APIView):
    @extend_schema(request=None, responses=AlarmSerializer)
    def post(self, request: Request, ref: str, pk: int) -> Response:
        """Say that somebody looked into it; 409 for an alarm about oneself."""
        alarm = fetch(Alarm.objects.select_related("case"), request.user, Action.EXPORT_CONTROL, case__ref=ref, pk=pk)
        read(Nothing, request)
        return Response(AlarmSerializer(exports.saw(alarm, by=request.user)).data)


class Stops(APIView):
    permission_classes = [SignedIn, FreshlySignedIn]

    @extend_schema(responses=StopSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """Whose downloads from this case were stopped, and until when; newest first."""
        case = fetch(Case.objects, request.user, Action.ACCESS_READ, ref=ref)
        rows = case.export_stops.select_related("person", "stopped_by", "lifted_by").order_by("-stopped_at")
        return Response(StopSerializer(rows, many=True).data)

    @extend_schema(request=StopSerializer, responses={201: StopSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Stop the downloads of a member; what is running is cut off within seconds."""
        case = fetch(Case.objects, request.user, Action.EXPORT_CONTROL, ref=ref)
        sent = StopSerializer(data=request.data)
        people: Any = sent.fields["person"]
        people.queryset = User.objects.filter(memberships__case=case).distinct()
        made = exports.stop(case, **checked(sent).validated_data, by=request.user)
        return Response(StopSerializer(made).data, status=status.HTTP_201_CREATED)


class LiftStop(APIView):
    permission_classes = [SignedIn, FreshlySignedIn]

    @extend_schema(request=None, responses=StopSerializer)
    def post(self, request: Request, ref: str, pk: int) -> Response:
        """Let them download again; 409 for one's own."""
        standing = fetch(Stop.objects.select_related("case"), request.user, Action.EXPORT_CONTROL, case__ref=ref, pk=pk)
        read(Nothing, request)
        return Response(StopSerializer(exports.lift(standing, by=request.user)).data)


class Audit(APIView):
    @extend_schema(parameters=[OpenApiParameter("person", OpenApiTypes.INT), OpenApiParameter(
        "before", OpenApiTypes.UUID, description="the last entry of the page before")],
        responses=EntrySerializer(many=True))
    def get(self, request: Request) -> Response:
        """What was recorded outside every case, newest first, 100 at a time; for administrators. Recorded."""
        asked = AuditSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        about = f"user/{given['person']}" if "person" in given else ""
        entries = services.system(person=about, before=given.get("before"), by=request.user)
        return Response(EntrySerializer(telling.proven(entries), many=True).data)


class AuditSerializer(serializers.Serializer[Any]):
    person = serializers.IntegerField(required=False, min_value=1, max_value=10**9)
    before = serializers.UUIDField(required=False)
