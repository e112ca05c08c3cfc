"""The shapes of imports, messages and posts in the API."""

from base64 import b64encode
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.posts.citing import Cited
from casework.posts.models import Format, Import, Post, Unread
from casework.posts.services import LONGEST
from evidence.jail.exports.records import ACTS, MARKS, RESOLUTIONS

OPTIONS = {"type": "object", "additionalProperties": True,
           "description": "what a person said to the reader: zone, resolution, order, layout, names, columns, time, "
                          "kind, encoding, delimiter, members (docs/exports.md)"}


@extend_schema_field(OPTIONS)
class Said(serializers.DictField):
    """Options of a reader. Which there are, and of which kind, the service says."""


class LookIn(serializers.Serializer[Any]):
    exhibit = serializers.CharField(max_length=40, help_text="an exhibit's label, E-001")
    format = serializers.ChoiceField(choices=Format.choices, required=False, allow_blank=True, default="",
                                     help_text="without it: which ones it may be, as `suggested`")
    options = Said(required=False, default=dict)


class ImportIn(serializers.Serializer[Any]):
    exhibit = serializers.CharField(max_length=40, help_text="an exhibit's label, E-001")
    format = serializers.ChoiceField(choices=Format.choices)
    options = Said(required=False, default=dict)


class WithdrawImportIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST["reason"])


class MemberOut(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="of the member; its first 200 characters")
    sheet = serializers.CharField(help_text="what a workbook calls it, where it is a sheet; else empty")
    bytes = serializers.IntegerField(help_text="unpacked")


class LeftOutOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    first = MemberOut(many=True, help_text="at most a hundred of them, sheets first")


class WholeOut(serializers.Serializer[Any]):
    records = serializers.IntegerField()
    kinds = serializers.DictField(child=serializers.IntegerField(), help_text="`bad`: not understood")
    marks = serializers.DictField(child=serializers.IntegerField())
    framing = serializers.DictField(child=serializers.IntegerField(), help_text="bytes that are no record")
    members = serializers.DictField(child=serializers.IntegerField(), help_text="bytes of each member that was read")
    left_out = LeftOutOut(required=False, help_text="members of the archive that were not read; earlier imports do not "
                                                    "say it")


class AsksOut(serializers.Serializer[Any]):
    what = serializers.CharField(help_text="the option that has to be said first")
    facts = serializers.DictField(help_text="what is known about it")


class ImportOut(serializers.ModelSerializer[Import]):
    exhibit = serializers.CharField(source="exhibit.label", read_only=True)
    members = serializers.ListField(child=serializers.CharField(), read_only=True)
    resolution = serializers.CharField(read_only=True, help_text=(
        "how exactly times are taken at most: minute or day; empty: as they are written"))
    options = Said(read_only=True)
    whole = WholeOut(read_only=True, allow_null=True)
    asks = AsksOut(read_only=True, allow_null=True)
    begun_by = serializers.CharField(read_only=True)

    class Meta:
        model = Import
        fields = ["label", "exhibit", "sha256", "format", "members", "zone", "resolution", "options", "state", "kept",
                  "rows_sha256", "whole", "problem", "asks", "begun_by", "begun_at", "ended_at", "withdrawn_at",
                  "withdrawn_reason"]
        read_only_fields = fields


class AttachmentOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    present = serializers.BooleanField(help_text="whether the archive holds a member of that name")
    size = serializers.IntegerField()


class PostOut(serializers.ModelSerializer[Post]):
    of = serializers.CharField(source="source.label", read_only=True, help_text="the import, I-001")
    resolution = serializers.CharField(read_only=True, help_text=f"of the time: {', '.join(RESOLUTIONS[1:])}, or empty")
    system_act = serializers.CharField(read_only=True, help_text=f"{', '.join(ACTS[1:])}, or empty")
    marks = serializers.ListField(child=serializers.ChoiceField(choices=MARKS), read_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    raw = serializers.DictField(read_only=True, help_text="what the format gives more")
    attachments = serializers.SerializerMethodField()

    class Meta:
        model = Post
        fields = ["label", "of", "position", "kind", "member", "start", "end", "line", "at_text", "local", "at",
                  "resolution", "sender", "sender_id", "text", "attachments", "system_act", "post_id", "url", "counts",
                  "raw", "marks"]
        read_only_fields = fields

    @extend_schema_field(AttachmentOut(many=True))
    def get_attachments(self, post: Post) -> list[dict[str, Any]]:
        return [{"name": name, "present": present, "size": size} for name, present, size in post.attachments]


class CitedOut(serializers.Serializer[Cited]):
    base64 = serializers.SerializerMethodField(help_text="the bytes, at most 64 KiB of them")
    text = serializers.CharField(help_text="the same as text; what is no text is replaced")
    encoding = serializers.CharField()
    cut = serializers.BooleanField(help_text="there are more")
    problem = serializers.CharField(help_text="why there are none")

    def get_base64(self, cited: Cited) -> str:
        return b64encode(cited.data).decode()


class PostDetail(PostOut):
    exhibit = serializers.CharField(source="source.exhibit.label", read_only=True)
    sha256 = serializers.CharField(source="source.sha256", read_only=True)
    zone = serializers.CharField(source="source.zone", read_only=True)
    withdrawn = serializers.SerializerMethodField(help_text="its import was")
    cited = serializers.SerializerMethodField()

    class Meta(PostOut.Meta):
        fields = [*PostOut.Meta.fields, "exhibit", "sha256", "zone", "withdrawn", "cited"]
        read_only_fields = fields

    def get_withdrawn(self, post: Post) -> bool:
        return post.source.withdrawn_at is not None

    @extend_schema_field(CitedOut)
    def get_cited(self, post: Post) -> Any:
        return CitedOut(self.context["cited"]).data


class UnreadOut(serializers.ModelSerializer[Unread]):
    raw = serializers.DictField(read_only=True)

    class Meta:
        model = Unread
        fields = ["position", "member", "start", "end", "line", "reason", "at_text", "text", "raw"]
        read_only_fields = fields


class PostPage(serializers.Serializer[Any]):
    rows = PostOut(many=True)
    next = serializers.CharField(help_text="ask with it as `after`; empty at the end")


class UnreadPage(serializers.Serializer[Any]):
    rows = UnreadOut(many=True)
    next = serializers.CharField(help_text="ask with it as `after`; empty at the end")
