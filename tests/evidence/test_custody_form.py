"""What is no event of the format is not recorded, not taken by the database, and named by `verify` just where the
offline verifiers refuse it."""

import copy
import random
import secrets
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from evidence.custody import form, rows, services, verify
from evidence.custody.kinds import Kind
from evidence.tlog import canonical
from evidence.tlog.offline.events import read_event
from tests.evidence import custody_log as given
from tests.evidence import poison

CONTEXT = "case/CW-2026-0001"
VALUES: list[Any] = [None, True, False, 0, 1, 7, "", "x", "log", "item/1", "Item/1", "a_b/\n", "item/", "/x", "1/x",
                     "é/x", [], ["person"], {}, {"type": "person"}, "person", "software", "2026-02-30T00:00:00.000000Z",
                     "2026-03-14T24:00:00.000000Z", "2026-03-14T23:59:60.000000Z", "2026-03-14T18:05:09.123456",
                     "0000-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z", "2024-02-29T00:00:00.000000Z",
                     "20260314T180509.123456Z", "2026-03-14T18:05:09.123456Z\n", "decision", "Decision",
                     "5F0C3D2E-8a41-4d0e-9c55-0b8f2a6d7e10", "5f0c3d2e8a414d0e9c550b8f2a6d7e10"]
BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("an agent that is a number", {"agent": 7}, "agent"),
    ("an agent with one more member", {"agent": {"type": "person", "name": "x", "role": "lead"}}, "agent"),
    ("an agent that is no kind of agent", {"agent": {"type": "robot", "name": "x"}}, "agent"),
    ("an agent whose name is no text", {"agent": {"type": "person", "name": 1}}, "agent"),
    ("a detail that is a text", {"detail": "x"}, "detail"),
    ("a detail that is a list", {"detail": [1]}, "detail"),
    ("a member more", {"note": "x"}, "no event of format 1"),
    ("a version that is true", {"v": True}, "no event of format 1"),
]


def sound() -> dict[str, Any]:
    return poison.event("access", "exhibit/CW-2026-0001/E-001", CONTEXT, {"act": "exhibit_viewed"},
                        agent={"type": "person", "name": "Imran Sethi", "id": "user/1"})


def ours(content: str) -> str:
    """What our own check says of a payload that is committed to and whose columns repeat it."""
    data, salt = content.encode(), secrets.token_bytes(32)
    try:
        event = canonical.decode(data)
    except ValueError:
        event = None
    told = [event.get(name) for name in ("kind", "subject", "context", "at")] if isinstance(event, dict) else [""] * 4
    pk = event.get("id") if isinstance(event, dict) else ""
    return rows.read(rows.Row(pk, services.commitment(salt, data), salt, data, *told))[1]


def theirs(content: str) -> str:
    try:
        read_event(content)
    except ValueError as error:
        return str(error) or "refused"
    return ""


def mutated(chance: random.Random) -> str:
    """The text of an event in which up to two things are otherwise; sometimes it is still one."""
    event: dict[str, Any] = copy.deepcopy(sound())
    for _ in range(chance.randrange(3)):
        where = chance.choice([event, event, event["agent"]]) if isinstance(event.get("agent"), dict) else event
        name = chance.choice([*where, "more"])
        if chance.random() < 0.2:
            where.pop(name, None)
        else:
            where[name] = chance.choice(VALUES)
    text = canonical.encode(event).decode()
    spelt = chance.randrange(20)
    if spelt == 0:
        return text.replace(":", ": ", 1)
    if spelt == 1:
        return text.replace('"v":1', f'"v":{chance.choice(["1.0", "-0", "01", "9" * 17, "1e0"])}')
    return text


def test_our_check_and_the_offline_verifier_say_the_same_of_every_event() -> None:
    chance, verdicts = random.Random("events"), set()
    for number in range(6000):
        content = mutated(chance)
        assert bool(ours(content)) == bool(theirs(content)), f"{number}: {content}\n{ours(content)}\n{theirs(content)}"
        verdicts.add(ours(content))
    assert len(verdicts) > 8, "the mutations do not reach every rule"


@pytest.mark.parametrize("name", ["id", "at", "kind", "subject", "context", "agent", "detail", "v"])
def test_they_say_the_same_of_every_value_in_every_member(name: str) -> None:
    for value in VALUES:
        content = canonical.encode(sound() | {name: value}).decode()
        assert bool(ours(content)) == bool(theirs(content)), content


@pytest.mark.parametrize(("members", "word"), [pytest.param(more, word, id=name) for name, more, word in BROKEN])
def test_what_breaks_the_format_is_named_where_the_offline_verifier_refuses_it(real_db: None, members: dict[str, Any],
                                                                              word: str) -> None:
    given.key()
    made = sound() | members
    assert theirs(canonical.encode(made).decode())
    pk = poison.insert(made)
    found = {problem.object: problem.problem for problem in verify.verify_all()}
    assert list(found) == [f"event {pk} (leaf 0)"]
    assert word in found[f"event {pk} (leaf 0)"]
    assert [problem.object for problem in verify.verify_context(CONTEXT)] == [f"event {pk}"]


@pytest.mark.django_db
@pytest.mark.parametrize(("what", "word"), [
    ({"agent": 7}, "agent"), ({"agent": {"type": "person", "name": "x", "role": "lead"}}, "agent"),
    ({"agent": {"name": "x"}}, "agent"), ({"subject": "no word"}, "subject"), ({"subject": "Item/1"}, "subject"),
    ({"context": "anything at all"}, "context"), ({"kind": "gossip"}, "unknown kind gossip"),
    ({"detail": "x"}, "detail")])
def test_what_breaks_the_format_is_not_recorded(what: dict[str, Any], word: str) -> None:
    said: dict[str, Any] = {"subject": "exhibit/1", "context": CONTEXT, "agent": services.SYSTEM, "detail": {}}
    with pytest.raises(ValueError, match=word):
        services.record(**{"kind": Kind.ACCESS} | said | what)


@pytest.mark.django_db
@pytest.mark.parametrize("what", [{"subject": "no word"}, {"subject": "item/"}, {"subject": "ITEM/1"}, {"context": "x"},
                                  {"context": "1/2"}, {"kind": "gossip"}, {"kind": ""}])
def test_the_database_takes_no_other_words(what: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match="has_words"), transaction.atomic():
        poison.insert(sound() | what)


@pytest.mark.django_db
def test_the_database_takes_every_kind_and_context_of_the_format() -> None:
    given.key()
    for kind in Kind:
        poison.insert(sound() | {"kind": str(kind), "subject": "item/\nx", "detail": {"outcome": "x"}})
    for context in ("", "log", "case/x"):
        poison.insert(sound() | {"context": context})
    assert list(verify.verify_all()) == []


def test_a_sound_event_breaks_nothing() -> None:
    assert form.fault(sound()) == ""
