"""What calls tell of matches."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.coordination import lag, words
from casework.coordination.compose import Match, Window
from casework.coordination.services import Shown
from casework.posts import normal
from casework.posts.serializers import PostOut

ORDERS = [lag.AFTER, lag.BEFORE, lag.UNSURE]


class LagOut(serializers.Serializer[lag.Lag]):
    """Seconds: more than the one and less than the other, negative where the post came first."""

    more_than = serializers.SerializerMethodField()
    less_than = serializers.SerializerMethodField()
    order = serializers.ChoiceField(choices=ORDERS, help_text="`unsure`: the times do not say which came first")
    within = serializers.SerializerMethodField(help_text="the finest that may be said; empty unless it came after")
    coarsest = serializers.ChoiceField(choices=list(lag.WIDTHS), help_text="the resolution of the coarser time")

    def get_more_than(self, found: lag.Lag) -> float:
        return found.least.total_seconds()

    def get_less_than(self, found: lag.Lag) -> float:
        return found.most.total_seconds()

    def get_within(self, found: lag.Lag) -> str:
        return found.within if found.order == lag.AFTER else ""


class LeadOut(serializers.Serializer[Match]):
    post = PostOut()
    lag = LagOut(allow_null=True, help_text="null where a time is missing")
    share = serializers.IntegerField(help_text="of the text, in per cent, by runs of eight characters")


class MatchOut(serializers.Serializer[Match]):
    post = PostOut()
    lag = LagOut(allow_null=True, help_text="null where a time is missing")
    additions = serializers.BooleanField(source="has_additions", help_text=(
        "equal only without what is added around the text, in it or in the tasking"))
    repost = serializers.BooleanField(source="is_repost", help_text="the export says so, or its text begins with RT @")


class ControlOut(serializers.Serializer[Any]):
    week_before = serializers.IntegerField()
    tasking = serializers.IntegerField()
    week_after = serializers.IntegerField()


class CountsOut(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    reposts = serializers.IntegerField(help_text="of these")
    senders = serializers.IntegerField(help_text="different ones, as written")
    repeated = serializers.IntegerField(help_text="have the number of another one: the imports overlap")
    after = serializers.IntegerField()
    before = serializers.IntegerField()
    unsure = serializers.IntegerField(help_text="the times do not say")
    untimed = serializers.IntegerField(help_text="a time is missing")
    middle = LagOut(allow_null=True, help_text="the median lag of those after lies in it")
    control = ControlOut(allow_null=True, help_text="within a day of the tasking's time, and of that shifted by a week")


class WindowOut(serializers.Serializer[Window]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class MatchPage(serializers.Serializer[Shown]):
    tasking = serializers.CharField(source="matches.tasking.label")
    version = serializers.SerializerMethodField(help_text="of the spelling in which texts are compared")
    problem = serializers.ChoiceField(source="matches.problem", choices=[
        "", "weak", "short", "empty", "other"], help_text=(
            "`weak`: the text is short, and matched in `window` alone; `short`: it is, and no window is known, so "
            "nothing is matched; `empty`: it is addresses and mentions alone, so nothing is matched; `other`: some "
            "rows were spelled by another version"))
    window = WindowOut(source="matches.window", allow_null=True)
    compared = serializers.IntegerField(source="matches.compared", help_text="rows of imports that stand")
    imports = serializers.SerializerMethodField()
    posts = CountsOut(source="matches.posts")
    messages = CountsOut(source="matches.messages")
    first = MatchOut(source="matches.first", allow_null=True, help_text="the earliest post")
    limits = serializers.SerializerMethodField(help_text="what it does not show, in words")
    kind = serializers.CharField(help_text="of the rows")
    rows = MatchOut(many=True)
    next = serializers.CharField(help_text="ask with it as `after`; empty at the end")

    def get_version(self, _shown: Shown) -> int:
        return normal.VERSION

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_imports(self, shown: Shown) -> list[str]:
        return [one.label for one in shown.matches.imports]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_limits(self, _shown: Shown) -> list[str]:
        return [str(one) for one in words.LIMITS]


class NearPage(serializers.Serializer[Any]):
    found = serializers.IntegerField()
    looked_at = serializers.IntegerField()
    start = serializers.DateTimeField(allow_null=True, help_text="of those that were looked at")
    end = serializers.DateTimeField(allow_null=True)
    rows = LeadOut(many=True)


class ProposalOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    title = serializers.CharField()
    claim = serializers.CharField()
    method = serializers.CharField()
    against = serializers.CharField(help_text="empty where counts say nothing against it: say what does")
    exhibits_for = serializers.ListField(child=serializers.CharField(), help_text="labels, E-001")
