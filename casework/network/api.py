"""Calls of a case's network, over the same services as the page."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import read
from casework.cases.models import Case
from casework.doors import fetch
from casework.exports.serializers import TakeOutIn
from casework.network import files, services
from casework.network.asking import HANDLES, NUMBERS, Query
from casework.network.kinds import Kind
from casework.network.serializers import NetworkOut
from casework.people.models import ApiToken
from casework.people.tokens import FreshlySignedIn, SignedIn

QUESTIONS = [
    OpenApiParameter("kind", enum=Kind.values, many=True, description="any number of them; all unless said"),
    OpenApiParameter("least", int, description="the smallest count of an edge"),
    OpenApiParameter("around", description="S-001 or C-001: itself and what is joined to it"),
    OpenApiParameter("names", enum=[NUMBERS, HANDLES], description="accounts by number unless said; bystanders always")]


class CaseNetwork(APIView):
    """Who has to do with whom in a case, and by which rule."""

    @extend_schema(parameters=QUESTIONS, responses=NetworkOut)
    def get(self, request: Request, ref: str) -> Response:
        """Everything that was asked for; `x` and `y` say where it stands in the picture."""
        case = fetch(Case.objects, request.user, Action.ACCOUNT_READ, ref=ref)
        return Response(NetworkOut(services.show(case, Query.read(request.query_params), by=request.user)).data)


class NetworkFile(APIView):
    """The network as a file, with a purpose: the picture as SVG, all of it as GraphML, or one of its tables as CSV."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = ApiToken.Scope.EXPORT

    @extend_schema(request=TakeOutIn, parameters=QUESTIONS, responses={(200, kind): OpenApiTypes.BINARY for kind in (
        "image/svg+xml", "application/graphml+xml", "text/csv")})
    def post(self, request: Request, ref: str, kind: str) -> HttpResponse:
        """It counts as taken out, and is recorded with its hash before it leaves."""
        case = fetch(Case.objects, request.user, Action.EXHIBIT_DOWNLOAD, ref=ref)
        data = services.take_out(case, Query.read(request.query_params), kind=kind, **read(TakeOutIn, request),
                                 by=request.user)
        return files.answer(case, kind, data)
