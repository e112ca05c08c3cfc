"""Calls about exhibits, over the same services as the pages."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import Step, label, read
from casework.cases.models import Case
from casework.doors import fetch
from casework.exhibits import delivery, listing, reading, receipts, services, uploads
from casework.exhibits.models import Exhibit
from casework.exhibits.refusals import REFUSALS, TOO_BIG, refusal
from casework.exhibits.serializers import (
    EditSerializer,
    EntrySerializer,
    ExhibitDetailSerializer,
    ExhibitSerializer,
    LodgedSerializer,
    LodgeSerializer,
    PageSerializer,
    ReceiptSerializer,
    WithdrawSerializer,
)
from casework.people.models import ApiToken

LABEL = label("E-007")
QUESTIONS = [OpenApiParameter("q", description="text, label, or the beginning of a SHA-256"),
             OpenApiParameter("platform"), OpenApiParameter("type", enum=[*listing.KINDS, listing.OTHER]),
             OpenApiParameter("before", OpenApiTypes.INT, description="the last page's next_before")]
BEFORE = OpenApiParameter("before", OpenApiTypes.UUID, description="event_id of the last entry of the page before")


class TooBig(APIException):
    status_code = TOO_BIG.status
    default_code = TOO_BIG.code
    default_detail = TOO_BIG.message


class Refused(APIException):
    """A refusal of the store or the log, with its own status and code."""

    def __init__(self, error: Exception):
        why = refusal(error)
        self.status_code, self.default_code = why.status, why.code
        super().__init__(why.message, why.code)


class Exhibits(APIView):
    """The exhibits of a case."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks and whether they may comes before the body: a session's token check would read it all."""
        plain = request._request
        if request.method == "POST":
            plain.upload_handlers = [uploads.IntoStore(plain)]
            if uploads.too_big(plain):
                raise TooBig
            if not request.headers.get("Authorization", "").startswith("Bearer ") and plain.user.is_authenticated:
                self._may_lodge(plain, plain.user, kwargs["ref"])
        super().initial(request, *args, **kwargs)

    def _may_lodge(self, plain: HttpRequest, person: Any, ref: str) -> Case:
        case: Case = fetch(Case.objects, person, Action.EXHIBIT_LODGE, ref=ref)
        if uploads.too_big(plain):
            raise TooBig
        return case

    @extend_schema(operation_id="cases_exhibits_list", parameters=QUESTIONS, responses=PageSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Newest first; recorded with the question and what it showed."""
        case = fetch(Case.objects, request.user, Action.EXHIBIT_READ, ref=ref)
        shown = reading.listed(case, listing.Query.read(request.query_params), by=request.user)
        return Response(PageSerializer(shown).data)

    @extend_schema(request={"multipart/form-data": LodgeSerializer}, responses={201: LodgedSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Lodge one file. 201 with the receipt, also when the case held the bytes already: then as a sighting."""
        case = self._may_lodge(request._request, request.user, ref)
        asked = LodgeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        file = given["file"]
        try:
            lodged = services.lodge(
                case, incoming=file.incoming, name=file.name, name_bytes=file.name_bytes,
                claimed_type=file.content_type, acquisition=given["acquisition"], declared_sha256=given["sha256"],
                provenance=asked.provenance(), title=given["title"], by=request.user)
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(LodgedSerializer(lodged).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[LABEL])
class OneExhibit(APIView):
    """One exhibit: what it is, how it came, what people say about it."""

    @extend_schema(responses=ExhibitDetailSerializer)
    def get(self, request: Request, ref: str, number: int) -> Response:
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
        reading.view(exhibit, by=request.user, what="data")
        return Response(ExhibitDetailSerializer(exhibit).data)

    @extend_schema(request=EditSerializer, responses=ExhibitSerializer)
    def patch(self, request: Request, ref: str, number: int) -> Response:
        """Change title, note or marking. What it is and how it came cannot be changed."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_EDIT)
        kept: dict[str, Any] = {"title": exhibit.title, "note": exhibit.note, "sensitive": exhibit.sensitive}
        edited = services.edit(exhibit, **kept | read(EditSerializer, request), by=request.user)
        # The answer holds all that reading it would give, and is recorded as that.
        reading.view(edited, by=request.user, what="data")
        return Response(ExhibitSerializer(edited).data)


@extend_schema(parameters=[LABEL])
class Withdraw(Step):
    """Take an exhibit out of use; its number, bytes and history stay."""

    act, asked = staticmethod(services.withdraw), WithdrawSerializer
    serializer_class = ExhibitSerializer
    queryset = Exhibit.objects.none()

    def get_object(self) -> Exhibit:
        return reading.exhibit_of(self.request.user, **self.kwargs, action=Action.EXHIBIT_EDIT)


@extend_schema(parameters=[LABEL])
class Original(APIView):
    """The bytes as they were lodged."""

    scope = ApiToken.Scope.EXPORT

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str, number: int) -> HttpResponseBase:
        """Recorded as an export before the first byte leaves; verified on the way."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_DOWNLOAD)
        try:
            return delivery.download(exhibit, reading.download(exhibit, by=request.user))
        except REFUSALS as error:
            raise Refused(error) from error


@extend_schema(parameters=[LABEL])
class Receipt(APIView):
    """Proof that the log holds the accession."""

    @extend_schema(responses=ReceiptSerializer)
    def get(self, request: Request, ref: str, number: int) -> Response:
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
        reading.view(exhibit, by=request.user, what="receipt")
        return Response(ReceiptSerializer(receipts.receipt(exhibit)).data)


@extend_schema(parameters=[LABEL])
class ExhibitCustody(APIView):
    """What happened to one exhibit, newest first (at most 200 events)."""

    @extend_schema(responses=EntrySerializer(many=True))
    def get(self, request: Request, ref: str, number: int) -> Response:
        exhibit = reading.exhibit_of(request.user, ref, number, Action.CUSTODY_READ)
        return Response(EntrySerializer(receipts.custody(exhibit), many=True).data)


class CaseCustody(APIView):
    """What was recorded in the case, newest first (at most 100 events; go on with `before`)."""

    @extend_schema(parameters=[BEFORE], responses=EntrySerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.CUSTODY_READ, ref=ref)
        found = receipts.case_custody(case, request.query_params.get("before", ""))
        return Response(EntrySerializer(found, many=True).data)
