"""Calls about the packages of a dossier."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import require
from casework.calls import Nothing, read
from casework.doors import fetch
from casework.people.models import ApiToken
from reports.bags import services
from reports.bags.models import Bag
from reports.dossiers.api import LABEL
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_DOWNLOAD


class BagOut(serializers.ModelSerializer[Bag]):
    """`withheld`: originals that are not in it because malware was found in them. `sha256` and `size` once it is
    packed; `log_size` is that of the checkpoint that everything is proven against."""

    asked_by = serializers.CharField(read_only=True)
    sha256 = serializers.CharField(source="item.blob_id", read_only=True, allow_null=True, default=None)
    size = serializers.IntegerField(source="item.blob.size", read_only=True, allow_null=True, default=None)

    withheld = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Bag
        fields = ["id", "state", "asked_by", "asked_at", "problem", "log_size", "made_at", "withheld", "sha256", "size"]
        read_only_fields = fields


@extend_schema(parameters=[LABEL])
class Bags(APIView):
    """The packages of a dossier: exhibits, proofs and verifiers in one BagIt bag."""

    scope = ApiToken.Scope.EXPORT

    @extend_schema(operation_id="cases_dossiers_bags_list", responses=BagOut(many=True))
    def get(self, request: Request, ref: str, number: int) -> Response:
        found = self._dossier(request, ref, number)
        rows = Bag.objects.visible_to(request.user).filter(dossier=found).select_related("asked_by", "item__blob")
        return Response(BagOut(rows, many=True).data)

    @extend_schema(request=None, responses={202: BagOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        """Ask for one. It is packed by a worker once a signed checkpoint covers the sealing."""
        found = self._dossier(request, ref, number)
        read(Nothing, request)
        return Response(BagOut(services.ask(found, by=request.user)).data, status=status.HTTP_202_ACCEPTED)

    def _dossier(self, request: Request, ref: str, number: int) -> Any:
        found = fetch(Dossier.objects.select_related("case"), request.user, case__ref=ref, number=number)
        require(request.user, KIND_DOWNLOAD[found.kind], found.case)
        return found
