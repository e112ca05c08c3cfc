"""Calls about taskings, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import labels
from casework.accounts.dated import Resolution
from casework.accounts.serializers import ENTERED, MomentIn
from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.cases.models import Case
from casework.channels import fields, money, taskings
from casework.channels.serializers import Amount, WithdrawIn
from casework.channels.tasking_models import Tasking
from casework.doors import fetch


class TaskingOut(serializers.ModelSerializer[Tasking]):
    channel = serializers.CharField(source="channel.label", read_only=True)
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    attached = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    handed_out_by = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)
    hashtags = serializers.ListField(child=serializers.CharField(), read_only=True)
    at_resolution = serializers.ChoiceField(choices=Resolution.choices, read_only=True, allow_blank=True)
    pay_amount = serializers.SerializerMethodField()
    pay_currency = serializers.ChoiceField(choices=money.CURRENCIES, read_only=True, allow_blank=True)
    pay_per = serializers.ChoiceField(choices=Tasking.Per.choices, read_only=True, allow_blank=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Tasking
        fields = ["label", "channel", "message", "post_text", "hashtags", "attached", "at", "at_resolution", "at_given",
                  "window_from", "window_until", "pay_amount", "pay_currency", "pay_per", "pay_per_text",
                  "handed_out_by", "exhibits", *ENTERED]
        read_only_fields = fields

    def get_pay_amount(self, tasking: Tasking) -> str | None:
        return money.written(tasking.pay_amount, tasking.pay_currency) if tasking.pay_amount else None


class TaskingEditIn(serializers.Serializer[Any]):
    message = serializers.CharField(max_length=taskings.LENGTHS["message"])
    post_text = serializers.CharField(max_length=taskings.LENGTHS["post_text"], default="", allow_blank=True)
    exhibits = serializers.ListField(child=serializers.CharField(max_length=40), help_text="that show it: E-001")
    attached = serializers.ListField(child=serializers.CharField(max_length=40), default=list, help_text="to post")
    at = MomentIn(default="", allow_blank=True)
    window_from = MomentIn(default="", allow_blank=True)
    window_until = MomentIn(default="", allow_blank=True)
    pay_amount = Amount(default="", allow_blank=True)
    pay_currency = serializers.ChoiceField(choices=money.CURRENCIES, default="", allow_blank=True)
    pay_per = serializers.ChoiceField(choices=Tasking.Per.choices, default="", allow_blank=True)
    pay_per_text = serializers.CharField(max_length=taskings.LENGTHS["pay_per_text"], default="", allow_blank=True)
    handed_out_by = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="S-001")


class TaskingIn(TaskingEditIn):
    channel = serializers.CharField(max_length=40, help_text="C-001")


class Taskings(ListAPIView[Tasking]):
    """The messages handed out in the channels of a case."""

    serializer_class = TaskingOut
    queryset = Tasking.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.CHANNEL_READ, ref=self.kwargs["ref"])
        return case.taskings.told().order_by("number")

    @extend_schema(request=TaskingIn, responses={201: TaskingOut}, parameters=[VERSION])
    def post(self, request: Request, ref: str) -> Response:
        """Note a message that exhibits show being handed out in a channel of the case."""
        case = fetch(Case.objects, request.user, Action.CHANNEL_EDIT, ref=ref)
        asked = _asked(TaskingIn, request, case)
        channel = fields.channels_of(case, [asked.pop("channel")])[0]
        made = taskings.note(channel, **asked, by=request.user)
        return _versioned(made, status.HTTP_201_CREATED)


class OneTasking(GenericAPIView[Tasking]):
    serializer_class = TaskingOut
    queryset = Tasking.objects.none()

    @extend_schema(responses=TaskingOut, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """A tasking, withdrawn or not."""
        return _versioned(_tasking(request, Action.CHANNEL_READ, ref, number))

    @extend_schema(request=TaskingEditIn, responses=TaskingOut, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Replace what is said of it."""
        tasking = _tasking(request, Action.CHANNEL_EDIT, ref, number)
        asked = _asked(TaskingEditIn, request, tasking.case)
        taskings.edit(tasking, **asked, made_from=made_from(request), by=request.user)
        return _versioned(_tasking(request, Action.CHANNEL_READ, ref, number))


class WithdrawTasking(Step):
    """Take a wrong one out of use. It stays, marked."""

    serializer_class = TaskingOut
    queryset = Tasking.objects.none()
    act, asked = staticmethod(taskings.withdraw), WithdrawIn

    def get_object(self) -> Tasking:
        return _tasking(self.request, Action.CHANNEL_EDIT, **self.kwargs)


def _tasking(request: Any, action: Action, ref: str, number: int) -> Tasking:
    found: Tasking = fetch(Tasking.objects.select_related("case").told(), request.user, action, case__ref=ref,
                           number=number)
    return found


def _asked(shape: type[serializers.Serializer[Any]], request: Request, case: Case) -> dict[str, Any]:
    asked = read(shape, request)
    by = asked["handed_out_by"]
    found = {name: labels.exhibits(case, asked[name]) for name in ("exhibits", "attached")}
    return asked | found | {"handed_out_by": labels.subjects(case, [by])[0] if by else None}


def _versioned(tasking: Tasking, status: int = 200) -> Response:
    return versioned(TaskingOut(tasking).data, taskings.edition(tasking), status)
