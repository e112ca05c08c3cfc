"""Calls about captured pages: their files lodged together as one exhibit, and each of them taken out."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import shaped
from casework.exhibits import once, parts, reading, receipts, uploads
from casework.exhibits.api import KEY, LABEL, Original, Refused, TakingFiles, given_key
from casework.exhibits.refusals import REFUSALS
from casework.exhibits.serializers import CaptureLodgedSerializer, LodgeCaptureSerializer, ReceiptSerializer

POSITION = OpenApiParameter("position", OpenApiTypes.INT, OpenApiParameter.PATH, description="of the part, from 1")


class Captures(TakingFiles):
    """Captured pages: several files, one exhibit."""

    @extend_schema(request={"multipart/form-data": LodgeCaptureSerializer}, parameters=[KEY],
                   responses={201: CaptureLodgedSerializer, 200: CaptureLodgedSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Lodge the files of one captured page together, up to 200. 201 with the receipt of every part; when one is
        refused nothing of it was lodged. The exhibit says what is missing of the minimum for a court."""
        case, key = self.may_lodge(request._request, request.user, ref), given_key(request)
        asked = shaped(LodgeCaptureSerializer, request)
        given = asked.validated_data
        arrivals = [uploads.arrival(file, provenance=asked.provenance(), acquisition=given["acquisition"],
                                    declared_sha256=sha256)
                    for file, sha256 in zip(given["file"], given["sha256"], strict=True)]
        try:
            lodged, before = once.lodge_capture(case, arrivals, given["role"], key=key, title=given["title"],
                                                by=request.user)
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(CaptureLodgedSerializer(lodged).data,
                        status=status.HTTP_200_OK if before else status.HTTP_201_CREATED)


@extend_schema(parameters=[LABEL, POSITION])
class PartOriginal(Original):
    """The bytes of one part as they were lodged."""


@extend_schema(parameters=[LABEL, POSITION])
class PartReceipt(APIView):
    """Proof that the log holds the accession of one part."""

    @extend_schema(responses=ReceiptSerializer)
    def get(self, request: Request, ref: str, number: int, position: int) -> Response:
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
        found = receipts.hand_out(exhibit, by=request.user, part=parts.one(exhibit, position))
        return Response(ReceiptSerializer(found).data)
