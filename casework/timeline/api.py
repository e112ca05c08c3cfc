"""The call of a case's timeline, over the same service as the page."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch
from casework.posts.models import Post
from casework.timeline import services
from casework.timeline.asking import Query
from casework.timeline.serializers import TimelinePage

QUESTIONS = [
    OpenApiParameter("from", description="a day or a time, in UTC where it says no zone"),
    OpenApiParameter("until", description="the same; of a day, its end"),
    OpenApiParameter("channel", description="C-001: its taskings and marks alone"),
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
        return Response(TimelinePage({"problems": query.problems, "timeline": found}).data)
