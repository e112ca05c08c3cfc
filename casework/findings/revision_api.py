"""Calls about the wordings that a finding had."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.doors import fetch
from casework.findings import revisions
from casework.findings.models import Finding, Revision
from casework.findings.serializers import ChangedOut, RevisionDetail, RevisionOut


class Revisions(ListAPIView[Revision]):
    """The revisions of a finding, newest first."""

    serializer_class = RevisionOut
    queryset = Revision.objects.none()

    def get_queryset(self) -> Any:
        return revisions.of(_finding(self.request, **self.kwargs))


class OneRevision(GenericAPIView[Revision]):
    serializer_class = RevisionDetail
    queryset = Revision.objects.none()

    @extend_schema(responses=RevisionDetail)
    def get(self, request: Request, ref: str, number: int, revision: int) -> Response:
        """One wording, in its words, and what reads otherwise than in the one before."""
        found = revisions.of(_finding(request, ref, number)).filter(number=revision).first()
        if found is None:
            raise Http404
        told = revisions.compared(found)
        return Response({**RevisionOut(found).data, "words": told.words,
                         "changes": ChangedOut(told.changes, many=True).data})


def _finding(request: Request, ref: str, number: int) -> Finding:
    found: Finding = fetch(Finding.objects.select_related("case"), request.user, Action.FINDING_READ, case__ref=ref,
                           number=number)
    return found
