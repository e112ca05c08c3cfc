"""Calls about what a platform says of an account, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import claims, labels
from casework.accounts.api import subject_of
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.models import Subject
from casework.accounts.serializers import ClaimIn, ClaimOut, ReasonIn
from casework.calls import Step, read
from casework.doors import fetch


class Claims(GenericAPIView[Subject]):
    """Write down a label or a mark in the platform's words."""

    serializer_class = ClaimIn
    queryset = Subject.objects.none()

    @extend_schema(request=ClaimIn, responses={201: ClaimOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        asked = read(ClaimIn, request)
        exhibit = labels.exhibits(subject.case, [asked.pop("exhibit")])[0]
        made = claims.note(subject, **asked, exhibit=exhibit, by=request.user)
        return Response(ClaimOut(made).data, status=status.HTTP_201_CREATED)


class Withdraw(Step):
    """Take a wrong one out of use. It stays, marked."""

    serializer_class = ClaimOut
    queryset = PlatformClaim.objects.none()
    asked = ReasonIn

    @staticmethod
    def act(found: tuple[Subject, PlatformClaim], *, reason: str, by: Any) -> PlatformClaim:
        subject, claim = found
        return claims.withdraw(claim, subject=subject, reason=reason, by=by)

    def get_object(self) -> tuple[Subject, PlatformClaim]:
        subject = subject_of(self.request, Action.ACCOUNT_EDIT, self.kwargs["ref"], self.kwargs["number"])
        claim: PlatformClaim = fetch(PlatformClaim.objects.select_related("exhibit", "recorded_by"), self.request.user,
                                     account=subject.account_id, exhibit__case=subject.case_id, pk=self.kwargs["pk"])
        return subject, claim
