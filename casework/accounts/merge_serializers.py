"""The shapes of merges in the API."""

from typing import Any

from rest_framework import serializers

from casework.accounts.merge_models import Merge
from casework.accounts.merging import LENGTHS
from casework.accounts.serializers import ENTERED


class MergeOut(serializers.ModelSerializer[Merge]):
    """`merged` is the account that `kept` is. `withdrawn_at`: when that was undone."""

    kept = serializers.CharField(source="kept.label", read_only=True)
    merged = serializers.CharField(source="merged.label", read_only=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Merge
        fields = ["kept", "merged", "reason", *ENTERED]
        read_only_fields = fields


class MergeIn(serializers.Serializer[Any]):
    other = serializers.CharField(max_length=40, help_text="the duplicate, an account of this case: S-003")
    reason = serializers.CharField(max_length=LENGTHS["reason"], help_text="what shows that they are one account")
