"""Calls of a case's timeline, over the same services as the page."""

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
from casework.people.models import ApiToken
from casework.people.tokens import FreshlySignedIn, SignedIn
from casework.posts.models import Post
from casework.timeline import files, services, words
from casework.timeline.asking import Query
from casework.timeline.serializers import TimelinePage

QUESTIONS = [
    OpenApiParameter("from", description="a day or a time, in UTC where it says no zone"),
    OpenApiParameter("until", description="the same; of a day, its end"),
    OpenApiParameter("channel", description="C-001: its taskings, what carries the text of one of them, and its marks"),
    OpenApiParameter("tasking", description="K-001: what carries its text alone"),
    OpenApiParameter("kind", enum=[Post.Kind.POST, Post.Kind.MESSAGE], description="both unless said")]


class CaseTimeline(APIView):
    """Who wrote when in a case, what channels handed out meanwhile, and bursts of one text."""

    @extend_schema(parameters=QUESTIONS, responses=TimelinePage)
    def get(self, request: Request, ref: str) -> Response:
        """Counted from imports that stand. Recorded with the rows whose text it shows: the first of each burst."""
        case = fetch(Case.objects, request.user, Action.POST_READ, ref=ref)
        query = Query.read(request.query_params)
        found = services.show(case, query, by=request.user)
        return Response(TimelinePage({"problems": query.problems, "narrowed": words.narrowed(query),
                                      "timeline": found}).data)


class TimelineFile(APIView):
    """The timeline as a file, with a purpose: how much each sender wrote in each span of time, as CSV, or the
    picture as SVG. Accounts that take part are named, and nobody else."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = ApiToken.Scope.EXPORT

    @extend_schema(request=TakeOutIn, parameters=QUESTIONS, responses={
        (200, kind): OpenApiTypes.BINARY for kind in ("text/csv", "image/svg+xml")})
    def post(self, request: Request, ref: str, kind: str) -> HttpResponse:
        """It counts as taken out, and is recorded with its hash before it leaves."""
        case = fetch(Case.objects, request.user, Action.EXHIBIT_DOWNLOAD, ref=ref)
        data = services.take_out(case, Query.read(request.query_params), kind=kind, **read(TakeOutIn, request),
                                 by=request.user)
        return files.answer(case, kind, data)
