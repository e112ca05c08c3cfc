"""Calls about campaigns, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import labels
from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.campaigns import causes, compose, services
from casework.campaigns.forms import causes_of
from casework.campaigns.models import Campaign, Mark, Push
from casework.campaigns.serializers import (
    CampaignDetail,
    CampaignIn,
    CampaignOut,
    MarkIn,
    MarkOut,
    PictureOut,
    PushIn,
    PushOut,
)
from casework.cases.models import Case
from casework.channels import fields
from casework.channels.serializers import WithdrawIn
from casework.doors import fetch


class Campaigns(ListAPIView[Campaign]):
    """The campaigns of a case."""

    serializer_class = CampaignOut
    queryset = Campaign.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.CAMPAIGN_READ, ref=self.kwargs["ref"])
        return case.campaigns.told().order_by("number")

    @extend_schema(request=CampaignIn, responses={201: CampaignDetail}, parameters=[VERSION])
    def post(self, request: Request, ref: str) -> Response:
        """Bring a campaign into the case, with the taskings that pushed it."""
        case = fetch(Case.objects, request.user, Action.CAMPAIGN_EDIT, ref=ref)
        made = services.name_campaign(case, **_asked(request, case), by=request.user)
        return _detail(_campaign(request, None, ref, made.number), status.HTTP_201_CREATED)


class OneCampaign(GenericAPIView[Campaign]):
    serializer_class = CampaignDetail
    queryset = Campaign.objects.none()

    @extend_schema(responses=CampaignDetail, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """A campaign with its marks and causes, the withdrawn ones marked."""
        return _detail(_campaign(request, Action.CAMPAIGN_READ, ref, number))

    @extend_schema(request=CampaignIn, responses=CampaignDetail, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Replace title, objective, languages and taskings."""
        campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
        services.edit(campaign, **_asked(request, campaign.case), made_from=made_from(request), by=request.user)
        return _detail(_campaign(request, None, ref, number))


class Withdraw(Step):
    """Take a campaign that is none, or that is there twice, out of use. It stays, marked."""

    serializer_class = CampaignOut
    queryset = Campaign.objects.none()
    act, asked = staticmethod(services.withdraw), WithdrawIn

    def get_object(self) -> Campaign:
        return _campaign(self.request, Action.CAMPAIGN_EDIT, **self.kwargs)

    def answer(self, done: Campaign) -> Any:
        return CampaignOut(_campaign(self.request, None, **self.kwargs)).data


class Marks(GenericAPIView[Mark]):
    """Write down a hashtag or a slogan of the campaign, as an exhibit shows it at a time."""

    serializer_class = MarkOut
    queryset = Mark.objects.none()

    @extend_schema(request=MarkIn, responses={201: MarkOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
        asked = read(MarkIn, request)
        asked["exhibit"] = labels.exhibits(campaign.case, [asked["exhibit"]])[0]
        return Response(MarkOut(services.mark(campaign, **asked, by=request.user)).data, status.HTTP_201_CREATED)


class WithdrawMark(Step):
    """Take a wrong mark out of use. It stays, marked."""

    serializer_class = MarkOut
    queryset = Mark.objects.none()
    act, asked = staticmethod(services.withdraw_mark), WithdrawIn

    def get_object(self) -> Mark:
        found: Mark = _part(self, Mark.objects.select_related("campaign__case", "exhibit"))
        return found


class Pushes(GenericAPIView[Push]):
    """Say that the campaign pushes a cause, on exhibits that show it."""

    serializer_class = PushOut
    queryset = Push.objects.none()

    @extend_schema(request=PushIn, responses={201: PushOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        campaign = _campaign(request, Action.CAMPAIGN_EDIT, ref, number)
        asked, case = read(PushIn, request), campaign.case
        asked["cause"] = causes_of(case, [asked["cause"]])[0]
        asked["exhibits"] = labels.exhibits(case, asked["exhibits"])
        return Response(PushOut(causes.attach(campaign, **asked, by=request.user)).data, status.HTTP_201_CREATED)


class WithdrawPush(Step):
    """Withdraw that the campaign pushes a cause. It stays, marked."""

    serializer_class = PushOut
    queryset = Push.objects.none()
    act, asked = staticmethod(causes.detach), WithdrawIn

    def get_object(self) -> Push:
        found: Push = _part(self, Push.objects.select_related("campaign__case", "cause"))
        return found


class Picture(GenericAPIView[Campaign]):
    """Which channels pushed which causes, by the campaigns of the case: what the picture joins, and counts."""

    serializer_class = PictureOut
    queryset = Campaign.objects.none()

    def get(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.CAMPAIGN_READ, ref=ref)
        return Response(PictureOut(compose.picture_of(case) or compose.NOTHING).data)


def _campaign(request: Any, action: Action | None, ref: str, number: int) -> Campaign:
    found: Campaign = fetch(Campaign.objects.told(), request.user, action, case__ref=ref, number=number)
    return found


def _part(view: Any, rows: Any) -> Any:
    """A mark or a push of the campaign in the address."""
    where = view.kwargs
    campaign = _campaign(view.request, Action.CAMPAIGN_EDIT, where["ref"], where["number"])
    return fetch(rows, view.request.user, campaign=campaign, pk=where["pk"])


def _asked(request: Request, case: Case) -> dict[str, Any]:
    asked = read(CampaignIn, request)
    return asked | {"languages": ", ".join(asked["languages"]),
                    "taskings": fields.taskings_of(case, asked["taskings"])}


def _detail(campaign: Campaign, code: int = 200) -> Response:
    marks = campaign.marks.select_related("exhibit", "recorded_by").order_by("at", "pk")
    pushes = campaign.pushes.select_related("cause", "recorded_by").prefetch_related("exhibits").order_by("pk")
    told = CampaignOut(campaign).data | {"marks": MarkOut(marks, many=True).data,
                                         "pushes": PushOut(pushes, many=True).data}
    return versioned(told, services.edition(campaign), code)
