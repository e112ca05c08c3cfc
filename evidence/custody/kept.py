"""Tokens and cosignatures that are kept, verified again: each must still prove what its row says."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from evidence.custody import tokens, witnesses
from evidence.custody.outside import Cosignature, Timestamp
from evidence.custody.problem import Problem, attempted
from evidence.tlog import cosignature, note


def problems(checked: Counter[str]) -> Iterator[Problem]:
    """Every problem with what came from outside. Memory stays flat."""
    for token in Timestamp.objects.select_related("checkpoint").order_by("pk").iterator(500):
        checked["timestamps"] += 1
        name = f"timestamp of checkpoint {token.checkpoint_id} by {token.authority}"
        yield from attempted(name, _named, name, _token, token)
    for row in Cosignature.objects.select_related("checkpoint").order_by("pk").iterator(500):
        checked["cosignatures"] += 1
        name = f"cosignature of checkpoint {row.checkpoint_id} by {row.witness}"
        yield from attempted(name, _named, name, _cosignature, row)


def _named(name: str, fault: Callable[[Any], str], row: Any) -> Iterator[Problem]:
    if problem := fault(row):
        yield Problem(name, problem)


def _token(row: Timestamp) -> str:
    try:
        chain = tokens.read_chain(row.chain.encode())
        found = tokens.read(bytes(row.response), data=row.checkpoint.note.encode(), chain=chain)
    except (tokens.NotAnAuthority, tokens.Refused) as error:
        return f"does not verify: {error}"
    told = (found.gen_time, str(found.serial), found.policy, found.accuracy_us)
    return "" if told == (row.gen_time, row.serial, row.policy, row.accuracy_us) else "its row says something else"


def _cosignature(row: Cosignature) -> str:
    try:
        key, text = note.parse_key(row.key), note.parse(row.checkpoint.note.encode()).text
        found = cosignature.find(row.line.encode(), text, key, witnesses.verifies)
    except ValueError as error:
        return f"does not verify: {error}"
    told = (found.time, found.line, key.name)
    return "" if told == (int(row.cosigned_at.timestamp()), row.line, row.witness) else "its row says something else"
