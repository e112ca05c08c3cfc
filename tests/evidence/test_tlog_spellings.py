"""One spelling for one value, and none that a mutation turns into another: canonical events, notes, checkpoints, keys
and tile paths. What a parser takes, its printer writes back byte for byte; whatever else is refused with an error of
its own."""

import base64
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evidence.custody import signer
from evidence.tlog import canonical, checkpoint, note, tiles

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53 - 1), 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)


# A second printer, from the text of RFC 8785 (3.2.2), for the values that have a canonical form here.

SHORT = {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}


def printed(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(SHORT.get(ord(char)) or (f"\\u{ord(char):04x}" if ord(char) < 0x20 else char)
                             for char in value) + '"'
    if isinstance(value, list):
        return "[" + ",".join(printed(part) for part in value) + "]"
    # Names are sorted by UTF-16 code units, which for our ASCII names is the order of their bytes.
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(f"{printed(name)}:{printed(value[name])}" for name in names) + "}"


@given(VALUES)
def test_the_encoding_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical.encode(value) == printed(value).encode("utf-8")


@given(VALUES, VALUES)
def test_two_values_have_one_encoding_only_if_they_are_one_value(one: Any, other: Any) -> None:
    # Python calls 1 and True the same; a value and its type are not.
    assert (canonical.encode(one) == canonical.encode(other)) == (typed(one) == typed(other))


def typed(value: Any) -> Any:
    if isinstance(value, list):
        return "list", tuple(typed(part) for part in value)
    if isinstance(value, dict):
        return "dict", frozenset((name, typed(part)) for name, part in value.items())
    return type(value).__name__, value


# Mutations

INSERTED = [b" ", b"\n", b"\t", b"0", b"-", b"+", b"=", b"\\u0041", b'"', b",", b"{}", b"\xc2\xa0", b"\xef\xbb\xbf"]

@st.composite
def mutated(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> tuple[bytes, bytes]:
    """(bytes, the same with one to three changes: cut out, put in, doubled, exchanged, a bit turned)."""
    before = draw(whole)
    data = bytearray(before)
    for _ in range(draw(st.integers(1, 3))):
        at, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        change = draw(st.sampled_from(["cut", "put", "double", "turn", "case", "reverse"]))
        if change == "cut":
            del data[at:min(end, at + 4)]
        elif change == "put":
            data[at:at] = draw(st.binary(max_size=3) | st.sampled_from(INSERTED))
        elif change == "double":
            data[end:end] = data[at:end]
        elif change == "turn" and data:
            data[min(at, len(data) - 1)] ^= 1 << draw(st.integers(0, 7))
        elif change == "case":
            data[at:end] = data[at:end].swapcase()
        else:
            data[at:end] = data[at:end][::-1]
    return before, bytes(data)


@settings(max_examples=1000)
@given(mutated(VALUES.map(canonical.encode)))
def test_mutated_bytes_are_refused_or_say_something_else(pair: tuple[bytes, bytes]) -> None:
    before, after = pair
    try:
        value = canonical.decode(after)
    except ValueError:
        return
    assert canonical.encode(value) == after
    assert (typed(value) == typed(canonical.decode(before))) == (before == after)


@settings(max_examples=500)
@given(VALUES, st.integers(0, 2**32))
@example({"a": 1, "b": "\u00e9/"}, 1)
def test_every_other_json_spelling_of_a_value_is_refused(value: Any, seed: int) -> None:
    """The same value with white space, another order, needless escapes, surrogate pairs, a fraction or an exponent."""
    loose = random.Random(seed)
    said = spelt(value, loose)
    assert json.loads(said) == value, "any JSON reader takes it for the same"
    if said.encode() != canonical.encode(value):
        with pytest.raises(ValueError, match="not canonical"):
            canonical.decode(said.encode())


def spelt(value: Any, loose: random.Random) -> str:
    space = loose.choice(["", "", " ", "\n", "\t", "\r "])
    if isinstance(value, str):
        return space + '"' + "".join(char_of(char, loose) for char in value) + '"'
    if isinstance(value, bool) or value is None:
        return space + json.dumps(value)
    if isinstance(value, int):
        return space + loose.choice([str(value), str(value), f"{value}.0", f"{value}e0", f"{value}E+0"])
    if isinstance(value, list):
        return space + "[" + ",".join(spelt(part, loose) for part in value) + space + "]"
    names = list(value)
    loose.shuffle(names)
    # A name twice: readers keep the last one.
    twice = names[:1] if loose.random() < 0.2 else []
    return space + "{" + ",".join(f"{spelt(name, loose)}{space}:{spelt(value[name], loose)}"
                                  for name in twice + names) + "}"


def char_of(char: str, loose: random.Random) -> str:
    units = char.encode("utf-16-be")
    escaped = "".join(f"\\u{units[at:at + 2].hex()}" for at in range(0, len(units), 2))
    ways = [escaped, escaped.upper().replace("\\U", "\\u")]
    if char == "/":
        ways.append("\\/")
    if char >= " " and char not in '"\\':
        ways += [char] * 3
    return loose.choice(ways)


# Notes, checkpoints, keys, tile paths: the printer gives back what the parser took.

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = note.Key("log.example/casework", note.ED25519, SIGNER.public_key().public_bytes_raw())
OTHER = note.Key("witness.example/یک", 4, bytes(40))
HEADS = st.builds(
    checkpoint.Checkpoint, st.sampled_from([KEY.name, "log.example/دو"]), st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32), st.lists(st.sampled_from(["more", "— x"]), max_size=2).map(tuple))


def signed(head: checkpoint.Checkpoint) -> bytes:
    return note.sign(checkpoint.write(head), [(KEY, SIGNER.sign), (OTHER, lambda text: bytes(72))])


PRINTED: dict[str, tuple[st.SearchStrategy[bytes], Callable[[bytes], bytes]]] = {
    "note": (HEADS.map(signed), lambda data: note.write(note.parse(data))),
    "checkpoint": (HEADS.map(lambda head: checkpoint.write(head).encode()),
                   lambda data: checkpoint.write(checkpoint.parse(data.decode())).encode()),
    "key": (st.sampled_from([str(KEY).encode(), str(OTHER).encode()]),
            lambda data: str(note.parse_key(data.decode())).encode()),
    "signing key": (st.just(note.PrivateKey(KEY, bytes(range(32))).text().encode()),
                    lambda data: note.parse_private_key(data.decode(), signer._derive).text().encode()),
    "tile path": (st.builds(tiles.Address, st.none() | st.integers(0, 63), st.integers(0, 2**55 - 1),
                            st.integers(1, 256)).map(lambda address: tiles.path(address).encode()),
                  lambda data: tiles.path(tiles.parse(data.decode())).encode()),
    "base64": (st.binary(max_size=12).map(base64.b64encode), lambda data: note.encode64(note.decode64(
        data.decode())).encode()),
}


@pytest.mark.parametrize("what", PRINTED)
def test_what_is_printed_is_read(what: str) -> None:
    strategy, again = PRINTED[what]

    @given(strategy)
    def check(data: bytes) -> None:
        assert again(data) == data

    check()


@pytest.mark.parametrize("what", PRINTED)
def test_what_is_read_is_what_would_be_printed(what: str) -> None:
    strategy, again = PRINTED[what]

    @settings(max_examples=600)
    @given(mutated(strategy))
    def check(pair: tuple[bytes, bytes]) -> None:
        try:
            printed_again = again(pair[1])
        except ValueError:
            # NoteError is one, and so is a text that is no UTF-8 in the first place.
            return
        assert printed_again == pair[1]

    check()


@settings(max_examples=600)
@given(mutated(HEADS.map(signed)))
def test_a_mutated_note_is_refused_or_still_says_what_was_signed(pair: tuple[bytes, bytes]) -> None:
    """Only signatures of keys that the reader does not know can be changed unseen."""
    try:
        read = note.verify(pair[1], [KEY], signer.verifies)
    except note.NoteError:
        return
    assert read.text == note.parse(pair[0]).text
    assert [each for each in read.signatures if each.name == KEY.name and each.key_id == KEY.id]


@given(st.lists(st.integers(0, 7), min_size=1, max_size=4), st.data())
def test_a_private_key_with_a_turned_bit_is_no_key(bits: list[int], data: st.DataObject) -> None:
    secret = bytearray(range(32))
    for bit in set(bits):
        secret[data.draw(st.integers(0, 31))] ^= 1 << bit
    if bytes(secret) != bytes(range(32)):
        with pytest.raises(note.NoteError, match="key id"):
            note.parse_private_key(note.PrivateKey(KEY, bytes(secret)).text(), signer._derive)
