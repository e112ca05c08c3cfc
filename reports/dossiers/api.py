"""Calls about dossiers, over the same services as the pages."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action, may, require
from casework.calls import MADE_FROM, VERSION, Step, label, made_from, read, versioned
from casework.cases.models import Case
from casework.doors import fetch
from casework.people.models import ApiToken
from casework.people.tokens import FreshlySignedIn, SignedIn
from reports.dossiers import services
from reports.dossiers.blockers import open_blockers
from reports.dossiers.models import Dossier
from reports.dossiers.states import KIND_COMPOSE, KIND_READ, TABLES

LABEL = label("D-001")


class DossierOut(serializers.ModelSerializer[Dossier]):
    case = serializers.CharField(source="case.ref", read_only=True)
    composed_by = serializers.CharField(read_only=True)
    reviewer = serializers.CharField(read_only=True, allow_null=True)
    sha256 = serializers.CharField(source="item.blob_id", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Dossier
        fields = ["label", "case", "kind", "language", "state", "digest", "log_size", "log_root", "composed_by",
                  "composed_at", "reviewer", "reviewed_at", "review_note", "done", "total", "step", "problem",
                  "sealed_at", "sha256"]
        read_only_fields = fields


class BlockerOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    url = serializers.CharField()


class DossierDetail(DossierOut):
    """The weighing as the document gives it: of a briefing, without handles and names."""

    necessity = serializers.CharField(source="frozen.weighed.necessity")
    against = serializers.CharField(source="frozen.weighed.against")
    less_intrusive = serializers.CharField(source="frozen.weighed.less_intrusive")
    facts = serializers.JSONField(source="frozen", read_only=True)
    blockers = serializers.SerializerMethodField()

    class Meta(DossierOut.Meta):
        fields = [*DossierOut.Meta.fields, "necessity", "against", "less_intrusive", "facts", "blockers"]
        read_only_fields = fields

    @extend_schema_field(BlockerOut(many=True))
    def get_blockers(self, dossier: Dossier) -> Any:
        """What stops it from being sealed; nothing any more once it is queued."""
        return BlockerOut(open_blockers(dossier), many=True).data


class WeighIn(serializers.Serializer[Any]):
    necessity = serializers.CharField()
    against = serializers.CharField()
    less_intrusive = serializers.CharField()


class ComposeIn(WeighIn):
    kind = serializers.ChoiceField(choices=Dossier.Kind.choices)
    language = serializers.ChoiceField(choices=[("en", "English"), ("ur", "اردو")], default="en")


class ApproveIn(serializers.Serializer[Any]):
    seen = serializers.CharField(max_length=64, help_text="the digest of what was read")
    note = serializers.CharField(required=False, allow_blank=True, default="")


class ReturnIn(serializers.Serializer[Any]):
    note = serializers.CharField()


class Dossiers(ListAPIView[Dossier]):
    """The dossiers of a case that the caller may read."""

    serializer_class = DossierOut
    queryset = Dossier.objects.none()

    def get_queryset(self) -> Any:
        case = _case(self.request, self.kwargs["ref"], KIND_READ)
        return (Dossier.objects.visible_to(self.request.user).filter(case=case)
                .select_related("case", "composed_by", "reviewer", "item"))

    @extend_schema(request=ComposeIn, responses={201: DossierDetail})
    def post(self, request: Request, ref: str) -> Response:
        """Freeze the facts of the case as they are now into a draft."""
        case = _case(request, ref, KIND_COMPOSE)
        made = services.compose(case, **read(ComposeIn, request), by=request.user)
        return Response(_detail(made), status=status.HTTP_201_CREATED)


@extend_schema(parameters=[LABEL])
class OneDossier(GenericAPIView[Dossier]):
    """One dossier: its frozen facts, how far it is, what stops it from being sealed."""

    serializer_class = DossierDetail
    queryset = Dossier.objects.none()

    @extend_schema(parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        found = _dossier(request, ref, number, KIND_READ)
        return versioned(_detail(found), services.edition(found))

    @extend_schema(request=WeighIn, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Freeze the facts anew. An approval of the earlier ones no longer counts."""
        found = _dossier(request, ref, number, KIND_COMPOSE)
        made = services.recompose(found, **read(WeighIn, request), made_from=made_from(request), by=request.user)
        return versioned(_detail(made), services.edition(made))


@extend_schema(parameters=[LABEL])
class _Step(Step):
    """A step of the dossier's life, for those whom the table of its kind lets take it."""

    verb: ClassVar[str]
    serializer_class = DossierDetail
    queryset = Dossier.objects.none()

    def get_object(self) -> Dossier:
        return _dossier(self.request, **self.kwargs,
                        actions={kind: table[self.verb].action for kind, table in TABLES.items()})


class Submit(_Step):
    """Ask for a second person."""

    verb, act = "submit", staticmethod(services.submit)


class Approve(_Step):
    """Approve, as the second person, exactly what was read."""

    verb, act, asked, scope = "approve", staticmethod(services.approve), ApproveIn, ApiToken.Scope.REVIEW


class SendBack(_Step):
    """Return it, with what has to change."""

    verb, act, asked, scope = "send_back", staticmethod(services.send_back), ReturnIn, ApiToken.Scope.REVIEW


class Seal(_Step):
    """Spend the approval; a worker makes and signs the document. Ask again for `state` to see how far it is."""

    permission_classes = [SignedIn, FreshlySignedIn]
    verb, act, answers = "seal", staticmethod(services.seal), status.HTTP_202_ACCEPTED


class Retry(_Step):
    """Make again what failed."""

    permission_classes = [SignedIn, FreshlySignedIn]
    verb, act, answers = "retry", staticmethod(services.retry), status.HTTP_202_ACCEPTED


def _case(request: Request, ref: str, actions: dict[str, Action]) -> Case:
    """The case for a person who may do this with at least one kind of dossier."""
    case: Case = fetch(Case.objects, request.user, Action.CASE_READ, ref=ref)
    if not any(may(request.user, action, case) for action in actions.values()):
        require(request.user, actions[Dossier.Kind.BRIEFING], case)
    return case


def _dossier(request: Request, ref: str, number: int, actions: dict[str, Action]) -> Dossier:
    rows = Dossier.objects.select_related("case", "composed_by", "reviewer", "item")
    found: Dossier = fetch(rows, request.user, case__ref=ref, number=number)
    require(request.user, actions[found.kind], found.case)
    return found


def _detail(dossier: Dossier) -> dict[str, Any]:
    return DossierDetail(dossier).data
