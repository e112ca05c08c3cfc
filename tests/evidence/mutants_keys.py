"""What may be wrong with keys and their sizes: in the bag's own list, and in a line that somebody gives."""

import random
from dataclasses import replace

from tests.evidence.bags import Artefact, head_line, signed_checkpoint, signer, token
from tests.evidence.mutants_outside import FAILED, WRONG_CALL, Mutator, true_key
from tests.evidence.mutants_sealed import HEADS, resealed

KEYS, POLICY = "proofs/keys", "proofs/policy"


def list_of_keys(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A list that is none, that names other keys than the policy, or by which the seal or the checkpoint counts not."""
    bag = artefact.bag
    if bag is None or not bag.size:
        return None
    first, size = str(bag.signers[0].key), bag.size
    rest = "".join(f"{one.key}\n" for one in bag.signers[1:])
    beyond, other, elsewhere = chance.randint(1, size), signer(96).key, signer(96, "elsewhere.example/log").key
    lists = [f"{first} until {size}\n{rest}", f"{first} revoked {size + 5}\n{rest}", "",
             first + "\n" + rest[:-1] + "x", f"{first}\n{first}\n{rest}", f"{first}\n{rest}{elsewhere}\n",
             f"{first} from 0\n{rest}", f"{first}  \n{rest}",
             f"{first} until 01\n{rest}", f"{first} from 9007199254740993\n{rest}", f"{first}\n{rest}\n", "# nobody\n",
             f"{first}\n{rest}{other} until 3\n", f"{other}\n{first}\n{rest}", f"{other}\n",
             f"{first} from {size + 1}\n{rest}",
             f"{other}\n{first} until {size - beyond}\n{rest}", f"{other}\n{first} revoked {size - beyond}\n{rest}",
             f"{first} since 1\n{rest}", f"\ufeff{first}\n{rest}", f"{first}\r\n{rest}"]
    made = chance.choice(lists)
    policy = bag.files[POLICY]
    if f"{other}\n{first} " in made:
        # The policy knows the newer key too, so that all that is wrong is who signed.
        policy = f"log {other}\n".encode() + policy
    return resealed(artefact, {KEYS: made.encode(), POLICY: policy})


def stamped_out_of_term(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """A stamped checkpoint that is signed with a key that did not sign yet, or any more, at its size."""
    bag = artefact.bag
    if bag is None or bag.size < 3 or "proofs/timestamps/1.note" not in bag.files:
        return None
    old, stamped = signer(72), chance.randint(2, bag.size - 1)
    before = stamped - 1
    term = chance.choice([f"until {before}", f"revoked {stamped}", f"revoked {before}", f"from {stamped + 1}"])
    lines = [str(one.key) for one in bag.signers] + [f"{old.key} {term}"]
    policy = b"".join(line + b"\n" for line in bag.files[POLICY].splitlines() if not line.startswith(b"log "))
    policy = "".join(f"log {one.key}\n" for one in [*bag.signers, old]).encode() + policy
    note = signed_checkpoint(bag.log, stamped, [old])
    heads = {**bag.heads, stamped: bag.heads.get(stamped, "timestamp")}
    return resealed(artefact, {
        KEYS: "".join(f"{line}\n" for line in lines).encode(), POLICY: policy, "proofs/timestamps/1.note": note,
        "proofs/timestamps/1.tsr": token(note, chance),
        HEADS: b"".join(head_line(size, bag.size, said, bag.node()) for size, said in sorted(heads.items()))})


def given_out_of_term(artefact: Artefact, chance: random.Random) -> Artefact | None:
    """The log's own list, read elsewhere, says that the key was revoked, retired or not yet made."""
    bag = artefact.bag
    if bag is None or not artefact.has_bag or not bag.size:
        return None
    size = bag.size
    term = chance.choice([f"until {size - 1}", f"revoked {size}", f"from {size + 1}", "until 0", "until 0 revoked 0"])
    return replace(artefact, keys=(f"{true_key(artefact)} {term}",), expected=FAILED)


def not_a_line(artefact: Artefact, chance: random.Random) -> Artefact:
    key = true_key(artefact)
    wrong = ["from 0", "until 01", "until -1", "revoked", "until 3 from 2", " from 1", "from 9007199254740993",
             "revoked 1 until 2", "forever"]
    return replace(artefact, keys=(f"{key} {chance.choice(wrong)}",), expected=WRONG_CALL)


def witness_with_sizes(artefact: Artefact, chance: random.Random) -> Artefact:
    witness = signer(1, "witness.example/w1", 4)
    return replace(artefact, keys=(f"{witness.key} from {chance.randint(1, 9)}",), expected=WRONG_CALL)


MUTATORS: list[Mutator] = [list_of_keys, stamped_out_of_term, given_out_of_term, not_a_line, witness_with_sizes]
