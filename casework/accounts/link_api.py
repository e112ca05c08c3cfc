"""Calls about links between accounts of a case and about tags, over the same services as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import labels, linking, tagging
from casework.accounts.api import subject_of
from casework.accounts.link_models import AccountLink
from casework.accounts.link_serializers import LinkIn, LinkOut, TagsIn, TagsOut
from casework.accounts.models import Subject
from casework.accounts.serializers import ReasonIn
from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.doors import fetch


class Links(GenericAPIView[Subject]):
    """Say what two accounts of the case have to do with each other."""

    serializer_class = LinkIn
    queryset = Subject.objects.none()

    @extend_schema(request=LinkIn, responses={201: LinkOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        asked = read(LinkIn, request)
        asked["other"] = labels.subjects(subject.case, [asked["other"]])[0]
        asked["exhibits"] = labels.exhibits(subject.case, asked["exhibits"])
        made = linking.link(subject, **asked, by=request.user)
        return Response(LinkOut(made).data, status=status.HTTP_201_CREATED)


class WithdrawLink(Step):
    """Take a wrong link out of use. It stays, marked."""

    serializer_class = LinkOut
    queryset = AccountLink.objects.none()
    act, asked = staticmethod(linking.withdraw), ReasonIn

    def get_object(self) -> AccountLink:
        subject = subject_of(self.request, Action.ACCOUNT_EDIT, self.kwargs["ref"], self.kwargs["number"])
        found: AccountLink = fetch(AccountLink.objects.of(subject).select_related("case", "subject__case", "other"),
                                   self.request.user, pk=self.kwargs["pk"])
        return found


class Tags(GenericAPIView[Subject]):
    serializer_class = TagsOut
    queryset = Subject.objects.none()

    @extend_schema(responses=TagsOut, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """What the account is tagged with in this case."""
        return _tags(subject_of(request, Action.ACCOUNT_READ, ref, number))

    @extend_schema(request=TagsIn, responses=TagsOut, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Give it these tags and no others."""
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        return _tags(tagging.tag(subject, **read(TagsIn, request), made_from=made_from(request), by=request.user))


def _tags(subject: Subject) -> Response:
    return versioned(TagsOut(subject).data, tagging.edition(subject))
