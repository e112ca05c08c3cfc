"""Calls about a tasking's text in posts, over the same services as the pages."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.calls import label, read
from casework.channels.tasking_models import Tasking
from casework.coordination import files, services
from casework.coordination.serializers import MatchPage, NearPage, ProposalOut
from casework.doors import fetch
from casework.exports.serializers import TakeOutIn
from casework.people.models import ApiToken
from casework.people.tokens import FreshlySignedIn, SignedIn
from casework.posts import listing
from casework.posts.models import Post

LABEL = label("K-001")
QUESTIONS = [OpenApiParameter("kind", enum=[Post.Kind.POST, Post.Kind.MESSAGE], description="post unless said"),
             OpenApiParameter("after", description="the last page's next")]


@extend_schema(parameters=[LABEL])
class TaskingMatches(APIView):
    """What carries the text of a tasking word for word."""

    @extend_schema(parameters=QUESTIONS, responses=MatchPage)
    def get(self, request: Request, ref: str, number: int) -> Response:
        """Counts of posts and of messages, and a hundred rows of one kind at a time, in time. Recorded with what it
        showed."""
        tasking = _tasking(request, Action.POST_READ, ref, number)
        shown = services.show(tasking, listing.Query.read(request.query_params), by=request.user)
        return Response(MatchPage(shown).data)


@extend_schema(parameters=[LABEL])
class MatchesFile(APIView):
    """What carries the text of a tasking as CSV, with a purpose. Accounts that take part are named, and nobody else."""

    permission_classes = [SignedIn, FreshlySignedIn]
    scope = ApiToken.Scope.EXPORT

    @extend_schema(request=TakeOutIn, responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def post(self, request: Request, ref: str, number: int) -> HttpResponse:
        """It counts as taken out, and is recorded with its hash before it leaves."""
        tasking = _tasking(request, Action.EXHIBIT_DOWNLOAD, ref, number)
        return files.answer(tasking, services.take_out(tasking, **read(TakeOutIn, request), by=request.user))


@extend_schema(parameters=[LABEL])
class TaskingNear(APIView):
    """What carries nearly all of the text of a tasking: leads, no matches."""

    @extend_schema(responses=NearPage)
    def get(self, request: Request, ref: str, number: int) -> Response:
        """Among the rows next to it in time; the first hundred. Recorded with what it showed."""
        return Response(NearPage(services.show_near(_tasking(request, Action.POST_READ, ref, number),
                                                    by=request.user)).data)


@extend_schema(parameters=[LABEL])
class TaskingProposal(APIView):
    """Words for a finding about what carries the text."""

    @extend_schema(responses=ProposalOut)
    def get(self, request: Request, ref: str, number: int) -> Response:
        """Nothing is written: a person completes them and sends them to `findings/`. 409 where nothing carries it."""
        return Response(ProposalOut(services.proposal(_tasking(request, Action.FINDING_WRITE, ref, number))).data)


def _tasking(request: Any, action: Action, ref: str, number: int) -> Tasking:
    found: Tasking = fetch(Tasking.objects.select_related("case").told(), request.user, action, case__ref=ref,
                           number=number)
    return found
