"""The shapes of many accounts at once in the API."""

from typing import Any

from rest_framework import serializers

from casework.accounts import drafts, observing
from casework.calls import Within
from casework.exhibits import platform_addresses
from casework.exhibits.platforms import Platform
from evidence.jail.exports.sources import ENCODINGS


class DraftsIn(serializers.Serializer[Any]):
    links = serializers.CharField(max_length=drafts.LONGEST, trim_whitespace=False, required=False, allow_blank=True,
                                  default="", help_text=f"one on a line, at most {drafts.MOST}")
    table = serializers.CharField(max_length=40, required=False, allow_blank=True, default="",
                                  help_text="or the exhibit that is a table of accounts, E-012")
    encoding = serializers.ChoiceField(choices=ENCODINGS, required=False, allow_blank=True, default="",
                                       help_text="of the table; as the file says, or UTF-8, where it is empty")


class DraftOut(serializers.Serializer[Any]):
    """What one line says. With a `problem` nothing can be made of it."""

    line = serializers.IntegerField(read_only=True)
    text = serializers.CharField(read_only=True)
    platform = serializers.ChoiceField(choices=[("", ""), *Platform.choices], read_only=True)
    handle = serializers.CharField(read_only=True)
    display_name = serializers.CharField(read_only=True)
    stable_id = serializers.CharField(read_only=True)
    address = serializers.CharField(read_only=True)
    exhibit = serializers.CharField(read_only=True)
    post_id = serializers.CharField(read_only=True)
    posted_at = serializers.DateTimeField(read_only=True, allow_null=True,
                                          help_text="derived: the id of the post carries it")
    posted_at_exactness = serializers.ChoiceField(source="exactness", choices=["", "millisecond", "second"],
                                                  read_only=True)
    copy_of = serializers.IntegerField(read_only=True, help_text="an earlier line that says the same; 0: none")
    with_line = serializers.IntegerField(read_only=True, help_text="the first line of the same account; 0: this one")
    known = serializers.ListField(child=serializers.CharField(), read_only=True,
                                  help_text="subjects of this case with its id, or else with its handle")
    problem = serializers.CharField(read_only=True)


class DraftsOut(serializers.Serializer[Any]):
    drafts = DraftOut(many=True, read_only=True)


class RowIn(Within):
    line = serializers.IntegerField(min_value=1, max_value=10_000_000, help_text="for what is said of it")
    platform = serializers.ChoiceField(choices=Platform.choices)
    handle = serializers.CharField(max_length=observing.LENGTHS["handle"], allow_blank=True)
    display_name = serializers.CharField(max_length=observing.LENGTHS["display_name"], required=False, allow_blank=True,
                                         default="")
    stable_id = serializers.CharField(max_length=observing.LENGTHS["stable_id"], required=False, allow_blank=True,
                                      default="")
    address = serializers.CharField(max_length=platform_addresses.LONGEST, required=False, allow_blank=True, default="")
    exhibit = serializers.CharField(max_length=40, required=False, allow_blank=True, default="",
                                    help_text="an exhibit's label, E-001; that of all rows where it is empty")


class RowsIn(serializers.Serializer[Any]):
    exhibit = serializers.CharField(max_length=40, required=False, allow_blank=True, default="",
                                    help_text="an exhibit's label, E-001")
    rows = serializers.ListField(child=RowIn(), max_length=drafts.MOST)


class EnteredOut(serializers.Serializer[Any]):
    labels = serializers.ListField(child=serializers.CharField(), read_only=True,
                                   help_text="of the subjects, one for each row, in their order")
