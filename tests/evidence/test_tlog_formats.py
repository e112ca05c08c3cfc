"""Tiles, notes, checkpoints and canonical events: one spelling each, and nothing else is read."""

import base64
import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from evidence.custody import signer
from evidence.tlog import canonical, checkpoint, merkle, note, tiles

SEED = bytes(range(32))
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
KEY = note.Key("log.example/casework", note.ED25519, PRIVATE.public_key().public_bytes_raw())
OTHER = note.Key("log.example/other", note.ED25519, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
TEXT = "log.example/casework\n0\n" + base64.b64encode(merkle.EMPTY_ROOT).decode() + "\n"
SIGNED = note.sign(TEXT, [(KEY, PRIVATE.sign)])
NAMES = st.text(min_size=1, max_size=20).filter(note.is_name)


# Tiles

@pytest.mark.parametrize(("address", "path"), [
    (tiles.Address(0, 0), "0/000"), (tiles.Address(0, 1234067), "0/x001/x234/067"),
    (tiles.Address(1, 5, 8), "1/005.p/8"), (tiles.Address(None, 1000, 255), "entries/x001/000.p/255"),
    (tiles.Address(63, 2**55 - 1), "63/x036/x028/x797/x018/x963/967")])
def test_a_tile_has_one_path(address: tiles.Address, path: str) -> None:
    assert tiles.path(address) == path
    assert tiles.parse(path) == address


@pytest.mark.parametrize("path", [
    "", "0", "0/", "0/0", "0/0000", "0/x000/000", "00/000", "64/000", "99/000", "-1/000", "0/001.p/0", "0/001.p/256",
    "0/001.p/08", "0/001.p/", "0/001.p/1/", "0/x1/000", "0/000/001", "0/x036/x028/x797/x018/x963/968", "x/000",
    "entries/", "0/٠٠٠", "0/000\n", "0/" + "x999/" * 2000 + "000"])
def test_another_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not a tile path"):
        tiles.parse(path)


@given(st.integers(0, 2**55 - 1), st.integers(1, 256), st.one_of(st.none(), st.integers(0, 63)))
def test_every_address_survives_its_path(number: int, width: int, level: int | None) -> None:
    address = tiles.Address(level, number, width)
    assert tiles.parse(tiles.path(address)) == address


def test_a_builder_goes_on_only_from_the_true_edge() -> None:
    with pytest.raises(ValueError, match="last tiles"):
        tiles.Builder(3, [bytes(64)])
    with pytest.raises(LookupError):
        tiles.reader(lambda level, number: bytes(32))(0, 1)


# Notes

def test_a_note_says_what_was_signed_and_by_whom() -> None:
    read = note.verify(SIGNED, [OTHER, KEY], signer.verifies)
    assert read.text == TEXT
    assert [each.name for each in read.signatures] == [KEY.name]
    assert note.write(note.parse(SIGNED)) == SIGNED


def test_an_unknown_signature_is_ignored_and_a_wrong_one_of_a_known_key_refuses_all() -> None:
    stranger = Ed25519PrivateKey.generate()
    both = note.sign(TEXT, [(KEY, PRIVATE.sign), (OTHER, stranger.sign)])
    assert note.verify(both, [KEY], signer.verifies).text == TEXT
    with pytest.raises(note.NoteError, match="other is wrong"):
        note.verify(both, [KEY, OTHER], signer.verifies)
    with pytest.raises(note.NoteError, match="not signed by a known key"):
        note.verify(SIGNED, [OTHER], signer.verifies)


def test_no_flipped_bit_of_a_note_is_accepted_as_the_same_statement() -> None:
    for bit in range(8 * len(SIGNED)):
        changed = bytearray(SIGNED)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(note.NoteError):
            note.verify(bytes(changed), [KEY], signer.verifies)


@pytest.mark.parametrize("bad", [
    b"", b"\n\n", TEXT.encode(), SIGNED[:-1], SIGNED + b"\n", SIGNED.replace(b"\n\n", b"\n"), b"\xff" + SIGNED,
    SIGNED.replace(b"\n\n", b"\r\n\n"), SIGNED.replace("— ".encode(), b"- "), SIGNED + b"trailing\n",
    SIGNED.replace(b"casework ", b"case work ", 1), b"\x00" + SIGNED, SIGNED * 30_000,
    TEXT.encode() + b"\n" + SIGNED.split(b"\n\n")[1] * 101])
def test_what_is_no_note_is_refused(bad: bytes) -> None:
    with pytest.raises(note.NoteError):
        note.verify(bad, [KEY], signer.verifies)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_an_error_of_ours(data: bytes) -> None:
    for text in (data, TEXT.encode() + b"\n" + data, data + b"\n" + SIGNED):
        try:
            read = note.parse(text)
        except note.NoteError:
            continue
        assert note.write(read) == text


@given(st.text(max_size=100), NAMES)
def test_what_can_be_signed_reads_back(text: str, name: str) -> None:
    assume(all(char == "\n" or char >= " " for char in text) and text.isprintable() or "\n" in text)
    assume(not any(char < " " and char != "\n" for char in text))
    key = note.Key(name, note.ED25519, KEY.material)
    signed = note.sign(text + "\n", [(key, PRIVATE.sign)])
    assert note.verify(signed, [key], signer.verifies).text == text + "\n"


@given(NAMES)
def test_keys_have_one_spelling(name: str) -> None:
    key = note.Key(name, note.ED25519, KEY.material)
    assert note.parse_key(str(key)) == key
    private = note.PrivateKey(key, SEED)
    assert note.parse_private_key(private.text(), signer._derive) == private
    assert base64.b64encode(SEED).decode()[:20] not in f"{private} {private!r}"


@pytest.mark.parametrize("text", [
    "", "name", "name+00000000", f"{KEY}=", str(KEY).replace("+", " ", 1), str(KEY)[:-1], str(KEY).upper(),
    re.sub(r"\+[0-9a-f]{8}\+", "+00000000+", str(KEY)), f"+{KEY}", f"a b{KEY}", str(KEY) + "\n"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(note.NoteError):
        note.parse_key(text)


def test_a_signing_key_that_is_not_its_own_is_refused() -> None:
    text = note.PrivateKey(KEY, SEED).text()
    assert text.startswith("PRIVATE+KEY+log.example/casework+")
    with pytest.raises(note.NoteError, match="key id"):
        note.parse_private_key(note.PrivateKey(KEY, bytes(32)).text(), signer._derive)
    with pytest.raises(note.NoteError, match="not a signing key"):
        note.parse_private_key(str(KEY), signer._derive)


# Checkpoints

@given(NAMES, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_reads_back(origin: str, size: int, root: bytes) -> None:
    head = checkpoint.Checkpoint(origin, size, root)
    assert checkpoint.parse(checkpoint.write(head)) == head


ROOT64 = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize("text", [
    "", "a\n1\n", f"a\n1\n{ROOT64}", f"\n1\n{ROOT64}\n", f"a b\n1\n{ROOT64}\n", f"a+b\n1\n{ROOT64}\n",
    f"a\n01\n{ROOT64}\n", f"a\n-1\n{ROOT64}\n", f"a\n+1\n{ROOT64}\n", f"a\n1 \n{ROOT64}\n", f"a\n１\n{ROOT64}\n",
    f"a\n{2**63}\n{ROOT64}\n", f"a\n1\n{ROOT64[:-1]}\n", f"a\n1\n{ROOT64[:-2]}B=\n", "a\n1\nAAAA\n",
    f"a\n0\n{ROOT64}\n", f"a\n1\n{ROOT64}\n\n", f"a\n1\n{ROOT64}\n\nx\n", f"a\n1\n {ROOT64}\n"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(note.NoteError):
        checkpoint.parse(text)


def test_extension_lines_are_kept_because_they_are_signed() -> None:
    assert checkpoint.parse(f"a\n1\n{ROOT64}\nmore\n").extensions == ("more",)


# Canonical events

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53 - 1), 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20)


@given(VALUES)
def test_an_event_survives_its_encoding(value: object) -> None:
    data = canonical.encode(value)
    assert canonical.decode(data) == value
    assert json.loads(data) == value


@given(VALUES, VALUES)
def test_different_values_have_different_encodings(one: object, other: object) -> None:
    assert (canonical.encode(one) == canonical.encode(other)) == (repr(_ordered(one)) == repr(_ordered(other)))


def _ordered(value: object) -> object:
    if isinstance(value, dict):
        return {"sorted": sorted((key, _ordered(part)) for key, part in value.items())}
    return [_ordered(part) for part in value] if isinstance(value, list) else value


@given(st.dictionaries(KEYS, WORDS, min_size=2, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, str]) -> None:
    assert canonical.encode(value) == canonical.encode(dict(reversed(value.items())))


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_decode_to_what_encodes_to_them_or_are_refused(data: bytes) -> None:
    try:
        value = canonical.decode(data)
    except ValueError:
        return
    assert canonical.encode(value) == data


@pytest.mark.parametrize("data", [
    b"", b" {}", b"{} ", b'{"b":1,"a":2}', b'{"a":1,"a":1}', b'{"a": 1}', b"1.0", b"1e3", b"-0", b"01", b"NaN",
    b"Infinity", b'"\\u0041"', b'"\\/"', b'"\\ud800"', b'{"A":1}', b'{"a\\n":1}', b'{"":1}', b"9007199254740992",
    b"9" * 5000, b"[" * 5000, b"[" * 17 + b"]" * 17, b'"\xff"', b"\xef\xbb\xbf{}", b"tru", '{"é":1}'.encode()])
def test_another_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        canonical.decode(data)


@pytest.mark.parametrize("value", [
    1.0, (1,), b"x", {1: 2}, {"a\n": 1}, {"a" * 65: 1}, "\ud800", 2**53, object(), {"a": {"B": 1}}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        canonical.encode(value)
