"""Calls about imports, messages and posts, over the same services as the pages."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.accounts import labels
from casework.calls import Step, label, read
from casework.cases.models import Case
from casework.doors import fetch
from casework.exhibits.api import Refused
from casework.exhibits.refusals import REFUSALS
from casework.posts import citing, listing, looking, services
from casework.posts.models import Import, Post
from casework.posts.serializers import (
    ImportIn,
    ImportOut,
    LookIn,
    PostDetail,
    PostPage,
    UnreadPage,
    WithdrawImportIn,
)
from evidence.jail.exports.records import MARKS

LABEL = label("I-001")
AFTER = OpenApiParameter("after", description="the last page's next")
QUESTIONS = [OpenApiParameter("import", description="I-001: in the order of the file; without it in time"),
             OpenApiParameter("kind", enum=Post.Kind.values), OpenApiParameter("sender", description="as written"),
             OpenApiParameter("from", description="a day or a time, UTC where it has no offset"),
             OpenApiParameter("to", description="the same; a day with all of it"),
             OpenApiParameter("q", description="text that it contains"), OpenApiParameter("mark", enum=list(MARKS)),
             OpenApiParameter("attachments", OpenApiTypes.BOOL, description="those that name files"), AFTER]


class Imports(ListAPIView[Import]):
    """The imports of a case."""

    serializer_class = ImportOut
    queryset = Import.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.POST_READ, ref=self.kwargs["ref"])
        return case.imports.select_related("exhibit", "begun_by").order_by("number")

    @extend_schema(request=ImportIn, responses={201: ImportOut})
    def post(self, request: Request, ref: str) -> Response:
        """Have an exhibit read for messages and posts. 422 names the option that has to be said first."""
        case = fetch(Case.objects, request.user, Action.POST_IMPORT, ref=ref)
        asked = read(ImportIn, request)
        asked["exhibit"] = labels.exhibits(case, [asked["exhibit"]])[0]
        try:
            begun = services.begin(**asked, by=request.user)
        except REFUSALS as error:
            raise Refused(error) from error
        return Response(ImportOut(begun).data, status=status.HTTP_201_CREATED)


class Look(GenericAPIView[Import]):
    """What an exhibit may be, and what has to be said of it."""

    serializer_class = LookIn
    queryset = Import.objects.none()

    @extend_schema(request=LookIn, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, ref: str) -> Response:
        """Looked at over the whole file, for a moment: `asked` lists the options that have to be said. Recorded as a
        view of the exhibit."""
        case = fetch(Case.objects, request.user, Action.POST_IMPORT, ref=ref)
        asked = read(LookIn, request)
        exhibit = labels.exhibits(case, [asked.pop("exhibit")])[0]
        try:
            return Response(looking.look(exhibit, **asked, by=request.user))
        except REFUSALS as error:
            raise Refused(error) from error


@extend_schema(parameters=[LABEL])
class OneImport(GenericAPIView[Import]):
    serializer_class = ImportOut
    queryset = Import.objects.none()

    def get(self, request: Request, ref: str, number: int) -> Response:
        """An import, withdrawn or not: how far it has come, and what was counted over the whole."""
        return Response(ImportOut(citing.import_of(request.user, ref, number, Action.POST_READ)).data)


@extend_schema(parameters=[LABEL])
class WithdrawImport(Step):
    """Take an import out of use: its rows are shown no more, and stay."""

    serializer_class = ImportOut
    queryset = Import.objects.none()
    act, asked = staticmethod(services.withdraw), WithdrawImportIn

    def get_object(self) -> Import:
        return citing.import_of(self.request.user, self.kwargs["ref"], self.kwargs["number"], Action.POST_IMPORT)


@extend_schema(parameters=[LABEL])
class NotUnderstood(APIView):
    """Every line that was not understood."""

    @extend_schema(parameters=[AFTER], responses=UnreadPage)
    def get(self, request: Request, ref: str, number: int) -> Response:
        """In the order of the file, with line and reason; recorded with what it showed."""
        found = citing.import_of(request.user, ref, number, Action.POST_READ)
        after = listing.Query.read(request.query_params).after
        page = listing.unread(found, int(after) if after.isdecimal() else 0, by=request.user)
        return Response(UnreadPage(page).data)


class Posts(APIView):
    """The messages and posts of a case."""

    @extend_schema(operation_id="cases_posts_list", parameters=QUESTIONS, responses=PostPage)
    def get(self, request: Request, ref: str) -> Response:
        """Of imports that were read to the end and stand; a hundred at a time, recorded with the question and what it
        showed."""
        case = fetch(Case.objects, request.user, Action.POST_READ, ref=ref)
        return Response(PostPage(listing.listed(case, listing.Query.read(request.query_params), by=request.user)).data)


@extend_schema(parameters=[LABEL])
class OnePost(APIView):
    """One message or post, with the bytes that it is."""

    @extend_schema(responses=PostDetail)
    def get(self, request: Request, ref: str, number: int, position: int) -> Response:
        """Recorded as a view."""
        post = citing.post_of(request.user, ref, number, position)
        citing.view(post, by=request.user)
        return Response(PostDetail(post, context={"cited": citing.cited(post)}).data)
