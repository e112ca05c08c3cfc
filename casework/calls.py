"""HALL: what calls of the API have in common: what was sent, a label in the address, one step of a thing's life."""

from collections.abc import Callable, Collection, Mapping
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer

from casework.editions import Edition

Shape = TypeVar("Shape", bound=Serializer[Any])
MOST_NAMED = 20


def label(example: str) -> OpenApiParameter:
    """The parameter of an address of casework.addresses: it has the label, and hands the number on."""
    return OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description=f"the label: {example}")


VERSION = OpenApiParameter("ETag", location=OpenApiParameter.HEADER, response=[200, 201],
                           description="the version of what can be edited here")
MADE_FROM = OpenApiParameter("If-Match", location=OpenApiParameter.HEADER, description=(
    "the ETag of what was read: 412 where another version stands by now. Without it the later of two edits stands"))


def made_from(request: Request) -> Collection[str] | None:
    """The versions that the caller's If-Match names; None where there is none, or where any will do."""
    said = request.headers.get("If-Match")
    tags = None if said is None else parse_etags(said)
    return None if tags is None or "*" in tags else [tag[1:-1] for tag in tags if tag.startswith('"')]


def versioned(told: Any, edition: Edition, status: int = 200) -> Response:
    """An answer with the version of what it tells."""
    return Response(told, status, headers={"ETag": f'"{edition.version}"'})


class Nothing(Serializer[Any]):
    """The shape of a call that takes nothing beside its address."""


def shaped(shape: type[Shape], request: Request) -> Shape:
    """What the caller sent, in the shape of `shape`, or its ValidationError."""
    return checked(shape(data=request.data))


def checked(sent: Shape) -> Shape:
    """`sent`, whose values are understood. The ValidationError otherwise also names what the shape does not take: what
    somebody meant by such a field would be lost without a word."""
    strays = _strays(sent, sent.initial_data)
    if sent.is_valid() and not strays:
        return sent
    raise ValidationError({**sent.errors, **strays})


def read(shape: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """As `shaped`: the values alone."""
    return dict(shaped(shape, request).validated_data)


def _strays(shape: Serializer[Any], sent: Any) -> dict[str, list[str]]:
    """The first of the names that are no field, or one that nobody sets."""
    if not isinstance(sent, Mapping):
        return {}
    strays = (name for name in sent if name not in shape.fields or shape.fields[name].read_only)
    return {str(name)[:80]: [_("This cannot be set.") if name in shape.fields else _("There is no such field here.")]
            for name in islice(strays, MOST_NAMED)}


class Within(Serializer[Any]):
    """A shape within what is sent: what it does not take is refused by its name there too."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        if strays := _strays(self, data):
            raise ValidationError(strays)
        return value


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
        sent = read(self.asked or Nothing, request)
        return Response(self.answer(self.act(found, **sent, by=request.user)), status=self.answers)

    def answer(self, done: Any) -> Any:
        return self.serializer_class(done).data
