"""The shapes of what is said of a subject in the API."""

from typing import Any

from rest_framework import serializers

from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject
from casework.accounts.serializers import ENTERED
from casework.accounts.statement_models import LocationAssessment, PersonaStatement, SubjectNote

STATED = ["basis", "exhibits", "stated_by", "stated_at"]


class LabelsIn(serializers.ListField):
    """Exhibits by their labels."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=40), default=list, help_text="labels", **options)


class PersonaStatementOut(serializers.ModelSerializer[PersonaStatement]):
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    stated_by = serializers.CharField(read_only=True)

    class Meta:
        model = PersonaStatement
        fields = ["persona", *STATED]
        read_only_fields = fields


class LocationOut(serializers.ModelSerializer[LocationAssessment]):
    """One assessment. Without a place, what was assessed before no longer stands."""

    likelihood = serializers.ChoiceField(choices=Likelihood.choices, read_only=True, allow_blank=True)
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    stated_by = serializers.CharField(read_only=True)

    class Meta:
        model = LocationAssessment
        fields = ["place", "likelihood", *STATED]
        read_only_fields = fields


class PersonaOut(serializers.Serializer[Any]):
    """What stands, and all that was stated, newest first."""

    persona = serializers.ChoiceField(choices=Subject.Persona.choices, read_only=True)
    history = PersonaStatementOut(many=True, read_only=True)


class LocationsOut(serializers.Serializer[Any]):
    """What stands (`place` is empty where none is assessed), and all that was assessed, newest first."""

    place = serializers.CharField(read_only=True)
    likelihood = serializers.ChoiceField(choices=Likelihood.choices, read_only=True, allow_blank=True)
    history = LocationOut(many=True, read_only=True)


class SubjectNoteOut(serializers.ModelSerializer[SubjectNote]):
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = SubjectNote
        fields = ["id", "bearing", "text", "exhibits", *ENTERED]
        read_only_fields = fields


class PersonaIn(serializers.Serializer[Any]):
    persona = serializers.ChoiceField(choices=Subject.Persona.choices)
    basis = serializers.CharField(required=False, allow_blank=True, default="", help_text="what shows it")
    exhibits = LabelsIn()


class LocationIn(serializers.Serializer[Any]):
    place = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    likelihood = serializers.ChoiceField(choices=Likelihood.choices, required=False, allow_blank=True, default="")
    basis = serializers.CharField()
    exhibits = LabelsIn()


class SubjectNoteIn(serializers.Serializer[Any]):
    bearing = serializers.ChoiceField(choices=SubjectNote.Bearing.choices)
    text = serializers.CharField()
    exhibits = LabelsIn()
