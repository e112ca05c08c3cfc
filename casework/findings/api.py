"""Calls about findings, over the same services as the pages."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import labels
from casework.accounts.serializers import ReasonIn
from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.cases.models import Case
from casework.doors import fetch
from casework.findings import services, sources, states, tags, warnings
from casework.findings.models import Finding
from casework.findings.serializers import FindingDetail, FindingIn, FindingOut, ReviewIn, SourcesIn, TechniquesIn

COLUMNS = {"kind": "kind", "state": "state", "technique": "tags__technique"}
NARROWED = [OpenApiParameter(name, description=f"only findings of this {name}") for name in COLUMNS]


class Findings(ListAPIView[Finding]):
    """The findings of a case."""

    serializer_class = FindingOut
    queryset = Finding.objects.none()

    @extend_schema(parameters=NARROWED)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.FINDING_READ, ref=self.kwargs["ref"])
        asked = self.request.query_params
        wanted = {column: asked[name] for name, column in COLUMNS.items() if asked.get(name)}
        return case.findings.filter(**wanted).select_related("author", "reviewer").prefetch_related(
            "citations__exhibit", "subjects").told()

    @extend_schema(request=FindingIn, responses={201: FindingDetail})
    def post(self, request: Request, ref: str) -> Response:
        """Write a finding, as a draft."""
        case = fetch(Case.objects, request.user, Action.FINDING_WRITE, ref=ref)
        made = services.write(case, **_asked(request, case), by=request.user)
        return Response(_detail(made), status=status.HTTP_201_CREATED)


class OneFinding(GenericAPIView[Finding]):
    serializer_class = FindingDetail
    queryset = Finding.objects.none()

    @extend_schema(responses=FindingDetail, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """A finding, with the digest that a review of it binds."""
        return _versioned(_finding(request, Action.FINDING_READ, ref, number))

    @extend_schema(request=FindingIn, responses=FindingDetail, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Replace the content: it is a draft again."""
        finding = _finding(request, Action.FINDING_WRITE, ref, number)
        asked = _asked(request, finding.case)
        return _versioned(services.edit(finding, **asked, made_from=made_from(request), by=request.user))


class Sources(GenericAPIView[Finding]):
    serializer_class = FindingDetail
    queryset = Finding.objects.none()

    @extend_schema(request=SourcesIn, responses=FindingDetail, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Say what exhibits that it cites show, and judge each: its source by a letter, what it says by a number."""
        finding = _finding(request, Action.FINDING_WRITE, ref, number)
        asked = read(SourcesIn, request)["sources"]
        judged = {one.pop("exhibit"): one for one in asked}
        if len(judged) != len(asked):
            raise ValidationError({"sources": _("Name each exhibit once.")})
        return _versioned(sources.judge(finding, sources=judged, made_from=made_from(request), by=request.user))


class Techniques(GenericAPIView[Finding]):
    serializer_class = FindingDetail
    queryset = Finding.objects.none()

    @extend_schema(request=TechniquesIn, responses=FindingDetail, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Tag it with exactly these techniques of DISARM Red."""
        finding = _finding(request, Action.FINDING_WRITE, ref, number)
        asked = read(TechniquesIn, request)
        return _versioned(tags.tag(finding, **asked, made_from=made_from(request), by=request.user))


class _Step(Step):
    """A step of the finding's life, for those whom the table of its states lets take it."""

    verb: ClassVar[str]
    serializer_class = FindingDetail
    queryset = Finding.objects.none()

    def get_object(self) -> Finding:
        return _finding(self.request, states.FINDING[self.verb].action, **self.kwargs)

    def answer(self, done: Finding) -> dict[str, Any]:
        return _detail(done)


class Submit(_Step):
    """Ask for another person's review."""

    verb, act = "submit", staticmethod(services.submit)


class Review(_Step):
    """Stand behind another person's finding."""

    verb, act, asked, scope = "review", staticmethod(services.review), ReviewIn, "review"


class SendBack(_Step):
    """Return another person's finding with a reason."""

    verb, act, asked, scope = "send_back", staticmethod(services.send_back), ReasonIn, "review"


def _finding(request: Request, action: Action, ref: str, number: int) -> Finding:
    found: Finding = fetch(Finding.objects.select_related("case"), request.user, action, case__ref=ref,
                           number=number)
    return found


def _asked(request: Request, case: Case) -> dict[str, Any]:
    asked = read(FindingIn, request)
    return asked | {"exhibits_for": labels.exhibits(case, asked["exhibits_for"]),
                    "exhibits_against": labels.exhibits(case, asked["exhibits_against"]),
                    "subjects": labels.subjects(case, asked["subjects"])}


def _detail(finding: Finding) -> dict[str, Any]:
    return _told(finding, services.digest(finding))


def _versioned(finding: Finding) -> Response:
    edition = services.edition(finding)
    return versioned(_told(finding, edition.version), edition)


def _told(finding: Finding, digest: str) -> dict[str, Any]:
    row = finding.case.findings.told().select_related("author", "reviewer").get(pk=finding.pk)
    return {**FindingOut(row).data, "digest": digest, "warnings": warnings.of(finding)}
