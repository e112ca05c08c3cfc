"""What programs get about screening for malware and about unlocked originals."""

from typing import Any

from rest_framework import serializers

from casework.exhibits import gate
from casework.exhibits.models import Unlocking


class ScreenedSerializer(serializers.Serializer[Any]):
    """What the malware scanner said of a file. `off`: there is no scanner; `made`: this system made the file itself. A
    `locked` original is not given out (423) before it is unlocked."""

    state = serializers.ChoiceField(choices=[(state, state) for state in gate.STATES])
    locked = serializers.BooleanField(source="is_locked")
    finding = serializers.CharField()
    engine = serializers.CharField()
    signatures = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class UnlockingSerializer(serializers.ModelSerializer[Unlocking]):
    """Who unlocked which original for themselves, until when and why. `part` is null where the exhibit is one file."""

    exhibit = serializers.CharField(source="exhibit.label")
    part = serializers.IntegerField(source="item.part.position", default=None, allow_null=True)
    person = serializers.CharField()
    seen_by = serializers.CharField(allow_null=True)

    class Meta:
        model = Unlocking
        fields = ["id", "exhibit", "part", "person", "state", "finding", "reason", "at", "until", "seen_by", "seen_at"]
        read_only_fields = fields
