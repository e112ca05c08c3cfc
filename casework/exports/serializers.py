"""What calls that take a file out are sent."""

from typing import Any

from rest_framework import serializers

from casework.exports.services import PURPOSE_LENGTH


class TakeOutIn(serializers.Serializer[Any]):
    purpose = serializers.CharField(max_length=PURPOSE_LENGTH, help_text="what it is taken out for")
