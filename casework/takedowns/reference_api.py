"""Calls about platforms, over the same services as the pages: everybody reads, administrators write."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.doors import fetch
from casework.exhibits.platforms import Platform
from casework.people.services import require_administrator
from casework.takedowns import reference_serializers as shapes
from casework.takedowns import references
from casework.takedowns.reference_models import Policy, Reference, Route


class Platforms(APIView):
    """The platforms, with the routes and policies of each as they stand."""

    @extend_schema(responses=shapes.PlatformOut(many=True))
    def get(self, request: Request) -> Response:
        routes, policies = (list(model.objects.visible_to(request.user).standing().select_related("recorded_by"))
                            for model in (Route, Policy))
        rows = [{"platform": value, "name": name, "routes": [row for row in routes if value in row.platforms],
                 "policies": [row for row in policies if value in row.platforms]} for value, name in Platform.choices]
        return Response(shapes.PlatformOut(rows, many=True).data)


class _Rows(ListAPIView[Any]):
    model: ClassVar[type[Reference]]
    takes: ClassVar[Any]
    tells: ClassVar[Any]

    def get_queryset(self) -> Any:
        return self.model.objects.visible_to(self.request.user).newest().select_related("recorded_by")

    def written(self, request: Request) -> Response:
        person = _administrator(request)
        made = references.add(self.model, **_read(self.takes, request), by=person)
        return versioned(self.tells(_whole(made)).data, references.edition(made), status.HTTP_201_CREATED)


class Routes(_Rows):
    """The ways to report to platforms, those out of use marked."""

    serializer_class = shapes.RouteOut
    queryset = Route.objects.none()
    model, takes, tells = Route, shapes.RouteIn, shapes.RouteDetail

    @extend_schema(request=shapes.RouteIn, responses={201: shapes.RouteDetail}, parameters=[VERSION])
    def post(self, request: Request) -> Response:
        """Write one down: administrators alone."""
        return self.written(request)


class Policies(_Rows):
    """The policies of platforms, those out of use marked."""

    serializer_class = shapes.PolicyOut
    queryset = Policy.objects.none()
    model, takes, tells = Policy, shapes.PolicyIn, shapes.PolicyDetail

    @extend_schema(request=shapes.PolicyIn, responses={201: shapes.PolicyDetail}, parameters=[VERSION])
    def post(self, request: Request) -> Response:
        """Write one down: administrators alone."""
        return self.written(request)


class _One(GenericAPIView[Any]):
    model: ClassVar[type[Reference]]
    takes: ClassVar[Any]

    def told(self, row: Reference) -> Response:
        return versioned(self.get_serializer_class()(_whole(row)).data, references.edition(row))

    def changed(self, request: Request, slug: str) -> Response:
        person = _administrator(request)
        row = fetch(self.model.objects.newest(), person, key=slug)
        return self.told(references.change(row, **_read(self.takes, request), made_from=made_from(request), by=person))


class OneRoute(_One):
    serializer_class = shapes.RouteDetail
    queryset = Route.objects.none()
    model, takes = Route, shapes.RouteChangeIn

    @extend_schema(responses=shapes.RouteDetail, parameters=[VERSION])
    def get(self, request: Request, slug: str) -> Response:
        """A route as it stands, with every wording before it."""
        return self.told(fetch(Route.objects.newest().select_related("recorded_by"), request.user, key=slug))

    @extend_schema(request=shapes.RouteChangeIn, responses=shapes.RouteDetail, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, slug: str) -> Response:
        """Put a new wording in its place, which is in use: administrators alone."""
        return self.changed(request, slug)


class OnePolicy(_One):
    serializer_class = shapes.PolicyDetail
    queryset = Policy.objects.none()
    model, takes = Policy, shapes.PolicyChangeIn

    @extend_schema(responses=shapes.PolicyDetail, parameters=[VERSION])
    def get(self, request: Request, slug: str) -> Response:
        """A policy as it stands, with every wording before it."""
        return self.told(fetch(Policy.objects.newest().select_related("recorded_by"), request.user, key=slug))

    @extend_schema(request=shapes.PolicyChangeIn, responses=shapes.PolicyDetail, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, slug: str) -> Response:
        """Put a new wording in its place, which is in use: administrators alone."""
        return self.changed(request, slug)


class _End(Step):
    act, asked = staticmethod(references.end), shapes.EndIn
    model: ClassVar[type[Reference]]
    serializer_class: type[BaseSerializer[Any]] = shapes.RouteOut

    def get_object(self) -> Reference:
        found: Reference = fetch(self.model.objects.newest(), _administrator(self.request), key=self.kwargs["slug"])
        return found


class EndRoute(_End):
    """Take a route out of use, with the reason: administrators alone."""

    act = staticmethod(references.end)
    queryset = Route.objects.none()
    model = Route


class EndPolicy(_End):
    """Take a policy out of use, with the reason: administrators alone."""

    act = staticmethod(references.end)
    queryset = Policy.objects.none()
    model, serializer_class = Policy, shapes.PolicyOut


def _administrator(request: Request) -> Any:
    person: Any = request.user
    require_administrator(person)
    return person


def _read(shape: Any, request: Request) -> dict[str, Any]:
    """What was sent, as the services take it."""
    asked = read(shape, request)
    return asked | {"languages": ", ".join(asked["languages"])} if "languages" in asked else asked


def _whole(row: Any) -> Any:
    """A row with every wording before it."""
    row.earlier = type(row).objects.filter(key=row.key, edition__lt=row.edition).select_related("recorded_by")
    return row
