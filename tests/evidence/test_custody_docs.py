"""The worked example of docs/custody-log.md is true to the byte, and its tables know what the code knows."""

import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.custody import services, signer
from evidence.custody.kinds import Kind
from evidence.tlog import canonical, checkpoint, merkle, note

DOC = (Path(__file__).parent.parent.parent / "docs" / "custody-log.md").read_text()
EXAMPLE = dict(re.findall(r"^```text (\w+)\n(.*?)\n```$", DOC, re.MULTILINE | re.DOTALL))


def test_the_example_is_computed_as_the_page_says() -> None:
    event = EXAMPLE["event"].encode()
    assert canonical.encode(canonical.decode(event)) == event
    assert set(canonical.decode(event)) == set(re.findall(r"^\| `(\w+)` \| .* \|$", DOC.split("### Kinds")[0], re.M))
    commitment = services.commitment(bytes.fromhex(EXAMPLE["salt"]), event)
    assert commitment.hex() == EXAMPLE["commitment"]
    assert services.leaf_data(commitment).hex() == EXAMPLE["leaf_data"]
    ours, other = services.leaf_hash(commitment), services.leaf_hash(bytes(32))
    assert (ours.hex(), other.hex()) == (EXAMPLE["leaf_hash"], EXAMPLE["other_leaf_hash"])
    root = merkle.node_hash(other, ours)
    assert root.hex() == EXAMPLE["root"]
    merkle.check_inclusion(ours, 1, 2, [other], root)
    assert (other + ours).hex() == EXAMPLE["tile"]
    entries = b"".join(b"\x00\x21" + services.leaf_data(one) for one in (bytes(32), commitment))
    assert entries.hex() == EXAMPLE["entries"]


def test_the_checkpoint_of_the_example_is_the_one_its_key_signs() -> None:
    private = note.parse_private_key(EXAMPLE["private_key"], signer._derive)
    assert private.secret == bytes(range(32))
    assert str(private.public) == EXAMPLE["public_key"]
    head = checkpoint.Checkpoint(private.public.name, 2, bytes.fromhex(EXAMPLE["root"]))
    sign = Ed25519PrivateKey.from_private_bytes(private.secret).sign
    signed = note.sign(checkpoint.write(head), [(private.public, sign)])
    assert signed.decode() == EXAMPLE["checkpoint"] + "\n"
    assert note.verify(signed, [note.parse_key(EXAMPLE["public_key"])], signer.verifies)


def test_every_kind_is_documented_in_its_order() -> None:
    table = DOC.split("### Kinds")[1].split("## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.M) == [str(kind) for kind in Kind]
