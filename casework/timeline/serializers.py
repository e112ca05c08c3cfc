"""What the call of a timeline tells."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.posts.serializers import PostOut
from casework.timeline import linking, words
from casework.timeline.bursts import Burst
from casework.timeline.compose import Lane, Timeline
from casework.timeline.scale import WIDTHS

KNOWN = list(WIDTHS)


class TickOut(serializers.Serializer[Any]):
    """Rows that may lie anywhere in `start` to `end`, columns of the drawing."""

    start = serializers.IntegerField()
    end = serializers.IntegerField(help_text="the column behind the last")
    known = serializers.ChoiceField(choices=KNOWN)
    rows = serializers.IntegerField()


class LaneOut(serializers.Serializer[Lane]):
    sender = serializers.CharField(source="name")
    sender_id = serializers.SerializerMethodField()
    subject = serializers.SerializerMethodField(help_text="who it may be in the case; empty where none matches")
    matched_by = serializers.ChoiceField(source="how", choices=["", linking.BY_ID, linking.BY_HANDLE])
    rows = serializers.IntegerField(source="count")
    first = serializers.SerializerMethodField(help_text="as exactly as it is known")
    last = serializers.SerializerMethodField()
    ticks = serializers.SerializerMethodField()

    def get_sender_id(self, lane: Lane) -> str:
        return lane.key[0]

    def get_subject(self, lane: Lane) -> str:
        return lane.subject.label if lane.subject else ""

    def get_first(self, lane: Lane) -> str:
        return words.shown(lane.first, lane.first_resolution)

    def get_last(self, lane: Lane) -> str:
        return words.shown(lane.last, lane.last_resolution)

    @extend_schema_field(TickOut(many=True))
    def get_ticks(self, lane: Lane) -> list[dict[str, Any]]:
        window = self.context["scale"]
        return [{"start": start, "end": end, "known": known, "rows": rows} for column, known, rows in lane.marks
                for start, end in [window.covers(column, known)] if end > start]


class BarOut(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    rows = serializers.IntegerField()


class BurstOut(serializers.Serializer[Burst]):
    senders = serializers.IntegerField()
    rows = serializers.IntegerField()
    first = serializers.DateTimeField()
    last = serializers.DateTimeField()
    known = serializers.ChoiceField(source="resolution", choices=["second", "minute"])
    minutes = serializers.IntegerField(help_text="counted up: never too few")
    post = PostOut(help_text="the first of them")


class RuleOut(serializers.Serializer[Any]):
    tasking = serializers.CharField(source="label")
    channel = serializers.CharField(source="channel.label")
    at = serializers.CharField(source="shown_at", help_text="as exactly as it is known")


class ChannelMarkOut(serializers.Serializer[Any]):
    channel = serializers.CharField(source="channel.label")
    fact = serializers.CharField(help_text="`created`, `deleted` or `recreated`")
    at = serializers.CharField(source="shown_at")


class TimelineOut(serializers.Serializer[Timeline]):
    """`lanes` are the busiest of `senders`; `by_day` rows are in their lanes and in no bar, `untimed` in neither."""

    start = serializers.DateTimeField(source="scale.start")
    column_seconds = serializers.IntegerField(source="scale.width")
    columns = serializers.IntegerField(source="scale.columns")
    rows = serializers.IntegerField(source="total")
    by_day = serializers.IntegerField()
    untimed = serializers.IntegerField()
    senders = serializers.IntegerField()
    lanes = serializers.SerializerMethodField()
    bars = serializers.SerializerMethodField()
    taskings = RuleOut(source="rules", many=True)
    more_taskings = serializers.IntegerField(source="more_rules", help_text="in the window, beyond those listed")
    channels = ChannelMarkOut(source="marks", many=True)
    more_channels = serializers.IntegerField(source="more_marks")
    bursts = BurstOut(many=True)
    limits = serializers.SerializerMethodField(help_text="what it does not show, in words")

    @extend_schema_field(LaneOut(many=True))
    def get_lanes(self, found: Timeline) -> Any:
        lanes: Any = found.lanes
        return LaneOut(lanes, many=True, context={"scale": found.scale}).data

    @extend_schema_field(BarOut(many=True))
    def get_bars(self, found: Timeline) -> Any:
        return BarOut([{"start": start, "end": end, "rows": rows} for start, end, rows in found.bars], many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_limits(self, _found: Timeline) -> list[str]:
        return [str(one) for one in words.LIMITS]


class TimelinePage(serializers.Serializer[Any]):
    problems = serializers.ListField(child=serializers.CharField(), help_text="what was not heeded, in words")
    narrowed = serializers.CharField(help_text="which rows are there, in words; empty where all are")
    timeline = TimelineOut(allow_null=True, help_text="null where no row with a time is there")
