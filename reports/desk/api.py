"""Calls about what waits, over the same functions as the pages."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.access import Action
from casework.cases.models import Case
from casework.doors import fetch
from reports.desk import case_compose, compose

FOR = OpenApiParameter("for", description="the address of one person: what waits for them alone")


class ThingOut(serializers.Serializer[Any]):
    what = serializers.CharField(source="word", help_text="in the language of the answer")
    label = serializers.CharField(help_text="empty where it has none")  # type: ignore[assignment]
    title = serializers.CharField()
    case = serializers.CharField(help_text="empty where it is of no case")
    state = serializers.CharField()
    state_words = serializers.CharField(source="state_word")
    since = serializers.DateTimeField()
    page = serializers.CharField(source="url", help_text="where a person goes on with it")


class MineOut(serializers.Serializer[Any]):
    waiting = ThingOut(many=True)
    more = serializers.BooleanField(help_text="whether there are more than these fifty")


class WhoOut(serializers.Serializer[Any]):
    email = serializers.CharField()
    name = serializers.CharField(source="display_name")


class RowOut(serializers.Serializer[Any]):
    thing = ThingOut()
    people = WhoOut(many=True, help_text="who can go on with it; empty where nobody of the case can")


class CaseWaitingOut(serializers.Serializer[Any]):
    waiting = RowOut(many=True)


class Mine(APIView):
    """What waits for the person who asks, in all the cases that they and their token see."""

    @extend_schema(responses=MineOut)
    def get(self, request: Request) -> Response:
        """The oldest first."""
        waiting, more = compose.waiting(request.user)
        return Response(MineOut({"waiting": waiting, "more": more}).data)


class OfCase(APIView):
    """What waits in a case, and for whom."""

    @extend_schema(responses=CaseWaitingOut, parameters=[FOR])
    def get(self, request: Request, ref: str) -> Response:
        """The oldest first; of each kind at most a hundred."""
        case = fetch(Case.objects, request.user, Action.TASK_READ, ref=ref)
        rows = case_compose.of(case_compose.rows(case, request.user), request.query_params.get("for", ""))
        return Response(CaseWaitingOut({"waiting": rows}).data)
