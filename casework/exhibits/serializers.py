"""What programs send and get about exhibits."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.exhibits import parts, provenance, uploads, words
from casework.exhibits.forms import ACQUISITIONS
from casework.exhibits.models import Exhibit
from casework.exhibits.moment_fields import CallMoment
from casework.exhibits.platforms import Platform
from casework.exhibits.services import TITLE_LENGTH
from evidence.custody import authorities
from evidence.intake.roles import Role

SHA256 = r"^[0-9a-fA-F]{64}$"


class ProvenanceSerializer(serializers.Serializer[Any]):
    """How the bytes came to us. What the address says is filled in where nothing is given."""

    source_url = serializers.CharField(max_length=provenance.LONGEST["source_url"], required=False, allow_blank=True)
    platform = serializers.ChoiceField(choices=Platform.choices, required=False, allow_blank=True)
    handle = serializers.CharField(max_length=provenance.LONGEST["handle"], required=False, allow_blank=True)
    post_id = serializers.CharField(max_length=provenance.LONGEST["post_id"], required=False, allow_blank=True)
    posted_at = CallMoment()
    posted_at_basis = serializers.ChoiceField(
        choices=[(provenance.CLAIMED, "claimed"), (provenance.OBSERVED, "observed")], required=False, allow_blank=True)
    captured_at = CallMoment()
    captured_with = serializers.CharField(max_length=provenance.LONGEST["captured_with"], required=False,
                                          allow_blank=True)
    collector = serializers.CharField(max_length=provenance.LONGEST["collector"], required=False, allow_blank=True)
    machine_address = serializers.CharField(max_length=provenance.LONGEST["machine_address"], required=False,
                                            allow_blank=True, help_text="from which the page was asked for")
    clock = serializers.CharField(max_length=provenance.LONGEST["clock"], required=False, allow_blank=True,
                                  help_text="how the time of that machine was synchronised")
    received_from = serializers.CharField(max_length=provenance.LONGEST["received_from"], required=False,
                                          allow_blank=True)
    note = serializers.CharField(max_length=provenance.LONGEST["note"], required=False, allow_blank=True)


class LodgingSerializer(ProvenanceSerializer):
    """What is said of everything that one request lodges."""

    acquisition = serializers.ChoiceField(choices=[(str(value), str(value)) for value in ACQUISITIONS],
                                          default=str(ACQUISITIONS[0]))
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False, allow_blank=True, default="")

    def provenance(self) -> dict[str, str]:
        return {key: self.validated_data[key] for key in provenance.LONGEST if key in self.validated_data}


class ArrivedField(serializers.FileField):
    """A file as uploads.Received brought it: any bytes, under any name or none. A name never causes its rejection."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, uploads.Received):
            self.fail("invalid")
        return data


class LodgeSerializer(LodgingSerializer):
    """One file, its sender's SHA-256 where there is one, and its provenance."""

    file = ArrivedField()
    sha256 = serializers.RegexField(SHA256, required=False, allow_blank=True, default="",
                                    help_text="of the file; another one than arrives is refused with 422")


class LodgeManySerializer(LodgingSerializer):
    """Many files with one provenance: `sha256` as often as `file` and in its order, or not at all."""

    file = serializers.ListField(child=ArrivedField(), allow_empty=False)
    sha256 = serializers.ListField(child=serializers.RegexField(SHA256), required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        declared = given.setdefault("sha256", []) or [""] * len(given["file"])
        if len(declared) != len(given["file"]):
            raise serializers.ValidationError({"sha256": _("Declare one SHA-256 of 64 hex digits for each file, or "
                                                           "none.")})
        return given | {"sha256": declared}


class LodgeCaptureSerializer(LodgeManySerializer):
    """The files of one captured page: `role` as often as `file` and in its order, or not at all; then, and where one
    is empty, the content says what it is."""

    role = serializers.ListField(child=serializers.ChoiceField(choices=list(Role), allow_blank=True), required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        given = super().validate(given)
        roles = given.get("role") or [""] * len(given["file"])
        if len(roles) != len(given["file"]):
            raise serializers.ValidationError({"role": _("Name one role for each file, or none.")})
        return given | {"role": roles}


class PartSerializer(serializers.Serializer[Any]):
    """One file of a captured page, and the accession event by which it came."""

    position = serializers.IntegerField()
    role = serializers.ChoiceField(choices=list(Role))
    name = serializers.CharField(source="item.name")
    size = serializers.IntegerField(source="item.blob.size")
    sha256 = serializers.CharField(source="item.blob_id")
    declared_sha256 = serializers.CharField(source="item.declared_sha256")
    media_type = serializers.CharField(source="item.media_type")
    labels = serializers.ListField(child=serializers.CharField(), source="item.labels")
    item = serializers.UUIDField(source="item_id")
    event = serializers.UUIDField(source="event_id")


class CaptureSerializer(serializers.Serializer[Any]):
    """The files of a captured page; what is missing of the minimum for a court, and what was not stated besides."""

    parts = PartSerializer(many=True)
    missing = serializers.ListField(child=serializers.ChoiceField(choices=list(words.MISSING)))
    unstated = serializers.ListField(child=serializers.ChoiceField(choices=list(words.UNSTATED)))


class ExhibitSerializer(serializers.ModelSerializer[Exhibit]):
    case = serializers.CharField(source="case.ref")
    label = serializers.CharField()  # type: ignore[assignment]
    sha256 = serializers.CharField(source="item.blob_id")
    size = serializers.IntegerField(source="item.blob.size")
    name = serializers.CharField(source="item.name")
    media_type = serializers.CharField(source="item.media_type")
    acquisition = serializers.CharField(source="item.acquisition")
    declared_sha256 = serializers.CharField(source="item.declared_sha256")
    labels = serializers.ListField(child=serializers.CharField(), source="item.labels")
    provenance = serializers.DictField(child=serializers.CharField(), source="item.provenance")
    received_at = serializers.DateTimeField(source="item.received_at")

    class Meta:
        model = Exhibit
        fields = ["case", "label", "title", "note", "sensitive", "sha256", "size", "name", "media_type", "acquisition",
                  "declared_sha256", "labels", "provenance", "received_at", "lodged_at", "leaf_hash", "withdrawn_at",
                  "withdrawn_reason"]
        read_only_fields = fields


class WholeExhibitSerializer(ExhibitSerializer):
    """The same with the parts of its capture; null where it came as one file."""

    capture = serializers.SerializerMethodField()

    class Meta(ExhibitSerializer.Meta):
        fields = [*ExhibitSerializer.Meta.fields, "capture"]
        read_only_fields = fields

    @extend_schema_field(CaptureSerializer(allow_null=True))
    def get_capture(self, exhibit: Exhibit) -> Any:
        found = parts.of(exhibit)
        return CaptureSerializer(found).data if found else None


class PageSerializer(serializers.Serializer[Any]):
    """At most 60 exhibits, newest first. Ask again with `before` = `next_before` until that is 0."""

    count = serializers.IntegerField(source="total")
    next_before = serializers.IntegerField()
    results = WholeExhibitSerializer(many=True, source="exhibits")


class LodgedSerializer(serializers.Serializer[Any]):
    exhibit = ExhibitSerializer()
    already_held = serializers.BooleanField(help_text="this case held the same bytes: noted as a sighting")
    item = serializers.UUIDField(source="item.id")
    event = serializers.UUIDField(source="receipt.event_id")
    leaf_hash = serializers.CharField(source="receipt.leaf_hash")
    timestamp = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=[("pending", "pending"), ("none", "none")]))
    def get_timestamp(self, lodged: Any) -> str:
        """`pending`: an outside authority's time follows, and nothing waits for it. `none`: no authority is asked."""
        return "pending" if authorities.hosts() else "none"


class PartReceiptSerializer(serializers.Serializer[Any]):
    """The accession of one part."""

    position = serializers.IntegerField(source="item.part.position")
    role = serializers.ChoiceField(choices=list(Role), source="item.part.role")
    name = serializers.CharField(source="item.name")
    sha256 = serializers.CharField(source="item.blob_id")
    item = serializers.UUIDField(source="item.id")
    event = serializers.UUIDField(source="receipt.event_id")
    leaf_hash = serializers.CharField(source="receipt.leaf_hash")


class CaptureLodgedSerializer(LodgedSerializer):
    """The exhibit with its capture, and the receipt of every part."""

    exhibit = WholeExhibitSerializer()
    parts = PartReceiptSerializer(many=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    """One file of many: lodged with its receipt, or refused with a status, a code and a reason."""

    name = serializers.CharField()
    status = serializers.IntegerField()
    lodged = LodgedSerializer(allow_null=True)
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)


class OutcomesSerializer(serializers.Serializer[Any]):
    results = OutcomeSerializer(many=True)


class EditSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=TITLE_LENGTH, required=False, allow_blank=True)
    note = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    sensitive = serializers.BooleanField(required=False)


class WithdrawSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class ReceiptEventSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    salt = serializers.CharField(help_text="hex")
    content = serializers.CharField(help_text="the canonical event, verbatim")


class ReceiptLogSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    size = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField(help_text="hex"))


class ReceiptSerializer(serializers.Serializer[Any]):
    """What proves, without us, that the log holds the accession. docs/bag.md says how to check it."""

    format = serializers.CharField()
    origin = serializers.CharField(help_text="the log's name")
    case = serializers.CharField()
    exhibit = serializers.CharField()
    item = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    declared_sha256 = serializers.CharField(allow_blank=True)
    received_at = serializers.CharField()
    leaf_hash = serializers.CharField()
    event = ReceiptEventSerializer(allow_null=True)
    log = ReceiptLogSerializer(allow_null=True)
    checkpoint = serializers.CharField(allow_null=True)
