"""Calls about channels, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import labels
from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.cases.models import Case
from casework.channels import fields, services
from casework.channels.models import Channel, ChannelObservation
from casework.channels.serializers import (
    ChannelDetail,
    ChannelEditIn,
    ChannelIn,
    ChannelObservationOut,
    ChannelObserveIn,
    ChannelOut,
    WithdrawIn,
)
from casework.doors import fetch


class Channels(ListAPIView[Channel]):
    """The channels of a case."""

    serializer_class = ChannelOut
    queryset = Channel.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.CHANNEL_READ, ref=self.kwargs["ref"])
        return case.channels.select_related("recorded_by").with_life().order_by("number")

    @extend_schema(request=ChannelIn, responses={201: ChannelOut})
    def post(self, request: Request, ref: str) -> Response:
        """Bring a channel into the case, on an exhibit that shows its name or an invite link."""
        case = fetch(Case.objects, request.user, Action.CHANNEL_EDIT, ref=ref)
        asked = read(ChannelIn, request)
        exhibit = labels.exhibits(case, [asked.pop("exhibit")])[0]
        named = services.name_channel(case, **asked, exhibit=exhibit, by=request.user)
        return Response(ChannelOut(_channel(request, None, ref, named.number)).data, status=status.HTTP_201_CREATED)


class OneChannel(GenericAPIView[Channel]):
    serializer_class = ChannelDetail
    queryset = Channel.objects.none()

    @extend_schema(responses=ChannelDetail, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """A channel of a case with its observations, the withdrawn ones marked."""
        return _detail(_channel(request, Action.CHANNEL_READ, ref, number))

    @extend_schema(request=ChannelEditIn, responses=ChannelDetail, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Mend platform, stable id and note."""
        channel = _channel(request, Action.CHANNEL_EDIT, ref, number)
        services.edit(channel, **read(ChannelEditIn, request), made_from=made_from(request), by=request.user)
        return _detail(_channel(request, None, ref, number))


class Observations(GenericAPIView[Channel]):
    """Write down one fact as an exhibit shows it."""

    serializer_class = ChannelObserveIn
    queryset = Channel.objects.none()

    @extend_schema(request=ChannelObserveIn, responses={201: ChannelObservationOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        channel = _channel(request, Action.CHANNEL_EDIT, ref, number)
        asked, case = read(ChannelObserveIn, request), channel.case
        asked["exhibit"] = labels.exhibits(case, [asked["exhibit"]])[0]
        asked["subject"] = labels.subjects(case, [asked["subject"]])[0] if asked["subject"] else None
        asked["became"] = fields.channels_of(case, [asked["became"]])[0] if asked["became"] else None
        made = services.observe(channel, **asked, by=request.user)
        return Response(ChannelObservationOut(made).data, status=status.HTTP_201_CREATED)


class Withdraw(Step):
    """Take a channel that is none, or that is there twice, out of use. It stays, marked."""

    serializer_class = ChannelOut
    queryset = Channel.objects.none()
    act, asked = staticmethod(services.withdraw), WithdrawIn

    def get_object(self) -> Channel:
        return _channel(self.request, Action.CHANNEL_EDIT, **self.kwargs)

    def answer(self, done: Channel) -> Any:
        return ChannelOut(_channel(self.request, None, **self.kwargs)).data


class WithdrawObservation(Step):
    """Take a wrong observation out of use. It stays, marked."""

    serializer_class = ChannelObservationOut
    queryset = ChannelObservation.objects.none()
    act, asked = staticmethod(services.withdraw_observation), WithdrawIn

    def get_object(self) -> ChannelObservation:
        channel = _channel(self.request, Action.CHANNEL_EDIT, self.kwargs["ref"], self.kwargs["number"])
        found: ChannelObservation = fetch(ChannelObservation.objects.select_related("channel__case"),
                                          self.request.user, channel=channel, pk=self.kwargs["pk"])
        return found


def _channel(request: Any, action: Action | None, ref: str, number: int) -> Channel:
    found: Channel = fetch(Channel.objects.select_related("case", "recorded_by").with_life(), request.user, action,
                           case__ref=ref, number=number)
    return found


def _detail(channel: Channel) -> Response:
    seen = channel.observations.select_related("subject", "became", "exhibit", "recorded_by").in_order()
    told = ChannelOut(channel).data | {"observations": ChannelObservationOut(seen, many=True).data}
    return versioned(told, services.edition(channel))
