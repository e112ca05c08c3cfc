"""Calls about accounts, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import identifying, labels, observing, services
from casework.accounts.detail_serializers import SubjectDetail
from casework.accounts.link_serializers import LinkOut
from casework.accounts.models import Assessment, Observation, Subject
from casework.accounts.serializers import (
    AssessIn,
    AssessmentOut,
    ClaimOut,
    IdentifyIn,
    NameIn,
    ObservationOut,
    ObserveIn,
    ReasonIn,
    SubjectOut,
)
from casework.accounts.statement_serializers import LocationOut, PersonaStatementOut, SubjectNoteOut
from casework.calls import Step, read
from casework.cases.models import Case
from casework.doors import fetch


class Subjects(ListAPIView[Subject]):
    """The accounts of a case."""

    serializer_class = SubjectOut
    queryset = Subject.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.ACCOUNT_READ, ref=self.kwargs["ref"])
        return case.subjects.select_related("account").with_names()

    @extend_schema(request=NameIn, responses={201: SubjectOut})
    def post(self, request: Request, ref: str) -> Response:
        """Name an account on an exhibit that shows it. It starts as a bystander."""
        case = fetch(Case.objects, request.user, Action.ACCOUNT_EDIT, ref=ref)
        asked = read(NameIn, request)
        exhibit = labels.exhibits(case, [asked.pop("exhibit")])[0]
        named = services.name_account(case, **asked, exhibit=exhibit, by=request.user)
        return Response(SubjectOut(_again(request, named)).data, status=status.HTTP_201_CREATED)


class OneSubject(GenericAPIView[Subject]):
    """An account of a case with all that is said of it there, and nothing of another case."""

    serializer_class = SubjectDetail
    queryset = Subject.objects.none()

    @extend_schema(responses=SubjectDetail)
    def get(self, request: Request, ref: str, number: int) -> Response:
        subject = subject_of(request, Action.ACCOUNT_READ, ref, number)
        seen = subject.account.observations.filter(exhibit__case=subject.case_id).select_related(
            "exhibit__item", "picture", "recorded_by")
        said = subject.account.claims.filter(exhibit__case=subject.case_id).select_related("exhibit", "recorded_by")
        assessed = subject.assessments.select_related("proposed_by", "decided_by").prefetch_related("exhibits")
        return Response(SubjectOut(subject).data | {
            "observations": ObservationOut(seen, many=True).data, "claims": ClaimOut(said, many=True).data,
            "personas": PersonaStatementOut(subject.personas.told(), many=True).data,
            "locations": LocationOut(subject.locations.told(), many=True).data,
            "links": LinkOut(subject.case.account_links.of(subject).told(), many=True).data,
            "notes": SubjectNoteOut(subject.notes.told(), many=True).data,
            "assessments": AssessmentOut(assessed, many=True).data})


class Observations(GenericAPIView[Subject]):
    """Add what the account called itself and showed: when the exhibit was captured, or at the moment `at`."""

    serializer_class = ObserveIn
    queryset = Subject.objects.none()

    @extend_schema(request=ObserveIn, responses={201: ObservationOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        asked = read(ObserveIn, request)
        asked["exhibit"] = labels.exhibits(subject.case, [asked["exhibit"]])[0]
        asked["picture"] = labels.exhibits(subject.case, [asked["picture"]])[0] if asked["picture"] else None
        seen = services.observe(subject, **asked, by=request.user)
        return Response(ObservationOut(seen).data, status=status.HTTP_201_CREATED)


class WithdrawSeen(Step):
    """Take a wrong observation out of use. It stays, marked; the last one that names the account cannot be."""

    serializer_class = ObservationOut
    queryset = Observation.objects.none()
    asked = ReasonIn

    @staticmethod
    def act(found: tuple[Subject, Observation], *, reason: str, by: Any) -> Observation:
        subject, seen = found
        return observing.withdraw(seen, subject=subject, reason=reason, by=by)

    def get_object(self) -> tuple[Subject, Observation]:
        subject = subject_of(self.request, Action.ACCOUNT_EDIT, self.kwargs["ref"], self.kwargs["number"])
        seen: Observation = fetch(Observation.objects.select_related("exhibit__item", "picture", "recorded_by"),
                                  self.request.user, account=subject.account_id, exhibit__case=subject.case_id,
                                  pk=self.kwargs["pk"])
        return subject, seen


class Identify(Step):
    """Give an account that was named without one the platform's stable id."""

    serializer_class = SubjectOut
    queryset = Subject.objects.none()
    act, asked = staticmethod(identifying.identify), IdentifyIn

    def get_object(self) -> Subject:
        return subject_of(self.request, Action.ACCOUNT_EDIT, **self.kwargs)

    def answer(self, done: Subject) -> Any:
        return SubjectOut(subject_of(self.request, Action.ACCOUNT_EDIT, **self.kwargs)).data


class Assessments(GenericAPIView[Assessment]):
    """Take a step on the role ladder, or propose one that needs a second person."""

    serializer_class = AssessIn
    queryset = Assessment.objects.none()

    @extend_schema(request=AssessIn, responses={201: AssessmentOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        asked = read(AssessIn, request)
        asked["exhibits"] = labels.exhibits(subject.case, asked["exhibits"])
        made = services.assess(subject, **asked, by=request.user)
        return Response(AssessmentOut(made).data, status=status.HTTP_201_CREATED)


class _Decision(Step):
    """What the second person says of an assessment."""

    serializer_class = AssessmentOut
    queryset = Assessment.objects.none()
    scope = "review"

    def get_object(self) -> Assessment:
        return _assessment(self.request, **self.kwargs)


class Confirm(_Decision):
    """Agree to another person's assessment: it takes effect."""

    act = staticmethod(services.confirm)


class SendBack(_Decision):
    """Return another person's assessment with a reason."""

    act, asked = staticmethod(services.send_back), ReasonIn


def subject_of(request: Request, action: Action, ref: str, number: int) -> Subject:
    found: Subject = fetch(Subject.objects.select_related("case", "account").with_names(), request.user, action,
                           case__ref=ref, number=number)
    return found


def _assessment(request: Request, ref: str, number: int, pk: int) -> Assessment:
    subject = subject_of(request, Action.ROLE_REVIEW, ref, number)
    found: Assessment = fetch(Assessment.objects.select_related("subject__case"), request.user, subject=subject, pk=pk)
    return found


def _again(request: Request, subject: Subject) -> Subject:
    found: Subject = fetch(Subject.objects.select_related("case", "account").with_names(), request.user,
                           pk=subject.pk)
    return found
