"""Events that tell of an item in another context than the one that it came in. No act of ours records one: whoever puts
one in would have it read by those who see that context, and by nobody who verifies the case of the item."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from evidence.custody.kinds import Kind
from evidence.custody.models import Erasure, Payload
from evidence.custody.problem import Problem
from evidence.intake import services as intake
from evidence.intake.models import Item


def problems(items: Sequence[Item]) -> Iterator[Problem]:
    """Each such event of `items`, erased ones too. What has no accession is named by who looks for that."""
    subjects = [intake.subject(item) for item in items]
    told = [row for model in (Payload, Erasure) for row in model.objects.filter(subject__in=subjects).order_by(
        "at", "pk").values_list("pk", "kind", "subject", "context")]
    own: defaultdict[str, set[str]] = defaultdict(set)
    for _event, kind, subject, context in told:
        if kind == Kind.ACCESSION:
            own[subject].add(context)
    for event, _kind, subject, context in told:
        if own[subject] and context not in own[subject]:
            yield Problem(subject, f"is told of in {context or 'no context'} (event {event}), where it did not come in")
