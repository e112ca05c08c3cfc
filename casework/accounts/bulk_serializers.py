"""The shapes of steps for many accounts in the API."""

from typing import Any

from rest_framework import serializers

from casework.accounts import bulk
from casework.accounts.link_serializers import LinkIn
from casework.accounts.serializers import AssessIn
from casework.accounts.tags import Tag


class ManyIn(serializers.Serializer[Any]):
    subjects = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=bulk.MOST,
                                     help_text="labels: S-001")


class TagManyIn(ManyIn):
    tags = serializers.ListField(child=serializers.ChoiceField(choices=Tag.choices), min_length=1,
                                 help_text="beside those that it has")


class LinkManyIn(ManyIn, LinkIn):
    pass


class AssessManyIn(ManyIn, AssessIn):
    pass


class OutcomeOut(serializers.Serializer[Any]):
    subject = serializers.CharField(source="subject.label", read_only=True)
    waits = serializers.BooleanField(read_only=True, help_text="proposed: a second person decides")
    refused = serializers.CharField(read_only=True, help_text="why nothing was done for it; empty: it was")


class OutcomesOut(serializers.Serializer[Any]):
    outcomes = OutcomeOut(many=True, read_only=True)
