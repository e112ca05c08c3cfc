"""The call that shuts a person out."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.calls import read
from casework.cases import leaving
from casework.doors import fetch
from casework.people import services as people
from casework.people.api import PersonSerializer
from casework.people.models import User
from casework.people.tokens import FreshlySignedIn, SignedIn


class LeadsSerializer(serializers.Serializer[Any]):
    """Case ref → the address of who leads it from now on, for each case that only this person leads."""

    leads = serializers.DictField(child=serializers.EmailField(max_length=254), required=False, default=dict)


class Disable(GenericAPIView[User]):
    """Shut a person out at once. 422 names the cases that need a new lead, and who may be it."""

    permission_classes = [SignedIn, FreshlySignedIn]
    serializer_class = PersonSerializer
    queryset = User.objects.none()

    @extend_schema(request=LeadsSerializer)
    def post(self, request: Request, pk: int) -> Response:
        me = cast(User, request.user)
        people.require_administrator(me)
        person = fetch(User.objects, me, pk=pk)
        named = leaving.people_named(read(LeadsSerializer, request)["leads"])
        return Response(PersonSerializer(leaving.shut_out(person, leads=named, by=me)).data)
