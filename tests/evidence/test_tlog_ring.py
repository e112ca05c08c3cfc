"""A log that changes keys: which signature counts at which size, and one spelling for the list of keys."""

import base64
from itertools import product

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from evidence.custody import signer
from evidence.tlog import checkpoint, note, ring
from evidence.tlog.ring import Term

NAME = "log.example/casework"
PRIVATE = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(4)]
KEYS = [note.Key(NAME, note.ED25519, private.public_key().public_bytes_raw()) for private in PRIVATE]
NEW, OLD, OLDEST, STRANGE = KEYS
ROOT = bytes(range(32))
RING = (Term(NEW, since=11), Term(OLD, since=5, until=14), Term(OLDEST, until=5))


def signed(size: int, *who: int, origin: str = NAME) -> bytes:
    text = checkpoint.write(checkpoint.Checkpoint(origin, size, ROOT))
    return note.sign(text, [(KEYS[number], PRIVATE[number].sign) for number in who])


def verdict(size: int, *who: int, keys: ring.Ring = RING) -> str:
    """"" where it counts, else why not."""
    try:
        return ring.read(signed(size, *who), keys, signer.verifies).doubt
    except note.NoteError as error:
        return str(error)


@pytest.mark.parametrize(("size", "who", "said"), [
    (1, (2,), ""), (5, (2,), ""), (6, (2,), "retired at size 5"), (4, (1,), "from size 5 on"), (5, (1,), ""),
    (5, (1, 2), ""), (10, (1,), ""), (11, (0, 1), ""), (14, (0, 1), ""), (14, (1,), ""),
    (15, (0, 1), "retired at size 14"), (15, (1,), "retired at size 14"), (15, (0,), ""),
    (10, (0,), "from size 11 on"), (10, (0, 1), "from size 11 on"),
    (12, (0, 1, 3), ""), (12, (3,), "not signed by a known key"), (12, (), "not signed"), (10**12, (0,), "")])
def test_a_signature_counts_at_the_sizes_of_its_key(size: int, who: tuple[int, ...], said: str) -> None:
    if not who:
        with pytest.raises(note.NoteError):
            signed(size, *who)
        return
    assert said in verdict(size, *who)
    assert bool(verdict(size, *who)) == bool(said)


def test_what_a_revoked_key_signed_from_then_on_counts_for_nothing() -> None:
    keys = (Term(NEW, since=11), Term(OLD, since=5, until=14, revoked=8), Term(OLDEST, until=5))
    assert verdict(7, 1, keys=keys) == ""
    for size in (8, 10, 14, 15, 99):
        assert "revoked from size 8 on" in verdict(size, 1, keys=keys)
    assert verdict(12, 0, 1, keys=keys) == "", "the other key's signature is enough"
    assert verdict(99, 0, 1, keys=keys) == "", "a thief cannot spoil a good note by signing it too"
    assert ring.read(signed(9, 1), keys, signer.verifies).head.size == 9, "what it says can still be compared"


def test_a_wrong_signature_of_any_of_the_keys_refuses_the_note() -> None:
    for who, size in (((0, 1), 12), ((1, 2), 5)):
        good = signed(size, *who)
        for number in range(len(who)):
            lines = good.decode().rstrip("\n").split("\n")
            at = len(lines) - len(who) + number
            name, blob = lines[at].rsplit(" ", 1)
            broken = bytearray(base64.b64decode(blob))
            broken[20] ^= 1
            lines[at] = f"{name} {base64.b64encode(broken).decode()}"
            with pytest.raises(note.NoteError, match="is wrong"):
                ring.read(("\n".join(lines) + "\n").encode(), RING, signer.verifies)


def test_a_checkpoint_of_another_log_is_refused_though_the_key_is_ours() -> None:
    with pytest.raises(note.NoteError, match="another log"):
        ring.read(signed(12, 0, origin="log.example/other"), RING, signer.verifies)
    with pytest.raises(note.NoteError):
        ring.read(note.sign("not a checkpoint\n", [(NEW, PRIVATE[0].sign)]), RING, signer.verifies)


def test_every_term_means_what_a_plain_reading_of_it_means() -> None:
    """All small terms at all small sizes, beside the sentence in the docs."""
    sizes: list[int | None] = [None, 0, 1, 2, 3, 4]
    count = 0
    for since, until, revoked, size in product((0, 1, 2, 3), sizes, sizes, (1, 2, 3, 4, 5)):
        keys = (Term(NEW), Term(OLD, since, until, revoked))
        counts = since <= size and (until is None or size <= until) and (revoked is None or size < revoked)
        assert (verdict(size, 1, keys=keys) == "") == counts, (since, until, revoked, size)
        count += 1
    assert count == 4 * 6 * 6 * 5


SIZES = st.one_of(st.none(), st.integers(0, 10**18))
TERMS = st.lists(st.tuples(st.integers(0, 10**18), SIZES, SIZES), max_size=3)


def made(terms: list[tuple[int, int | None, int | None]], since: int) -> ring.Ring:
    return (Term(NEW, since), *(Term(key, *term) for key, term in zip(KEYS[1:], terms, strict=False)))


@given(TERMS, st.integers(0, 10**18))
def test_a_list_of_keys_reads_back_and_comments_are_for_people(terms: list[tuple[int, int | None, int | None]],
                                                               since: int) -> None:
    keys = made(terms, since)
    text = ring.write(keys)
    assert ring.parse(text) == keys
    assert ring.parse("# the keys of a log\n" + text.replace("\n", "\n#\n")) == keys
    assert all(note.parse_key(line.split(" ")[0]).name == NAME for line in text.splitlines())


@given(TERMS, st.integers(0, 10**18), st.data())
def test_another_spelling_of_a_list_of_keys_is_another_list_or_none(
        terms: list[tuple[int, int | None, int | None]], since: int, data: st.DataObject) -> None:
    text = ring.write(made(terms, since))
    at = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 3))
    changed = text[:at] + data.draw(st.text("0123456789 fromuntilrevkd\n#+=AB\u0661", max_size=4)) + text[at + length:]
    assume(changed != text and "#" not in changed)
    try:
        keys = ring.parse(changed)
    except note.NoteError:
        return
    assert ring.write(keys) == changed


@pytest.mark.parametrize("text", [
    "", "\n", f"{NEW}", f"{NEW}\n\n", f"{NEW} \n", f"{NEW} from 0\n", f"{NEW} from 01\n", f"{NEW} from -1\n",
    f"{NEW} until 5\n", f"{NEW} revoked 5\n", f"{NEW}\n{OLD} until 5 from 1\n", f"{NEW}\n{OLD} until\n",
    f"{NEW}\n{OLD} revoked 5 until 6\n", f"{NEW}\n{NEW}\n", f"{NEW}\n{OLD}  until 5\n", f"{NEW}\n{OLD}\tuntil 5\n",
    f"{NEW}\n {OLD}\n", f"{NEW}\r\n", f"{NEW}\n{OLD} until 5 until 6\n", "# only words\n", f"{NEW}\n{OLD} until ٥\n",
    f"{NEW} from 99999999999999999999\n", f"{NEW}\n{note.Key('log.example/other', 1, OLD.material)} until 5\n"])
def test_what_is_no_list_of_keys_is_refused(text: str) -> None:
    with pytest.raises(note.NoteError):
        ring.parse(text)


def test_nothing_is_written_that_would_not_be_read() -> None:
    for keys in ((), (Term(NEW, until=5),), (Term(NEW), Term(NEW, until=5)), (Term(NEW, since=-1),)):
        with pytest.raises(note.NoteError):
            ring.write(keys)
