"""The calls that hand out sealed documents and their bags."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from casework import calls
from casework.people.models import ApiToken
from casework.people.tokens import FreshlySignedIn, SignedIn
from reports.dossiers.api import LABEL
from reports.releases import services
from reports.releases.handing import document, package, packed, sealed


class PurposeIn(serializers.Serializer[Any]):
    purpose = serializers.CharField(max_length=services.PURPOSE_LENGTH)


@extend_schema(parameters=[LABEL])
class Download(APIView):
    """Take the sealed PDF, with a purpose. Recorded before the first byte leaves."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = ApiToken.Scope.EXPORT

    @extend_schema(request=PurposeIn, responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def post(self, request: Request, ref: str, number: int) -> Any:
        found = sealed(request.user, ref, number)
        return document(found, services.download(found, **calls.read(PurposeIn, request), by=request.user))


@extend_schema(parameters=[LABEL])
class DownloadBag(APIView):
    """Take the bag of a dossier, with a purpose. Recorded before the first byte leaves."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = ApiToken.Scope.EXPORT

    @extend_schema(request=PurposeIn, responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def post(self, request: Request, ref: str, number: int, bag: UUID) -> Any:
        found = packed(request.user, ref, number, bag)
        return package(found, services.download_bag(found, **calls.read(PurposeIn, request), by=request.user))
