"""Calls about exhibits, over the same services as the pages."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import MADE_FROM, VERSION, Step, label, made_from, read, shaped, versioned
from casework.cases.models import Case
from casework.doors import fetch
from casework.exhibits import delivery, gate, listing, once, parts, reading, receipts, services, uploads
from casework.exhibits.detail_serializers import ExhibitDetailSerializer
from casework.exhibits.models import Exhibit
from casework.exhibits.refusals import REFUSALS, TOO_BIG, refusal
from casework.exhibits.serializers import (
    EditSerializer,
    ExhibitSerializer,
    LodgedSerializer,
    LodgeManySerializer,
    LodgeSerializer,
    OutcomesSerializer,
    PageSerializer,
    ReceiptSerializer,
    WithdrawSerializer,
)
from casework.people.models import ApiToken

LABEL = label("E-007")
QUESTIONS = [OpenApiParameter("q", description="text, label, or the beginning of a SHA-256"),
             OpenApiParameter("platform"), OpenApiParameter("type", enum=[*listing.KINDS, listing.OTHER]),
             OpenApiParameter("before", OpenApiTypes.INT, description="the last page's next_before")]
CONFIRM = OpenApiParameter("Confirm-Download", location=OpenApiParameter.HEADER, enum=gate.CONFIRM, description=(
    "Says that you want a file with the label `executable`, which is a program; without it that is 423 `executable`. "
    "While a file was not looked through yet, nobody knows whether it is one: that is 423 `not_looked_at` without the "
    "one word or the other."))
KEY = OpenApiParameter("Idempotency-Key", location=OpenApiParameter.HEADER, description=(
    "1 to 200 printable ASCII characters of your own choice, another one for each file. Asked again with the same key "
    "and the same bytes, the answer is 200 with the first receipt, and nothing is lodged a second time."))


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


class TakingFiles(APIView):
    """Calls whose body goes straight into the store."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks and whether they may comes before the body: a session's token check would read it all."""
        plain = request._request
        if request.method == "POST":
            plain.upload_handlers = [uploads.IntoStore(plain)]
            if uploads.too_big(plain):
                raise TooBig
            if not request.headers.get("Authorization", "").startswith("Bearer ") and plain.user.is_authenticated:
                self.may_lodge(plain, plain.user, kwargs["ref"])
        super().initial(request, *args, **kwargs)

    def may_lodge(self, plain: HttpRequest, person: Any, ref: str) -> Case:
        case: Case = fetch(Case.objects, person, Action.EXHIBIT_LODGE, ref=ref)
        if uploads.too_big(plain):
            raise TooBig
        return case


class Exhibits(TakingFiles):
    """The exhibits of a case."""

    @extend_schema(operation_id="cases_exhibits_list", parameters=QUESTIONS, responses=PageSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Newest first; recorded with the question and what it showed."""
        case = fetch(Case.objects, request.user, Action.EXHIBIT_READ, ref=ref)
        shown = reading.listed(case, listing.Query.read(request.query_params), by=request.user)
        return Response(PageSerializer(shown).data)

    @extend_schema(request={"multipart/form-data": LodgeSerializer}, parameters=[KEY],
                   responses={201: LodgedSerializer, 200: LodgedSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Lodge one file. 201 with the receipt, also when the case held the bytes already: then as a sighting."""
        case = self.may_lodge(request._request, request.user, ref)
        key = given_key(request)
        asked = shaped(LodgeSerializer, request)
        given = asked.validated_data
        try:
            arrival = uploads.arrival(given["file"], provenance=asked.provenance(), acquisition=given["acquisition"],
                                      declared_sha256=given["sha256"])
            lodged, before = once.lodge(case, arrival, key=key, title=given["title"], by=request.user)
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(LodgedSerializer(lodged).data, status=status.HTTP_200_OK if before else status.HTTP_201_CREATED)


class ExhibitBatch(TakingFiles):
    """Many files in one request: each is an exhibit of its own, with its own receipt."""

    @extend_schema(request={"multipart/form-data": LodgeManySerializer}, parameters=[KEY],
                   responses={201: OutcomesSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Lodge up to 200 files. 201 with one result for each, in their order; a file that is refused takes nothing
        from the others. When all are, the first one's status."""
        case, key = self.may_lodge(request._request, request.user, ref), given_key(request)
        asked = shaped(LodgeManySerializer, request)
        given = asked.validated_data
        arrivals = [uploads.arrival(file, provenance=asked.provenance(), acquisition=given["acquisition"],
                                    declared_sha256=sha256)
                    for file, sha256 in zip(given["file"], given["sha256"], strict=True)]
        try:
            keys = [key and f"{key}/{place}" for place in range(len(arrivals))]
            found = once.lodge_all(case, arrivals, keys=keys, title=given["title"], by=request.user)
        except REFUSALS as error:
            raise Refused(error) from error
        results = [_result(arrival.name, one, before)
                   for arrival, (one, before) in zip(arrivals, found, strict=True)]
        lodged = any(one["lodged"] for one in results)
        return Response(OutcomesSerializer({"results": results}).data,
                        status=status.HTTP_201_CREATED if lodged else results[0]["status"])


def given_key(request: Request) -> str:
    """The caller's Idempotency-Key, or nothing. Raises ValidationError for one that is none."""
    key = request.headers.get("Idempotency-Key", "")
    if key and not once.is_key(key):
        raise ValidationError({"Idempotency-Key": [f"1 to {once.LONGEST_KEY} printable ASCII characters, no space."]})
    return key


def _result(name: str, found: services.Lodged | Exception, before: bool) -> dict[str, Any]:
    if isinstance(found, services.Lodged):
        code = status.HTTP_200_OK if before else status.HTTP_201_CREATED
        return {"name": name, "status": code, "lodged": found, "code": "", "detail": ""}
    why = refusal(found)
    return {"name": name, "status": why.status, "lodged": None, "code": why.code, "detail": str(why.message)}


@extend_schema(parameters=[LABEL])
class OneExhibit(APIView):
    """One exhibit: what it is, how it came, what people say about it."""

    @extend_schema(responses=ExhibitDetailSerializer, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
        reading.view(exhibit, by=request.user, what="data")
        return versioned(ExhibitDetailSerializer(exhibit).data, services.edition(exhibit))

    @extend_schema(request=EditSerializer, responses=ExhibitSerializer, parameters=[MADE_FROM, VERSION])
    def patch(self, request: Request, ref: str, number: int) -> Response:
        """Change title, note or marking. What it is and how it came cannot be changed."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_EDIT)
        edited = services.edit(exhibit, **read(EditSerializer, request), made_from=made_from(request), by=request.user)
        # The answer holds all that reading it would give, and is recorded as that.
        reading.view(edited, by=request.user, what="data")
        return versioned(ExhibitSerializer(edited).data, services.edition(edited))


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

    @extend_schema(parameters=[CONFIRM], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str, number: int, position: int = 0) -> HttpResponseBase:
        """Recorded as an export before the first byte leaves; verified on the way."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_DOWNLOAD)
        part = parts.one(exhibit, position) if position else None
        confirmed = request.headers.get(CONFIRM.name, "")
        try:
            return delivery.download(exhibit, reading.download(exhibit, by=request.user, part=part,
                                                               confirmed=confirmed), part)
        except REFUSALS as error:
            raise Refused(error) from error


@extend_schema(parameters=[LABEL])
class Receipt(APIView):
    """Proof that the log holds the accession."""

    @extend_schema(responses=ReceiptSerializer)
    def get(self, request: Request, ref: str, number: int) -> Response:
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
        return Response(ReceiptSerializer(receipts.hand_out(exhibit, by=request.user)).data)
