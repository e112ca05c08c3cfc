"""Calls about custody, over the same services as the pages."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import Nothing, read
from casework.cases.models import Case
from casework.doors import fetch
from casework.exhibits import keeping, log_state, proving, reading, receipts, telling, verifying
from casework.exhibits.custody_serializers import (
    CheckpointSerializer,
    EntrySerializer,
    LogSerializer,
    ProofSerializer,
    VerificationSerializer,
)
from casework.exhibits.receipts import MailFailed
from casework.people.models import ApiToken
from evidence.fixity.models import Verification

LABEL = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="the exhibit's label: E-007")
BEFORE = OpenApiParameter("before", OpenApiTypes.UUID, description="event_id of the last entry of the page before")


class NotSent(APIException):
    status_code = 409
    default_code = "mail_failed"
    default_detail = "There is no mail here, or it was not taken. Nothing was sent."


class NothingSigned(APIException):
    status_code = 409
    default_code = "nothing_signed"
    default_detail = "No checkpoint was signed yet."


class Log(APIView):
    """The custody log: how it stands, who outside holds a checkpoint, witnesses and time-stamping authorities."""

    @extend_schema(responses=LogSerializer)
    def get(self, request: Request) -> Response:
        return Response(LogSerializer(log_state.read()).data)


class KeepCheckpoint(APIView):
    """Take the checkpoint out: who does holds it from now on, and the log's page counts one holder more."""

    scope = ApiToken.Scope.READ

    @extend_schema(request=None, responses=CheckpointSerializer)
    def post(self, request: Request) -> Response:
        read(Nothing, request)
        latest = keeping.keep(by=request.user)
        if latest is None:
            raise NothingSigned
        return Response(CheckpointSerializer(latest).data)


class CaseCustody(APIView):
    """What was recorded in the case, newest first (at most 100 events; go on with `before`)."""

    @extend_schema(parameters=[BEFORE], responses=EntrySerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
        found = receipts.case_custody(case, request.query_params.get("before", ""))
        reading.custody_listed(case, receipts.labels(case, found).values(), by=request.user)
        return Response(EntrySerializer(telling.proven(found), many=True).data)


@extend_schema(parameters=[LABEL])
class ExhibitCustody(APIView):
    """What happened to one exhibit, newest first (at most 200 events)."""

    @extend_schema(responses=EntrySerializer(many=True))
    def get(self, request: Request, ref: str, number: int) -> Response:
        exhibit = reading.exhibit_of(request.user, ref, number, Action.CUSTODY_READ)
        reading.custody_viewed(exhibit, by=request.user)
        return Response(EntrySerializer(telling.proven(receipts.custody(exhibit)), many=True).data)


class Proof(APIView):
    """The proof of one event of the case. Recorded."""

    @extend_schema(responses=ProofSerializer)
    def get(self, request: Request, ref: str, event: UUID) -> Response:
        case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
        return Response(ProofSerializer(proving.proof(case, event, by=request.user)).data)


class VerifyCase(APIView):
    """Prove every event of the case and hash every byte of it again."""

    scope = ApiToken.Scope.READ

    @extend_schema(responses=VerificationSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """What came of the last 20, newest first."""
        case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
        return Response(VerificationSerializer(verifying.of_case(case), many=True).data)

    @extend_schema(request=None, responses={200: VerificationSerializer, 202: VerificationSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """200 with the result; 202 where there is so much that a worker does it: ask again."""
        case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
        read(Nothing, request)
        return _told(verifying.verify_case(case, by=request.user))


@extend_schema(parameters=[LABEL])
class VerifyExhibit(APIView):
    """Prove every event about one exhibit and hash its bytes again."""

    scope = ApiToken.Scope.READ

    @extend_schema(responses=VerificationSerializer(many=True))
    def get(self, request: Request, ref: str, number: int) -> Response:
        """What came of the last 20, newest first."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.CUSTODY_READ)
        return Response(VerificationSerializer(verifying.of_exhibit(exhibit), many=True).data)

    @extend_schema(request=None, responses={200: VerificationSerializer, 202: VerificationSerializer})
    def post(self, request: Request, ref: str, number: int) -> Response:
        """200 with the result; 202 where there is so much that a worker does it: ask again."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.CUSTODY_READ)
        read(Nothing, request)
        return _told(verifying.verify_exhibit(exhibit, by=request.user))


@extend_schema(parameters=[LABEL])
class SendReceipt(APIView):
    """The receipt by mail, to the address of whoever asks. Recorded."""

    scope = ApiToken.Scope.READ

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, ref: str, number: int) -> Response:
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
        read(Nothing, request)
        try:
            receipts.send(exhibit, by=request.user)
        except MailFailed:
            raise NotSent from None
        return Response(status=204)


def _told(row: Verification) -> Response:
    return Response(VerificationSerializer(row).data,
                    status=202 if row.state == Verification.State.PENDING else 200)
