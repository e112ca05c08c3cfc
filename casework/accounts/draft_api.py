"""Calls about many accounts at once, over the same services as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import drafts, entering, labels, tables
from casework.accounts.draft_serializers import DraftsIn, DraftsOut, EnteredOut, RowsIn
from casework.accounts.models import Subject
from casework.calls import read
from casework.cases.models import Case
from casework.doors import fetch


class Drafts(GenericAPIView[Subject]):
    """What a list of links says, or a table that was lodged, line by line. Nothing is fetched and nothing is made."""

    serializer_class = DraftsOut
    queryset = Subject.objects.none()

    @extend_schema(request=DraftsIn, responses=DraftsOut)
    def post(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.ACCOUNT_EDIT, ref=ref)
        said = read(DraftsIn, request)
        if said["table"]:
            table = labels.exhibits(case, [said["table"]])[0]
            found = tables.read(table, encoding=said["encoding"], by=request.user)
        else:
            found = drafts.read(said["links"])
        found = drafts.against(case, found)
        return Response(DraftsOut({"drafts": found}).data)


class Batch(GenericAPIView[Subject]):
    """Name an account for each row, or observe it again: all of them, or none and what is wrong with which line."""

    serializer_class = EnteredOut
    queryset = Subject.objects.none()

    @extend_schema(request=RowsIn, responses={201: EnteredOut})
    def post(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.ACCOUNT_EDIT, ref=ref)
        made = entering.enter(case, **read(RowsIn, request), by=request.user)
        return Response(EnteredOut({"labels": [subject.label for subject in made]}).data, status.HTTP_201_CREATED)
