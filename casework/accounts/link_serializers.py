"""The shapes of links and tags in the API."""

from typing import Any

from rest_framework import serializers

from casework.accounts.likelihood import Likelihood
from casework.accounts.link_models import AccountLink
from casework.accounts.linking import LENGTHS
from casework.accounts.models import Subject
from casework.accounts.serializers import ENTERED
from casework.accounts.statement_serializers import LabelsIn
from casework.accounts.tags import Tag


class LinkOut(serializers.ModelSerializer[AccountLink]):
    """`subject` has to do with `other`, as `kind` says."""

    subject = serializers.CharField(source="subject.label", read_only=True)
    other = serializers.CharField(source="other.label", read_only=True)
    exhibits = serializers.SlugRelatedField[Any](slug_field="label", many=True, read_only=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = AccountLink
        fields = ["id", "subject", "kind", "other", "likelihood", "basis", "exhibits", *ENTERED]
        read_only_fields = fields


class LinkIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=AccountLink.Kind.choices)
    other = serializers.CharField(max_length=40, help_text="an account of this case, S-002")
    likelihood = serializers.ChoiceField(choices=Likelihood.choices)
    basis = serializers.CharField(max_length=LENGTHS["basis"])
    exhibits = LabelsIn()


class TagsOut(serializers.ModelSerializer[Subject]):
    tags = serializers.ListField(child=serializers.ChoiceField(choices=Tag.choices), read_only=True)

    class Meta:
        model = Subject
        fields = ["label", "tags"]
        read_only_fields = fields


class TagsIn(serializers.Serializer[Any]):
    tags = serializers.ListField(child=serializers.ChoiceField(choices=Tag.choices), help_text="all of them")
