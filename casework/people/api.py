"""Calls about people, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.calls import Nothing, read
from casework.doors import fetch
from casework.people import services
from casework.people.links import link_to
from casework.people.models import User
from casework.people.tokens import FreshlySignedIn, SignedIn


class PersonSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "email", "display_name", "language", "is_active", "is_administrator"]
        read_only_fields = fields


class LinkSerializer(serializers.Serializer[Any]):
    link = serializers.URLField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True, help_text="until when it works, once")


class InvitationSerializer(serializers.Serializer[Any]):
    """Who to invite; the answer holds the link, once."""

    email = serializers.EmailField(max_length=254)
    display_name = serializers.CharField(max_length=120)
    link = serializers.URLField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True, help_text="until when it works, once")


class Me(RetrieveAPIView[User]):
    """The person whose token or session this is."""

    serializer_class = PersonSerializer

    def get_object(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user


class People(ListAPIView[User]):
    """Everybody, for administrators."""

    permission_classes = [SignedIn, FreshlySignedIn]
    serializer_class = PersonSerializer
    queryset = User.objects.none()

    def get_queryset(self) -> Any:
        return User.objects.visible_to(self.request.user).order_by("pk")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        services.require_administrator(_me(request))
        return super().list(request, *args, **kwargs)

    @extend_schema(request=InvitationSerializer, responses={201: InvitationSerializer})
    def post(self, request: Request) -> Response:
        """Invite a person. The link is in this answer and nowhere else."""
        services.require_administrator(_me(request))
        asked = read(InvitationSerializer, request)
        _, token = services.invite(**asked, by=_me(request))
        return Response({**asked, **_link(token)}, status=status.HTTP_201_CREATED)


class Enable(GenericAPIView[User]):
    """Let a disabled person in again."""

    permission_classes = [SignedIn, FreshlySignedIn]
    serializer_class = PersonSerializer
    queryset = User.objects.none()

    @extend_schema(request=None)
    def post(self, request: Request, pk: int) -> Response:
        services.require_administrator(_me(request))
        person = fetch(User.objects, request.user, pk=pk)
        read(Nothing, request)
        return Response(PersonSerializer(services.enable(person, by=_me(request))).data)


class Reset(GenericAPIView[User]):
    """A link on which the person sets a new password. It is in this answer and nowhere else."""

    permission_classes = [SignedIn, FreshlySignedIn]
    serializer_class = LinkSerializer
    queryset = User.objects.none()

    @extend_schema(request=None)
    def post(self, request: Request, pk: int) -> Response:
        services.require_administrator(_me(request))
        person = fetch(User.objects, request.user, pk=pk)
        read(Nothing, request)
        return Response(_link(services.reset(person, by=_me(request))))


def _link(token: str) -> dict[str, Any]:
    return {"link": link_to(token), "expires_at": services.ends_at(token)}


def _me(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user
