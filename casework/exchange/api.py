"""The call that takes a table of the case out, or the case as STIX, over the same service as the page."""

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import read
from casework.cases.models import Case
from casework.doors import fetch
from casework.exchange import compose, services
from casework.exchange.handing import handed
from casework.exports.serializers import TakeOutIn
from casework.people.tokens import FreshlySignedIn, SignedIn


class TakeIn(TakeOutIn):
    what = serializers.ChoiceField(choices=[*compose.KINDS, services.STIX], help_text="a table as CSV, or STIX 2.1")


class Take(APIView):
    """Take a table of the case, or the case as STIX 2.1, with a purpose. Recorded before the first byte leaves."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = "export"

    @extend_schema(request=TakeIn, responses={(200, "text/csv"): OpenApiTypes.BINARY,
                                              (200, "application/stix+json"): OpenApiTypes.OBJECT})
    def post(self, request: Request, ref: str) -> HttpResponseBase:
        case = fetch(Case.objects, request.user, Action.EXHIBIT_DOWNLOAD, ref=ref)
        said = read(TakeIn, request)
        return handed(services.take(case, said["what"], purpose=said["purpose"], by=request.user))
