"""What programs get about one exhibit: how far the work on its bytes has come, and what it found."""

from typing import Any

from django.db.models import prefetch_related_objects
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.exhibits import gate, packages
from casework.exhibits.gate_serializers import ScreenedSerializer
from casework.exhibits.models import Exhibit
from casework.exhibits.serializers import WholeExhibitSerializer
from evidence.derivatives import services as derivatives
from evidence.derivatives.findings import Finding
from evidence.intake.models import Item, Step


class StepSerializer(serializers.Serializer[Any]):
    """What the bytes still wait for: fixity (hashed again), derive (thumbnail, metadata), archive (second copy), screen
    (for malware)."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Step.State.choices)
    detail = serializers.CharField()


class CameSerializer(serializers.Serializer[Any]):
    """The package that a file came in: its exhibit, the path there, and what its sender declared, which fits."""

    exhibit = serializers.CharField()
    path = serializers.CharField()
    declared = serializers.DictField(child=serializers.CharField())


class FoundSerializer(serializers.Serializer[Any]):
    """What was found in a file after it came in, which its labels, written at its accession, do not say; `part` is null
    where the exhibit is one file."""

    part = serializers.IntegerField(allow_null=True)
    finding = serializers.ChoiceField(choices=[(str(code), str(code)) for code in Finding])


class ExhibitDetailSerializer(WholeExhibitSerializer):
    """One exhibit, with how far the work on its bytes has come, and the package that it came in or null."""

    steps = StepSerializer(many=True, source="item.steps.all")
    package = serializers.SerializerMethodField()
    screening = serializers.SerializerMethodField()
    found = serializers.SerializerMethodField()

    class Meta(WholeExhibitSerializer.Meta):
        fields = [*WholeExhibitSerializer.Meta.fields, "steps", "package", "screening", "found"]
        read_only_fields = fields

    @extend_schema_field(CameSerializer(allow_null=True))
    def get_package(self, exhibit: Exhibit) -> Any:
        found = packages.came_from([exhibit.item]).get(exhibit.item_id)
        return CameSerializer(found).data if found else None

    @extend_schema_field(ScreenedSerializer)
    def get_screening(self, exhibit: Exhibit) -> Any:
        return ScreenedSerializer(gate.of(exhibit)).data

    @extend_schema_field(FoundSerializer(many=True))
    def get_found(self, exhibit: Exhibit) -> Any:
        prefetch_related_objects([exhibit], "item__derivatives", "item__parts__item__derivatives")
        files: list[tuple[int | None, Item]] = [(part.position, part.item) for part in exhibit.item.parts.all()]
        files = files or [(None, exhibit.item)]
        return [{"part": position, "finding": code} for position, item in files for code in derivatives.found(item)]
