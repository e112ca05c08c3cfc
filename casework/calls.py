"""HALL: what calls of the API have in common: what was sent, a label in the address, one step of a thing's life."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer


def label(example: str) -> OpenApiParameter:
    """The parameter of an address of casework.addresses: it has the label, and hands the number on."""
    return OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description=f"the label: {example}")


def read(shape: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """What the caller sent, in the shape of `shape`, or its ValidationError."""
    sent = shape(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


class Step(GenericAPIView[Any]):
    """A call that takes one step: `act` is the service, `asked` the shape of what it takes beside the thing itself.

    The room says in `get_object` how the thing is found by those who may take the step, and in `answer` what is told
    of it afterwards, in the shape of `serializer_class`."""

    serializer_class: type[BaseSerializer[Any]]
    act: ClassVar[Callable[..., Any]]
    asked: ClassVar[type[Serializer[Any]] | None] = None
    answers: ClassVar[int] = 200

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if hasattr(cls, "act"):
            shape = extend_schema(request=cls.asked, responses={cls.answers: cls.serializer_class})
            extend_schema_view(post=shape)(cls)

    def post(self, request: Request, **_where: Any) -> Response:
        found = self.get_object()
        sent = read(self.asked, request) if self.asked else {}
        return Response(self.answer(self.act(found, **sent, by=request.user)), status=self.answers)

    def answer(self, done: Any) -> Any:
        return self.serializer_class(done).data
