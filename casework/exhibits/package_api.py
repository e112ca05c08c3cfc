"""Calls about packages that others made, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import Nothing, read
from casework.exhibits import packages, reading
from casework.exhibits.api import LABEL, Refused
from casework.exhibits.refusals import REFUSALS
from evidence.packages.answers import CODES
from evidence.packages.models import Package, PackageFile

MOST_FILES = 10_000


class PackageProblemSerializer(serializers.Serializer[Any]):
    """What is wrong: with which file, what was declared, what was found."""

    code = serializers.ChoiceField(choices=[(code, code) for code in CODES])
    path = serializers.CharField()
    declared = serializers.CharField()
    found = serializers.CharField()


class PackageSerializer(serializers.ModelSerializer[Package]):
    """What came of the check. `claims` is what the sender's bag-info.txt says: label and value, proven by nobody."""

    problems = PackageProblemSerializer(many=True, help_text="the first 500; all are counted")
    algorithms = serializers.ListField(child=serializers.CharField(), help_text="md5 and sha1 are weak")
    ignored = serializers.ListField(child=serializers.CharField(), help_text="manifests of unknown algorithms")
    claims = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))

    class Meta:
        model = Package
        fields = ["state", "asked_at", "checked_at", "reason", "version", "folder", "algorithms", "ignored", "claims",
                  "problems", "problem_count", "file_count", "byte_count"]
        read_only_fields = fields


class CheckedSerializer(serializers.Serializer[Any]):
    """`package` is null where nobody had it checked."""

    package = PackageSerializer(allow_null=True)


class PackageFileSerializer(serializers.ModelSerializer[PackageFile]):
    """One file: `declared` is the sender's, `sha256` ours. `state` says how far its lodging is, `exhibit` its label."""

    declared = serializers.DictField(child=serializers.CharField(), help_text="algorithm: digest")
    state = serializers.CharField(source="unpacking.state", default=None, allow_null=True)
    exhibit = serializers.CharField(source="unpacking.became.label", default=None, allow_null=True)
    problem = serializers.CharField(source="unpacking.problem", default="")

    class Meta:
        model = PackageFile
        fields = ["position", "path", "size", "sha256", "declared", "fits", "state", "exhibit", "problem"]
        read_only_fields = fields


class LodgeFilesSerializer(serializers.Serializer[Any]):
    """Which files, by their `position`; all of them where it is left out."""

    files = serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=2**31 - 1), required=False,
                                  allow_empty=False, max_length=MOST_FILES)


class WaitingSerializer(serializers.Serializer[Any]):
    waiting = serializers.IntegerField(help_text="files that wait to be lodged because of this call")


@extend_schema(parameters=[LABEL])
class OnePackage(APIView):
    """An exhibit as a package (BagIt)."""

    @extend_schema(responses=CheckedSerializer)
    def get(self, request: Request, ref: str, number: int) -> Response:
        """What came of the check. Recorded as a look at the exhibit."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_READ)
        reading.view(exhibit, by=request.user, what="package")
        return Response(CheckedSerializer({"package": packages.of(exhibit)}).data)

    @extend_schema(request=None, responses={202: CheckedSerializer, 200: CheckedSerializer})
    def post(self, request: Request, ref: str, number: int) -> Response:
        """Have it checked: 202, ask again for what came of it; 200 where it was checked before."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_LODGE)
        read(Nothing, request)
        try:
            package = packages.ask(exhibit, by=request.user)
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(CheckedSerializer({"package": package}).data,
                        status=status.HTTP_200_OK if package.checked_at else status.HTTP_202_ACCEPTED)


@extend_schema(parameters=[LABEL])
class Files(ListAPIView[PackageFile]):
    """The files of a package, with the sender's hashes beside ours."""

    serializer_class = PackageFileSerializer
    queryset = PackageFile.objects.none()

    def get_queryset(self) -> Any:
        exhibit = reading.exhibit_of(self.request.user, **self.kwargs, action=Action.EXHIBIT_READ)
        reading.view(exhibit, by=self.request.user, what="package")
        package = packages.of(exhibit)
        return packages.files(package) if package else PackageFile.objects.none()


@extend_schema(parameters=[LABEL])
class LodgeFiles(APIView):
    """Lodge files of a valid package as exhibits of the case."""

    @extend_schema(request=LodgeFilesSerializer, responses={202: WaitingSerializer})
    def post(self, request: Request, ref: str, number: int) -> Response:
        """A worker lodges them; `files/` says how far it is. What was lodged before is not lodged again."""
        exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_LODGE)
        given = read(LodgeFilesSerializer, request)
        try:
            count = packages.lodge(exhibit, positions=given.get("files"), by=request.user)
        except REFUSALS as error:
            raise Refused(error) from error
        return Response({"waiting": count}, status=status.HTTP_202_ACCEPTED)
