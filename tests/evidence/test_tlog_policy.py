"""Policies and cosignatures as C2SP specifies them: what is read, what is refused, and who makes a quorum."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from evidence.custody import witnesses
from evidence.tlog import checkpoint, cosignature, note, policy

PRIVATE = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(7)]
LOG = note.Key("log.example/casework", note.ED25519, PRIVATE[0].public_key().public_bytes_raw())
KEYS = [note.Key(f"w{number}.example", note.COSIGNATURE, key.public_key().public_bytes_raw())
        for number, key in enumerate(PRIVATE)]
TWO_LEVELS = "".join([
    f"# who watches\nlog {LOG}\n\n", *(f"witness X{number} {KEYS[number]}\n" for number in (1, 2, 3)),
    "group X 2 X1\tX2   X3\n",
    *(f"  witness Y{number} {KEYS[number]} http://127.0.0.{number}/w\n" for number in (4, 5)),
    "group Y any Y4 Y5\ngroup both all X Y\nquorum both\n"])
TEXT = checkpoint.write(checkpoint.Checkpoint(LOG.name, 7, b"r" * 32))


def test_a_policy_of_two_levels_is_read_and_written_again() -> None:
    read = policy.parse(TWO_LEVELS.encode())
    assert [log.key for log in read.logs] == [LOG]
    assert [(one.name, one.url) for one in read.witnesses][2:4] == [("X3", ""), ("Y4", "http://127.0.0.4/w")]
    assert read.groups[0] == policy.Group("X", 2, ("X1", "X2", "X3"))
    assert policy.parse(policy.write(read)) == read


@pytest.mark.parametrize(("cosigned", "met"), [
    ("X1 X2 Y4", True), ("X1 X3 Y5", True), ("X1 X2 X3", False), ("X1 Y4 Y5", False), ("X1 X2 X3 Y4 Y5", True),
    ("", False), ("both", False), ("X Y", False), ("none", False)])
def test_a_quorum_counts_the_members_of_its_groups(cosigned: str, met: bool) -> None:
    assert policy.parse(TWO_LEVELS.encode()).met(cosigned.split()) is met


def test_without_a_quorum_every_checkpoint_is_valid_and_a_witness_alone_can_be_one() -> None:
    assert policy.parse(b"quorum none\n").met([])
    alone = policy.parse(f"witness a {KEYS[1]}\nquorum a\n".encode())
    assert alone.met(["a"])
    assert not alone.met([])


def test_octets_above_ascii_are_names_of_their_own() -> None:
    kelvin = f"witness K {KEYS[1]}\nwitness \u212a {KEYS[2]}\n".encode()
    latin = kelvin + b"witness \xe9\xff " + f"{KEYS[3]}\ngroup g all K ".encode() + b"\xe9\xff\nquorum g\n"
    read = policy.parse(latin)
    assert len({one.name for one in read.witnesses}) == 3
    assert policy.write(read).count(b"\xe9\xff") == 2


@pytest.mark.parametrize(("text", "why"), [
    ("", "no quorum"), (f"log {LOG}\n", "no quorum"), ("quorum none", "does not end"),
    ("quorum none\nquorum none\n", "second quorum"), ("quorum a\n", "not defined above"),
    ("quorum none more\n", "no quorum line"), ("log\nquorum none\n", "no log line"), ("Quorum none\n", "unknown word"),
    (f"log {KEYS[1]}\nquorum none\n", "type 4"), (f"witness a {LOG}\nquorum none\n", "type 1"),
    (f"log {LOG}\nlog {LOG}\nquorum none\n", "twice"),
    (f"witness a {KEYS[1]}\nwitness b {KEYS[1]}\nquorum none\n", "twice"),
    (f"witness a {KEYS[1]}\nwitness a {KEYS[2]}\nquorum none\n", "defined already"),
    (f"witness none {KEYS[1]}\nquorum none\n", "defined already"),
    (f"witness a {KEYS[1]}\ngroup a any a\nquorum none\n", "defined already"),
    (f"group g any a\nwitness a {KEYS[1]}\nquorum g\n", "not defined above"),
    ("group g any g\nquorum g\n", "not defined above"), ("group g any none\nquorum g\n", "not defined above"),
    (f"witness a {KEYS[1]}\ngroup g any a a\nquorum g\n", "member twice"),
    (f"witness a {KEYS[1]}\ngroup g any a\ngroup h any a\nquorum h\n", "member twice"),
    (f"witness g0 {KEYS[1]}\n" + "".join(f"group g{at + 1} any g{at}\n" for at in range(17)) + "quorum g17\n",
     "more than 16 deep"),
    (f"witness a {KEYS[1]}\ngroup g 2 a\nquorum g\n", "cannot be counted"),
    (f"witness a {KEYS[1]}\ngroup g 0 a\nquorum g\n", "cannot be counted"),
    (f"witness a {KEYS[1]}\ngroup g 01 a\nquorum g\n", "cannot be counted"),
    (f"witness a {KEYS[1]}\ngroup g most a\nquorum g\n", "cannot be counted"),
    (f"witness a {KEYS[1]}\ngroup g any\nquorum none\n", "no group line"),
    ("quorum\u00a0none\n", "unknown word"), ("quorum none\r\n", "control character"),
    ("quorum none\x7f\n", "control character"), (f"witness a {KEYS[1]}=\nquorum none\n", "base64"),
    (f"witness a {str(KEYS[1]).replace('w1', 'w9')}\nquorum none\n", "key id"),
    ("#\n" * 1001 + "quorum none\n", "lines")])
def test_what_is_no_policy_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(policy.PolicyError, match=why):
        policy.parse(text.encode())


@given(some.binary(max_size=300))
def test_any_bytes_are_a_policy_or_an_error(data: bytes) -> None:
    try:
        read = policy.parse(data)
    except policy.PolicyError:
        return
    assert policy.parse(policy.write(read)) == read


def test_a_cosignature_signs_its_time_and_the_whole_text() -> None:
    made = cosignature.make(KEYS[1], TEXT, 1_679_315_147, PRIVATE[1].sign)
    PRIVATE[1].public_key().verify(made.signature.blob[8:], f"cosignature/v1\ntime 1679315147\n{TEXT}".encode())
    assert made.signature.blob[:8] == (1_679_315_147).to_bytes(8, "big")
    assert cosignature.find(made.line.encode(), TEXT, KEYS[1], witnesses.verifies) == made


def test_a_cosignature_of_the_newer_kind_signs_size_and_root() -> None:
    private = MLDSA44PrivateKey.generate()
    key = note.Key("w.example/pq", note.ML_DSA_44, private.public_key().public_bytes_raw())
    message = cosignature.message(key, TEXT, 5)
    assert message == (b"subtree/v1\n\0" + b"\x0cw.example/pq" + bytes(7) + b"\x05" + b"\x14log.example/casework"
                       + bytes(8) + bytes(7) + b"\x07" + b"r" * 32)
    made = cosignature.make(key, TEXT, 5, private.sign)
    assert cosignature.find(made.line.encode(), TEXT, key, witnesses.verifies) == made
    with pytest.raises(note.NoteError, match="is wrong"):
        cosignature.find(made.line.encode(), TEXT.replace("7", "8", 1), key, witnesses.verifies)


def test_what_is_no_cosignature_of_the_witness_is_refused() -> None:
    def refused(lines: str, why: str, text: str = TEXT) -> None:
        with pytest.raises(note.NoteError, match=why):
            cosignature.find(lines.encode(), text, KEYS[1], witnesses.verifies)

    made = cosignature.make(KEYS[1], TEXT, 1_679_315_147, PRIVATE[1].sign)
    foreign = cosignature.make(KEYS[2], TEXT, 1_679_315_147, PRIVATE[2].sign)
    forged = cosignature.make(KEYS[1], TEXT, 1_679_315_147, PRIVATE[2].sign)
    other = TEXT.replace("\n7\n", "\n8\n")
    later = note.Signature(KEYS[1].name, KEYS[1].id, (9).to_bytes(8, "big") + made.signature.blob[8:])
    refused("", "no signatures")
    refused(foreign.line, "no signature of the key")
    refused(forged.line, "is wrong")
    refused(made.line, "is wrong", text=other)
    refused(note.signature_line(later), "is wrong")
    refused(made.line * 2, "two signatures")
    refused(f"\n{made.line}", "more than signature lines")
    refused(note.signature_line(note.Signature(KEYS[1].name, KEYS[1].id, b"short")), "no timestamped")
    refused(note.signature_line(note.Signature(KEYS[1].name, KEYS[1].id, b"\xff" * 72)), "no timestamped")
    assert cosignature.find((foreign.line + made.line).encode(), TEXT, KEYS[1], witnesses.verifies) == made
