"""Calls about notices, over the same services as the pages."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
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
from casework.takedowns import offered, services, states, targets
from casework.takedowns.models import Notice, Target
from casework.takedowns.serializers import (
    AcknowledgeIn,
    DecideIn,
    DraftIn,
    NoticeApproveIn,
    NoticeDetail,
    NoticeIn,
    NoticeOut,
    SendIn,
    TargetIn,
    TargetOut,
)


class Notices(ListAPIView[Notice]):
    """The notices of a case."""

    serializer_class = NoticeOut
    queryset = Notice.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.NOTICE_READ, ref=self.kwargs["ref"])
        return case.notices.select_related("drafter", "reviewer", "sent_by", "sent_exhibit", "policy_row")

    @extend_schema(request=DraftIn, responses={201: NoticeDetail})
    def post(self, request: Request, ref: str) -> Response:
        """Draft a notice."""
        case = fetch(Case.objects, request.user, Action.NOTICE_DRAFT, ref=ref)
        asked = read(DraftIn, request)
        asked["subjects"] = labels.subjects(case, asked["subjects"])
        return Response(_detail(services.draft(case, **asked, by=request.user)), status=status.HTTP_201_CREATED)


class OneNotice(GenericAPIView[Notice]):
    serializer_class = NoticeDetail
    queryset = Notice.objects.none()

    @extend_schema(responses=NoticeDetail, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """A notice with its targets, its exact text and the digest that an approval binds."""
        notice = _notice(request, Action.NOTICE_READ, ref, number)
        return versioned(_detail(notice), services.edition(notice))

    @extend_schema(request=NoticeIn, responses=NoticeDetail, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Replace the words: it is a draft again."""
        notice = _notice(request, Action.NOTICE_DRAFT, ref, number)
        edited = services.edit(notice, **read(NoticeIn, request), made_from=made_from(request), by=request.user)
        return versioned(_detail(edited), services.edition(edited))


class Targets(GenericAPIView[Notice]):
    """Add a target: the notice is a draft again."""

    serializer_class = TargetIn
    queryset = Notice.objects.none()

    @extend_schema(request=TargetIn, responses={201: TargetOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        notice = _notice(request, Action.NOTICE_DRAFT, ref, number)
        asked = read(TargetIn, request)
        asked["subject"] = labels.subjects(notice.case, [asked["subject"]])[0] if asked["subject"] else None
        asked["exhibits"] = labels.exhibits(notice.case, asked["exhibits"])
        made = services.add_target(notice, **asked, by=request.user)
        return Response(TargetOut(made).data, status=status.HTTP_201_CREATED)


class OneTarget(GenericAPIView[Any]):
    serializer_class = TargetOut
    queryset = Notice.objects.none()

    @extend_schema(responses={200: NoticeDetail})
    def delete(self, request: Request, ref: str, number: int, pk: int) -> Response:
        """Take a target out of a notice that was not sent."""
        target = _target(request, Action.NOTICE_DRAFT, ref, number, pk)
        return Response(_detail(services.remove_target(target, by=request.user)))


class Decide(GenericAPIView[Notice]):
    """Write down what the platform did about one target."""

    serializer_class = DecideIn
    queryset = Notice.objects.none()

    @extend_schema(request=DecideIn, responses=TargetOut)
    def post(self, request: Request, ref: str, number: int, pk: int) -> Response:
        target = _target(request, Action.NOTICE_SEND, ref, number, pk)
        asked = read(DecideIn, request)
        answer = asked["answer_exhibit"]
        asked["answer_exhibit"] = labels.exhibits(target.notice.case, [answer])[0] if answer else None
        return Response(TargetOut(services.decide(target, **asked, by=request.user)).data)


class _Step(Step):
    """A step of the notice's life, for those whom the table of its states lets take it."""

    verb: ClassVar[str]
    serializer_class = NoticeDetail
    queryset = Notice.objects.none()

    def get_object(self) -> Notice:
        return _notice(self.request, states.NOTICE[self.verb].action, **self.kwargs)

    def answer(self, done: Notice) -> dict[str, Any]:
        return _detail(done)


class Submit(_Step):
    """Ask another person for the rights review."""

    verb, act = "submit", staticmethod(services.submit)


class Approve(_Step):
    """Approve another person's notice as it was read."""

    verb, act, asked, scope = "approve", staticmethod(services.approve), NoticeApproveIn, "review"


class SendBack(_Step):
    """Return another person's notice with a reason."""

    verb, act, asked, scope = "send_back", staticmethod(services.send_back), ReasonIn, "review"


class Send(_Step):
    """Freeze the notice and lodge its exact text as an exhibit. Nothing goes to the platform by itself."""

    verb, act, asked = "send", staticmethod(services.send), SendIn


class Acknowledge(_Step):
    """The platform has it, under this reference."""

    verb, act, asked = "acknowledge", staticmethod(services.acknowledge), AcknowledgeIn


class Close(_Step):
    """Nothing more is expected of it."""

    verb, act = "close", staticmethod(services.close)


class Withdraw(_Step):
    """Give the notice up and say why."""

    verb, act, asked = "withdraw", staticmethod(services.withdraw), ReasonIn


def _notice(request: Request, action: Action, ref: str, number: int) -> Notice:
    found: Notice = fetch(Notice.objects.select_related("case", "policy_row"), request.user, action, case__ref=ref,
                          number=number)
    return found


def _target(request: Request, action: Action, ref: str, number: int, pk: int) -> Target:
    notice = _notice(request, action, ref, number)
    found: Target = fetch(Target.objects.select_related("notice__case"), request.user, notice=notice, pk=pk)
    return found


def _detail(notice: Notice) -> dict[str, Any]:
    rows = notice.targets.select_related("subject", "answer_exhibit").prefetch_related("exhibits")
    return {**NoticeOut(notice).data, "targets": TargetOut(rows, many=True).data, "letter": services.letter(notice),
            "digest": services.digest(notice), "obstacles": targets.obstacles(notice),
            "suggested": offered.suggested(notice.platform, targets.subjects_of(notice))}
