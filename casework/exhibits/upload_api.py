"""Uploads in pieces over tus 1.0 (https://tus.io): the headers of the protocol over casework.exhibits.pieces.

The protocol ends where all bytes are stored; a call of our own then lodges them. Not taken from it: lengths that are
told later, concatenation, and methods in the place of others."""

import base64
import binascii
import re
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import shaped
from casework.cases.models import Case
from casework.described import PROBLEM
from casework.doors import fetch
from casework.exhibits import metadata, pieces
from casework.exhibits.api import Refused
from casework.exhibits.models import Upload
from casework.exhibits.refusals import REFUSALS
from casework.exhibits.serializers import SHA256, LodgedSerializer, LodgingSerializer
from casework.people import sessions, tokens

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
PIECE = "application/offset+octet-stream"
# A sender who says nothing for so long has gone, and another request may go on. casework.serving cuts sooner; this
# holds under any worker of gunicorn.
SILENT_SECONDS = 60
RESUMABLE = OpenApiParameter("Tus-Resumable", location=OpenApiParameter.HEADER, required=True, enum=[VERSION])
_NUMBER = re.compile(r"[0-9]{1,15}")


def _problem(said: str) -> Any:
    return OpenApiResponse(PROBLEM, said)


_PROBLEM = "application/problem+json"
BUSY = (423, _PROBLEM)
TUS_REFUSALS = {(412, _PROBLEM): _problem("No `Tus-Resumable: 1.0.0`; `Tus-Version` says what is spoken."),
                BUSY: _problem("Another request works on this upload."),
                (460, _PROBLEM): _problem("The piece has another SHA-256 than was declared.")}


class WrongVersion(APIException):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "tus_version"
    default_detail = f"Tus-Resumable has to be {VERSION}."


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """An unfinished upload: of its `size` bytes `offset` are stored. `said` is what its lodging will say."""

    name = serializers.SerializerMethodField()
    said = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Upload
        fields = ["id", "name", "size", "offset", "expires_at", "said"]
        read_only_fields = fields

    def get_name(self, upload: Upload) -> str:
        return metadata.described(upload.metadata)[0]


class LastSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField()
    sha256 = serializers.CharField()


class OneUploadSerializer(UploadSerializer):
    """The same, and the SHA-256 of the last stored bytes from `start` to `offset`, to tell a file by. Null where
    nothing is stored yet, or all of it left for the store."""

    last = serializers.SerializerMethodField()

    class Meta(UploadSerializer.Meta):
        fields = [*UploadSerializer.Meta.fields, "last"]
        read_only_fields = fields

    @extend_schema_field(LastSerializer(allow_null=True))
    def get_last(self, upload: Upload) -> dict[str, Any] | None:
        found = pieces.last_bytes(upload)
        return found and {"start": found[0], "sha256": found[1]}


class FinishSerializer(LodgingSerializer):
    """The whole file's SHA-256 where its sender has it, and its provenance."""

    sha256 = serializers.RegexField(SHA256, required=False, allow_blank=True, default="",
                                    help_text="of the file; another one than arrived is refused with 422")


class Tus(APIView):
    """What every request and answer of the protocol has."""

    found: Upload | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, which case and whether they may comes before everything else."""
        super().initial(request, *args, **kwargs)
        self.case: Case = fetch(Case.objects, request.user, Action.EXHIBIT_LODGE, ref=kwargs["ref"])
        if "upload" in kwargs:
            self.found = fetch(Upload.objects.select_related("case"), request.user, case=self.case, pk=kwargs["upload"])

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        if self.found is not None and request.method != "DELETE":
            response["Upload-Offset"] = str(self.found.offset)
            response["Upload-Length"] = str(self.found.size)
            response["Upload-Expires"] = http_date(self.found.expires_at.timestamp())
        if response.status_code == WrongVersion.status_code:
            response["Tus-Version"] = VERSION
        if response.status_code == status.HTTP_423_LOCKED:
            response["Retry-After"] = "1"
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(status=status.HTTP_204_NO_CONTENT, headers={
            "Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Checksum-Algorithm": "sha256",
            "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES)})

    @property
    def upload(self) -> Upload:
        assert self.found is not None
        return self.found


class Uploads(Tus):
    """One's own unfinished uploads in a case."""

    @extend_schema(operation_id="cases_uploads_list", responses=UploadSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """Those that somebody else began, and those that are over, are absent."""
        mine = Upload.objects.visible_to(request.user).unfinished().filter(case=self.case)
        return Response(UploadSerializer(mine, many=True).data)

    @extend_schema(request=LodgingSerializer, responses={201: UploadSerializer, **TUS_REFUSALS}, parameters=[
        RESUMABLE,
        OpenApiParameter("Upload-Length", OpenApiTypes.INT64, OpenApiParameter.HEADER, required=True),
        OpenApiParameter("Upload-Metadata", location=OpenApiParameter.HEADER, description=(
            "`filename` and `filetype`, each with its value in Base64")),
        OpenApiParameter("Location", location=OpenApiParameter.HEADER, response=[201], description="of the upload")])
    def post(self, request: Request, ref: str) -> Response:
        """Begin (tus: creation). A body may say at once what the lodging will say; clients of tus send none."""
        _agree(request)
        if "Upload-Defer-Length" in request.headers:
            raise ParseError("Upload-Defer-Length is not taken: say Upload-Length.")
        size = _number(request, "Upload-Length")
        asked = shaped(LodgingSerializer, request)
        said = {key: value for key, value in asked.validated_data.items() if value}
        try:
            self.found = pieces.begin(self.case, size=size, said=said, by=request.user,
                                      said_of_it=request.headers.get("Upload-Metadata", ""))
        except metadata.Malformed as error:
            raise ParseError(str(error)) from None
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(UploadSerializer(self.found).data, status=status.HTTP_201_CREATED,
                        headers={"Location": f"{request.path}{self.found.pk}/"})


class OneUpload(Tus):
    """One upload: how far it is, its next piece, its end without a lodging."""

    @extend_schema(responses=OneUploadSerializer)
    def get(self, request: Request, ref: str, upload: Any) -> Response:
        """How far it is. HEAD says so in the headers of tus."""
        return Response(OneUploadSerializer(self.upload).data)

    def head(self, request: Request, ref: str, upload: Any) -> Response:
        _agree(request)
        said = self.upload.metadata
        return Response(headers={"Upload-Metadata": said} if said else {})

    @extend_schema(request={PIECE: OpenApiTypes.BINARY}, responses={204: None, **TUS_REFUSALS}, parameters=[
        RESUMABLE,
        OpenApiParameter("Upload-Offset", OpenApiTypes.INT64, OpenApiParameter.HEADER, required=True),
        OpenApiParameter("Upload-Checksum", location=OpenApiParameter.HEADER,
                         description="`sha256` and the digest in Base64; the piece then counts whole or not at all")])
    def patch(self, request: Request, ref: str, upload: Any) -> Response:
        """The next bytes, from `Upload-Offset` on. What the answer counts is on the disk."""
        _agree(request)
        if request.content_type != PIECE:
            raise UnsupportedMediaType(request.content_type or "")
        plain = request._request
        offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
        if connection := plain.META.get("gunicorn.socket"):
            connection.settimeout(SILENT_SECONDS)
        try:
            pieces.take(self.upload, plain, offset=offset, length=length, sha256=_checksum(request), by=request.user,
                        coming=lambda: sessions.see(getattr(plain, "session", None)),
                        still=lambda: tokens.require_still(request))
        except Upload.DoesNotExist:
            raise Http404 from None
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None, **TUS_REFUSALS}, parameters=[RESUMABLE])
    def delete(self, request: Request, ref: str, upload: Any) -> Response:
        """Give it up (tus: termination). What was lodged of it stays."""
        _agree(request)
        try:
            pieces.give_up(self.upload)
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(status=status.HTTP_204_NO_CONTENT)


class Finish(Tus):
    """The lodging of an upload of which all bytes are stored."""

    @extend_schema(request=FinishSerializer, responses={201: LodgedSerializer, 200: LodgedSerializer,
                                                        BUSY: TUS_REFUSALS[BUSY]})
    def post(self, request: Request, ref: str, upload: Any) -> Response:
        """Lodge it as one file. What was said at the beginning counts where nothing is said now. 201 with the receipt;
        asked again, 200 with the same one."""
        shaped(FinishSerializer, request)
        sent: Any = request.data
        asked = FinishSerializer(data=self.upload.said | dict(sent.items()))
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        try:
            lodged, before = pieces.lodge(
                self.upload, provenance=asked.provenance(), acquisition=given["acquisition"], title=given["title"],
                declared_sha256=given["sha256"], by=request.user)
        except Upload.DoesNotExist:
            raise Http404 from None
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(LodgedSerializer(lodged).data, status=status.HTTP_200_OK if before else status.HTTP_201_CREATED)


def _agree(request: Request) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongVersion


def _number(request: Request, header: str) -> int:
    said = request.headers.get(header, "")
    if not _NUMBER.fullmatch(said):
        raise ParseError(f"{header} has to be a whole number, written in digits.")
    return int(said)


def _checksum(request: Request) -> bytes | None:
    """The digest that the piece should have, where one is declared."""
    said = request.headers.get("Upload-Checksum")
    if said is None:
        return None
    algorithm, _, value = said.partition(" ")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm != "sha256" or len(digest) != 32:
        raise ParseError("Upload-Checksum has to be sha256 and the digest in Base64.")
    return digest
