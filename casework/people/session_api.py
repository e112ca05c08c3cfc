"""Calls about where people are signed in, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.calls import Nothing, read
from casework.doors import fetch
from casework.people import services, sessions
from casework.people.models import SignIn, User
from casework.people.tokens import FreshlySignedIn, SignedIn


class SessionSerializer(serializers.ModelSerializer[SignIn]):
    browser = serializers.CharField(read_only=True)
    this = serializers.SerializerMethodField(help_text="whether this call came with it")

    class Meta:
        model = SignIn
        fields = ["id", "browser", "address", "began_at", "seen_at", "new_device", "this"]
        read_only_fields = fields

    def get_this(self, sign_in: SignIn) -> bool:
        return bool(sign_in.session_id == self.context["request"].session.session_key)


class EndedSerializer(serializers.Serializer[Any]):
    ended = serializers.IntegerField(read_only=True, help_text="how many sessions those were")


class Sessions(ListAPIView[SignIn]):
    """Where the caller is signed in, the last used first."""

    serializer_class = SessionSerializer
    queryset = SignIn.objects.none()

    def get_queryset(self) -> Any:
        return SignIn.objects.visible_to(self.request.user).alive().order_by("-seen_at")


class End(GenericAPIView[SignIn]):
    """End one session of one's own."""

    serializer_class = EndedSerializer
    queryset = SignIn.objects.none()

    @extend_schema(request=None)
    def post(self, request: Request, pk: int) -> Response:
        found = fetch(SignIn.objects, request.user, pk=pk)
        read(Nothing, request)
        sessions.end(found, by=_me(request))
        return Response({"ended": 1})


class EndOthers(GenericAPIView[SignIn]):
    """End all sessions of one's own but that of this call; a call with a token ends all."""

    serializer_class = EndedSerializer
    queryset = SignIn.objects.none()

    @extend_schema(request=None)
    def post(self, request: Request) -> Response:
        read(Nothing, request)
        return Response({"ended": sessions.end_all(_me(request), by=_me(request), but=request.session.session_key)})


class EndAll(GenericAPIView[User]):
    """Sign a person out everywhere. Their password and tokens stay."""

    permission_classes = [SignedIn, FreshlySignedIn]
    serializer_class = EndedSerializer
    queryset = User.objects.none()

    @extend_schema(request=None)
    def post(self, request: Request, pk: int) -> Response:
        services.require_administrator(_me(request))
        person = fetch(User.objects, request.user, pk=pk)
        read(Nothing, request)
        return Response({"ended": services.end_sessions(person, by=_me(request))})


def _me(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user
