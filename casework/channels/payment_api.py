"""Calls about payments, over the same services as the pages."""

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
from casework.channels import fields, money, payments
from casework.channels.payment_models import Payment, Total
from casework.channels.serializers import Amount, WithdrawIn
from casework.doors import fetch


class PaymentOut(serializers.ModelSerializer[Payment]):
    amount = serializers.SerializerMethodField()
    payer = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)
    payee = serializers.SlugRelatedField[Any](slug_field="label", read_only=True, allow_null=True)
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    taskings = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    at_resolution = serializers.ChoiceField(choices=Resolution.choices, read_only=True, allow_blank=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Payment
        fields = ["label", "amount", "currency", "method", "shows", "payer", "payer_text", "payer_tail", "payee",
                  "payee_text", "payee_tail", "reference", "at", "at_resolution", "at_given", "taskings", "exhibits",
                  *ENTERED]
        read_only_fields = fields

    def get_amount(self, payment: Payment) -> str:
        return money.written(payment.amount, payment.currency)


class PaymentIn(serializers.Serializer[Any]):
    amount = Amount()
    currency = serializers.ChoiceField(choices=money.CURRENCIES)
    method = serializers.ChoiceField(choices=Payment.Method.choices)
    shows = serializers.ChoiceField(choices=Payment.Shows.choices, help_text="a promise is no payment")
    exhibits = serializers.ListField(child=serializers.CharField(max_length=40), help_text="that show it: E-001")
    taskings = serializers.ListField(child=serializers.CharField(max_length=40), default=list, help_text="K-001")
    at = MomentIn(default="", allow_blank=True)
    payer = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="S-001")
    payer_text = serializers.CharField(max_length=200, default="", allow_blank=True, help_text="as shown, no number")
    payer_tail = serializers.CharField(max_length=4, default="", allow_blank=True)
    payee = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="S-002")
    payee_text = serializers.CharField(max_length=200, default="", allow_blank=True, help_text="as shown, no number")
    payee_tail = serializers.CharField(max_length=4, default="", allow_blank=True)
    reference = serializers.CharField(max_length=120, default="", allow_blank=True)


class TotalOut(serializers.Serializer[Total]):
    currency = serializers.CharField()
    shows = serializers.ChoiceField(choices=Payment.Shows.choices)
    amount = serializers.SerializerMethodField()
    count = serializers.IntegerField()

    def get_amount(self, total: Total) -> str:
        return money.written(total.amount, total.currency)


class Payments(ListAPIView[Payment]):
    """What exhibits show of payments in a case."""

    serializer_class = PaymentOut
    queryset = Payment.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.CHANNEL_READ, ref=self.kwargs["ref"])
        return case.payments.told().order_by("number")

    @extend_schema(request=PaymentIn, responses={201: PaymentOut}, parameters=[VERSION])
    def post(self, request: Request, ref: str) -> Response:
        """Note what exhibits show of a payment. It changes nobody's role."""
        case = fetch(Case.objects, request.user, Action.CHANNEL_EDIT, ref=ref)
        return _versioned(payments.note(case, **_asked(request, case), by=request.user), status.HTTP_201_CREATED)


class Totals(GenericAPIView[Payment]):
    """Per currency and what is shown, without those that were withdrawn. Never converted, never added up across."""

    queryset = Payment.objects.none()
    pagination_class = None

    @extend_schema(responses=TotalOut(many=True))
    def get(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.CHANNEL_READ, ref=ref)
        return Response(TotalOut(case.payments.totals(), many=True).data)


class OnePayment(GenericAPIView[Payment]):
    serializer_class = PaymentOut
    queryset = Payment.objects.none()

    @extend_schema(responses=PaymentOut, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """A payment, withdrawn or not."""
        return _versioned(_payment(request, Action.CHANNEL_READ, ref, number))

    @extend_schema(request=PaymentIn, responses=PaymentOut, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Replace what is said of it."""
        payment = _payment(request, Action.CHANNEL_EDIT, ref, number)
        asked = _asked(request, payment.case)
        payments.edit(payment, **asked, made_from=made_from(request), by=request.user)
        return _versioned(_payment(request, Action.CHANNEL_READ, ref, number))


class WithdrawPayment(Step):
    """Take a wrong one out of use. It stays, marked, and counts in no total."""

    serializer_class = PaymentOut
    queryset = Payment.objects.none()
    act, asked = staticmethod(payments.withdraw), WithdrawIn

    def get_object(self) -> Payment:
        return _payment(self.request, Action.CHANNEL_EDIT, **self.kwargs)


def _payment(request: Any, action: Action, ref: str, number: int) -> Payment:
    found: Payment = fetch(Payment.objects.select_related("case").told(), request.user, action, case__ref=ref,
                           number=number)
    return found


def _asked(request: Request, case: Case) -> dict[str, Any]:
    asked = read(PaymentIn, request)
    for name in ("payer", "payee"):
        asked[name] = labels.subjects(case, [asked[name]])[0] if asked[name] else None
    return asked | {"exhibits": labels.exhibits(case, asked["exhibits"]),
                    "taskings": fields.taskings_of(case, asked["taskings"])}


def _versioned(payment: Payment, status: int = 200) -> Response:
    return versioned(PaymentOut(payment).data, payments.edition(payment), status)
