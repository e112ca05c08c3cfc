"""What the call of a network tells."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject
from casework.network import drawing, words
from casework.network.compose import Network
from casework.network.gather import Edge, Node
from casework.network.kinds import Kind, Sort


class NodeOut(serializers.Serializer[Node]):
    label = serializers.CharField(help_text="S-001, C-001 or G-001")  # type: ignore[assignment]
    sort = serializers.ChoiceField(choices=Sort.choices)
    name = serializers.CharField(help_text="empty of bystanders, and of all accounts where handles were not asked for")
    role = serializers.ChoiceField(choices=Subject.Role.choices, allow_blank=True, help_text="of accounts")
    joined_to = serializers.SerializerMethodField(help_text="to how many others")
    x = serializers.SerializerMethodField(help_text="pixels in the picture; null where it has no room for it")
    y = serializers.SerializerMethodField()

    def get_joined_to(self, node: Node) -> int:
        return int(self.context["neighbours"][node.label])

    def get_x(self, node: Node) -> int | None:
        return self._place(node, 0)

    def get_y(self, node: Node) -> int | None:
        return self._place(node, 1)

    def _place(self, node: Node, axis: int) -> int | None:
        place = self.context["places"].get(node.label)
        return int(place[axis]) if place else None


class EdgeOut(serializers.Serializer[Edge]):
    start = serializers.CharField(help_text="the label of a node")
    end = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    mutual = serializers.BooleanField(source="is_mutual", help_text="the same in both directions")
    count = serializers.IntegerField(help_text="of what the rule of its kind says")
    likelihood = serializers.ChoiceField(choices=Likelihood.choices, allow_blank=True,
                                         help_text="of links between accounts")
    entries = serializers.SerializerMethodField(help_text="taskings and payments that it stands on")
    exhibits = serializers.SerializerMethodField(help_text="exhibits that it stands on")

    def get_entries(self, edge: Edge) -> list[str]:
        return sorted(edge.entries)

    def get_exhibits(self, edge: Edge) -> list[str]:
        return sorted(edge.exhibits)


class RuleOfKindOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Kind.choices)
    rule = serializers.CharField(help_text="what makes an edge of this kind, and what is counted")
    edges = serializers.IntegerField()


class NetworkOut(serializers.Serializer[Network]):
    """Nodes that are joined to most others first; the first `drawn_edges` of the edges are in the picture."""

    problems = serializers.ListField(child=serializers.CharField(), help_text="what was not heeded, in words")
    nodes = serializers.SerializerMethodField()
    edges = EdgeOut(many=True)
    drawn_edges = serializers.IntegerField()
    alone = serializers.IntegerField(help_text="of the case, without an edge that was asked for")
    strangers = serializers.IntegerField(help_text="senders of texts of taskings that match no account of the case")
    rules = serializers.SerializerMethodField(help_text="of the kinds that are there")
    left_out = serializers.SerializerMethodField(help_text="what is not in the picture, in words")
    limits = serializers.SerializerMethodField(help_text="what it does not show, in words")

    @extend_schema_field(NodeOut(many=True))
    def get_nodes(self, found: Network) -> Any:
        nodes: Any = found.nodes
        return NodeOut(nodes, many=True, context={"places": drawing.places_of(found)[0],
                                                  "neighbours": found.neighbours}).data

    @extend_schema_field(RuleOfKindOut(many=True))
    def get_rules(self, found: Network) -> Any:
        return RuleOfKindOut(words.rules(found), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_left_out(self, found: Network) -> list[str]:
        return words.left_out(found)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_limits(self, _found: Network) -> list[str]:
        return [str(one) for one in words.LIMITS]
