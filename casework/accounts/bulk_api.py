"""Calls that take one step for many accounts, over the same services as the pages."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from casework.access import Action
from casework.accounts import bulk, labels
from casework.accounts.bulk_serializers import AssessManyIn, LinkManyIn, OutcomesOut, TagManyIn
from casework.accounts.models import Subject
from casework.calls import read
from casework.cases.models import Case
from casework.doors import fetch


class _Many(GenericAPIView[Subject]):
    serializer_class = OutcomesOut
    queryset = Subject.objects.none()
    act: ClassVar[Callable[..., list[bulk.Outcome]]]
    asked: ClassVar[type[Serializer[Any]]]

    def many(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.ACCOUNT_EDIT, ref=ref)
        said = read(self.asked, request)
        said["subjects"] = labels.subjects(case, said["subjects"])
        if "other" in said:
            said["other"] = labels.subjects(case, [said["other"]])[0]
        if "exhibits" in said:
            said["exhibits"] = labels.exhibits(case, said["exhibits"])
        return Response(OutcomesOut({"outcomes": self.act(case, **said, by=request.user)}).data)


class TagMany(_Many):
    """Give each of these accounts tags beside those that it has."""

    act, asked = staticmethod(bulk.tag), TagManyIn

    @extend_schema(request=TagManyIn, responses=OutcomesOut)
    def post(self, request: Request, ref: str) -> Response:
        return self.many(request, ref)


class LinkMany(_Many):
    """Link each of these accounts to one other, on one basis."""

    act, asked = staticmethod(bulk.link), LinkManyIn

    @extend_schema(request=LinkManyIn, responses=OutcomesOut)
    def post(self, request: Request, ref: str) -> Response:
        return self.many(request, ref)


class AssessMany(_Many):
    """Take or propose the same step for each of these accounts. What needs two people waits for each by itself."""

    act, asked = staticmethod(bulk.assess), AssessManyIn

    @extend_schema(request=AssessManyIn, responses=OutcomesOut)
    def post(self, request: Request, ref: str) -> Response:
        return self.many(request, ref)
