"""Calls that merge two accounts of a case that are one, and undo that."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import labels, merging
from casework.accounts.api import subject_of
from casework.accounts.merge_models import Merge
from casework.accounts.merge_serializers import MergeIn, MergeOut
from casework.accounts.models import Subject
from casework.accounts.serializers import ReasonIn
from casework.calls import Step, read


class Merging(GenericAPIView[Subject]):
    """Merge a duplicate into this account. No row is moved: the duplicate points here and takes nothing new."""

    serializer_class = MergeIn
    queryset = Subject.objects.none()

    @extend_schema(request=MergeIn, responses={201: MergeOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        asked = read(MergeIn, request)
        other = labels.subjects(subject.case, [asked.pop("other")])[0]
        made = merging.merge(subject, other=other, **asked, by=request.user)
        return Response(MergeOut(made).data, status=status.HTTP_201_CREATED)


class Unmerge(Step):
    """Undo the merge of this account into another."""

    serializer_class = MergeOut
    queryset = Merge.objects.none()
    act, asked = staticmethod(merging.unmerge), ReasonIn

    def get_object(self) -> Subject:
        return subject_of(self.request, Action.ACCOUNT_EDIT, **self.kwargs)
