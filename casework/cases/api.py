"""Calls about cases and their members, over the same services as the pages."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action, Role, may
from casework.calls import Step, read
from casework.cases import services
from casework.cases.models import Case, Membership
from casework.cases.texts import MANDATE_LENGTH
from casework.doors import fetch
from casework.people.models import User
from casework.people.tokens import FreshlySignedIn, SignedIn

WORDS = ("title", "mandate_basis", "mandate_purpose", "mandate_scope")


class CaseSerializer(serializers.ModelSerializer[Case]):
    class Meta:
        model = Case
        fields = ["ref", "title", "mandate_basis", "mandate_purpose", "mandate_scope", "state", "opened_at",
                  "closed_at"]
        read_only_fields = ["ref", "state", "opened_at", "closed_at"]
        extra_kwargs = {name: {"max_length": MANDATE_LENGTH} for name in ("mandate_basis", "mandate_purpose",
                                                                          "mandate_scope")}

    def to_representation(self, instance: Case) -> dict[str, Any]:
        """Without `mandate.read` what the team wrote is empty. A row from a service goes to whoever may call it."""
        shown = super().to_representation(instance)
        return shown if getattr(instance, "worded", True) else shown | dict.fromkeys(WORDS, "")


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class NewMemberSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """`email` and `name` are empty for whoever may not know the mandate."""

    email = serializers.CharField(source="user.email")
    name = serializers.CharField(source="user.display_name")
    role = serializers.ChoiceField(choices=Role.choices)

    class Meta:
        model = Membership
        fields = ["id", "email", "name", "role", "granted_at", "ended_at"]
        read_only_fields = fields

    def to_representation(self, instance: Membership) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return shown if self.context.get("named", True) else shown | {"email": "", "name": ""}


class Cases(ListAPIView[Case]):
    """The cases in which the caller works."""

    serializer_class = CaseSerializer
    queryset = Case.objects.none()

    def get_queryset(self) -> Any:
        return Case.objects.visible_to(self.request.user)

    @extend_schema(request=CaseSerializer, responses={201: CaseSerializer})
    def post(self, request: Request) -> Response:
        """Open a case; the caller becomes its lead."""
        case = services.open_case(**read(CaseSerializer, request), by=request.user)
        return Response(CaseSerializer(case).data, status=status.HTTP_201_CREATED)


class OneCase(RetrieveAPIView[Case]):
    serializer_class = CaseSerializer
    queryset = Case.objects.none()

    def get_object(self) -> Case:
        case: Case = fetch(Case.objects, self.request.user, Action.CASE_READ, ref=self.kwargs["ref"])
        return case


class Move(GenericAPIView[Case]):
    """Close or reopen a case."""

    serializer_class = ReasonSerializer
    queryset = Case.objects.none()
    verb = "close"

    @extend_schema(request=ReasonSerializer, responses=CaseSerializer)
    def post(self, request: Request, ref: str) -> Response:
        case = fetch(Case.objects, request.user, Action.CASE_CLOSE, ref=ref)
        act = services.close if self.verb == "close" else services.reopen
        return Response(CaseSerializer(act(case, **read(ReasonSerializer, request), by=request.user)).data)


class Members(ListAPIView[Membership]):
    """Who holds which role in the case, ended roles included. Without `mandate.read` the roles alone: no name."""

    permission_classes = [SignedIn, FreshlySignedIn]
    serializer_class = MemberSerializer
    queryset = Membership.objects.none()
    named = False

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.CASE_READ, ref=self.kwargs["ref"])
        self.named = may(self.request.user, Action.MANDATE_READ, case)
        return case.memberships.select_related("user").order_by("pk")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "named": self.named}

    @extend_schema(request=NewMemberSerializer, responses={201: MemberSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Give a person who has joined a role in the case."""
        case = fetch(Case.objects, request.user, Action.CASE_MEMBERS, ref=ref)
        asked = read(NewMemberSerializer, request)
        # Whoever has not joined and whoever was shut out answers as nobody: docs/adr/0005 says who is known to whom.
        person = User.objects.filter(email=asked["email"].lower(), is_active=True).first()
        if person is None:
            raise ValidationError({"email": _("Nobody here has this address.")})
        membership = services.add_member(case, user=person, role=asked["role"], by=request.user)
        return Response(MemberSerializer(membership).data, status=status.HTTP_201_CREATED)


class EndMembership(Step):
    """Take a role away now."""

    permission_classes = [SignedIn, FreshlySignedIn]
    act = staticmethod(services.end_membership)
    serializer_class = MemberSerializer
    queryset = Membership.objects.none()

    def get_object(self) -> Membership:
        found: Membership = fetch(Membership.objects, self.request.user, Action.CASE_MEMBERS,
                                  case__ref=self.kwargs["ref"], pk=self.kwargs["pk"])
        return found
