"""verify.py and verify.html, written apart, say the same of everything: verdict, faults, lists. In short; `script/drill
agree` is the long version."""

import base64
import hashlib
import random
import unicodedata
import zlib

import pytest

from tests.evidence import bags, curves, mutants, shapes
from tests.evidence.both import BrowserVerifier, PythonVerifier, verdict, whole
from tests.evidence.mutants_bytes import MUTATORS as BYTES
from tests.evidence.mutants_forms import MUTATORS as FORMS
from tests.evidence.mutants_keys import MUTATORS as KEYS
from tests.evidence.mutants_outside import MUTATORS as OUTSIDE
from tests.evidence.mutants_outside import true_key
from tests.evidence.mutants_restored import MUTATORS as RESTORED
from tests.evidence.mutants_sealed import MUTATORS as SEALED
from tests.evidence.mutants_sealed import resealed
from tests.evidence.zip_tricks import TRICKS, members_of

pytestmark = pytest.mark.browser

VALID, WRONG = 120, 240


@pytest.fixture(scope="module")
def python() -> PythonVerifier:
    return PythonVerifier()


def agree(python: PythonVerifier, browser: BrowserVerifier, made: list[bags.Artefact]) -> None:
    for at, (artefact, theirs) in enumerate(zip(made, browser.judge(made), strict=True)):
        ours = python.judge(artefact)
        assert whole(ours) == whole(theirs), f"number {at}, {artefact.what}"
        assert verdict(theirs) in artefact.expected, f"number {at}, {artefact.what}"


def test_both_accept_what_is_valid_and_with_the_same_words(python: PythonVerifier,
                                                           browser_verifier: BrowserVerifier) -> None:
    agree(python, browser_verifier, [shapes.make(random.Random(f"valid {seed}")) for seed in range(VALID)])


def test_both_refuse_what_is_wrong_and_for_the_same_reasons(python: PythonVerifier,
                                                            browser_verifier: BrowserVerifier) -> None:
    made = []
    for seed in range(WRONG):
        chance = random.Random(f"wrong {seed}")
        made.append(mutants.mutate(shapes.make(chance), chance))
    agree(python, browser_verifier, made)


def test_both_find_each_way_of_being_wrong(python: PythonVerifier, browser_verifier: BrowserVerifier) -> None:
    made: list[bags.Artefact] = []
    for mutator in [*BYTES, *SEALED, *FORMS, *KEYS, *OUTSIDE, *RESTORED]:
        chance, wanted = random.Random(mutator.__name__), len(made) + 2
        while len(made) < wanted:
            artefact = mutator(shapes.make(chance), chance)
            made += [artefact] if artefact is not None else []
    agree(python, browser_verifier, made)


def test_a_receipt_that_waits_for_its_checkpoint_is_no_fault_of_the_key(python: PythonVerifier,
                                                                        browser_verifier: BrowserVerifier) -> None:
    """Whoever checks a receipt right after lodging gave the right key, and no key has signed anything of it yet."""
    made = next(each for seed in range(99) if (each := shapes.make(random.Random(seed))).bag and each.bag.exhibits)
    assert made.bag is not None
    waits = bags.receipt(made.bag.log, made.bag.exhibits[0], None, [])
    agree(python, browser_verifier, [bags.Artefact(
        receipts=(waits,), keys=keys, expected=frozenset({"KEY NOT ESTABLISHED"}), what="a receipt that waits")
        for keys in ((), (true_key(made),))])


def test_both_refuse_every_trick_with_a_zip_file(python: PythonVerifier, browser_verifier: BrowserVerifier) -> None:
    chance = random.Random(4)
    valid = shapes.make(chance, "zip")
    assert valid.bag is not None
    made = [bags.Artefact(archive=trick(members_of(valid.bag.files), chance), expected=frozenset({"FAILED"}), what=name)
            for name, trick in TRICKS.items()]
    agree(python, browser_verifier, made)


def test_the_page_decides_the_edges_of_ed25519_alike(browser_verifier: BrowserVerifier) -> None:
    cases = [[case.key.hex(), case.message.hex(), case.signature.hex()] for case in curves.CASES.values()]
    said = browser_verifier.page.evaluate(
        "cases => cases.map((parts) => ed25519Verifies(...parts.map(unhex)))", cases)
    assert dict(zip(curves.CASES, said, strict=True)) == {name: case.accepted for name, case in curves.CASES.items()}


@pytest.mark.parametrize("sizes", [range(300), [1023, 1024, 1025, 100_003]], ids=["short", "long"])
def test_the_page_computes_digests_as_everybody_does(browser_verifier: BrowserVerifier, sizes: list[int]) -> None:
    """In one piece and in two, so that every boundary of a block is crossed."""
    data = [random.Random(size).randbytes(size) for size in sizes]
    said = browser_verifier.page.evaluate("""(all) => all.map(([text, cut]) => {
      const data = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      const [one, two] = [data.subarray(0, cut), data.subarray(cut)];
      return [hex(sha256(data)), hex(sha256(one, two)), hex(sha512(data)), hex(sha512(one, two)),
              crc32(two, crc32(one, 0))];
    })""", [[base64.b64encode(one).decode(), len(one) // 3] for one in data])
    for one, found in zip(data, said, strict=True):
        twice = [hashlib.sha256(one).hexdigest()] * 2 + [hashlib.sha512(one).hexdigest()] * 2
        assert found == [*twice, zlib.crc32(one)]


def test_both_sort_and_fold_names_alike(python: PythonVerifier, browser_verifier: BrowserVerifier) -> None:
    """Code points, not halves of surrogate pairs; capitals and normal forms of every script that has them."""
    names = ["\ue000", "\U0001d50a", "z", "é", "e\u0301", "ß", "ẞ", "ss", "ΟΔΟΣ", "οδος", "İ", "i̇", "ﬁ", "اردو",
             "ا\u0653", "آ", "K", "k", "ǅ",
             # Without a place in Unicode 13.0: newer hosts have capitals and a normal form for them, older ones none.
             "\u019b", "\ua7dc", "\u0264", "\ua7cb", "\U000105d2\u0307", "\ua7c0", "\ua7c1", "\U0010ffff", "\ufdd0",
             "a/b", "a//b", "../a", "a\x7f", "a\x85", "C:x", "1:x", "a\\b", "\u200f", "~"]
    verify = python.module
    said = browser_verifier.page.evaluate(
        "names => [[...names].sort(byCodePoints), names.map(isPath), names.map(withoutCase)]", names)
    taken = [verify.is_path(name) for name in names]
    assert said[:2] == [sorted(names), taken]
    # What is no name is never asked for its capitals.
    assert [one for one, is_name in zip(said[2], taken, strict=True) if is_name] == [
        verify.without_case(name) for name, is_name in zip(names, taken, strict=True) if is_name]
    refused = {name for name, is_name in zip(names, taken, strict=True) if not is_name}
    assert refused >= {"\ua7dc", "\ua7cb", "\U000105d2\u0307", "\ua7c0", "\U0010ffff"}
    assert not refused & {"\u019b", "\u0264", "\ue000", "اردو", "ẞ"}


def test_both_know_which_characters_have_a_place(python: PythonVerifier, browser_verifier: BrowserVerifier) -> None:
    said = browser_verifier.page.evaluate("""() => {
      const runs = [];
      for (let code = 0, last = null; code <= 0x10ffff; code++) {
        if (isAssigned(String.fromCodePoint(code)) !== last) runs.push(code);
        last = isAssigned(String.fromCodePoint(code));
      }
      return runs;
    }""")
    known = [python.module.is_assigned(chr(code)) for code in range(0x110000)]
    assert said == [code for code in range(0x110000) if not code or known[code] != known[code - 1]]
    # What our own Python, of a later version, does not assign has no place in the pinned one either.
    assert unicodedata.unidata_version >= "13.0.0"
    assert not any(known[code] for code in range(0x110000) if unicodedata.category(chr(code)) == "Cn")
    assert sum(not one for one in known) == 0x110000 - 281_392 - 2048


@pytest.mark.parametrize("newer", [["\u019b", "\ua7dc"], ["\u0264", "\ua7cb"], ["\U000105d2\u0307"]])
def test_a_name_that_only_newer_hosts_know_is_refused_by_both(
        python: PythonVerifier, browser_verifier: BrowserVerifier, newer: list[str]) -> None:
    artefact = next(found for seed in range(100) if (found := shapes.make(random.Random(f"names {seed}"))).bag
                    and found.bag.exhibits and found.files)
    assert artefact.bag and artefact.files
    files = dict(artefact.files)
    folder = f"data/exhibits/{artefact.bag.exhibits[0].label}/original/"
    data = files.pop(next(path for path in files if path.startswith(folder)))
    files |= {f"{folder}{name}.png": data for name in newer}
    made = artefact.with_bag(bags.seal(files, artefact.bag.signers[0], artefact.bag.identifier))
    ours, (theirs,) = python.judge(made), browser_verifier.judge([made])
    assert whole(ours) == whole(theirs)
    assert "layout.name" in {one["code"] for one in ours["faults"]}


@pytest.mark.parametrize("deep", [16, 17, 900])
def test_groups_within_groups_are_read_as_deep_by_both(python: PythonVerifier, browser_verifier: BrowserVerifier,
                                                       deep: int) -> None:
    artefact = shapes.make(random.Random("groups"), "zip")
    assert artefact.bag
    lines = [line for line in artefact.bag.files["proofs/policy"].decode().splitlines()
             if line.startswith(("log", "witness"))]
    lines += [f"witness deepest {bags.signer(99, 'deepest.example/w', 4).key}", "group g1 any deepest"]
    lines += [f"group g{level} any g{level - 1}" for level in range(2, deep + 1)] + [f"quorum g{deep}"]
    made = resealed(artefact, {"proofs/policy": "\n".join([*lines, ""]).encode()})
    assert made
    ours, (theirs,) = python.judge(made), browser_verifier.judge([made])
    assert whole(ours) == whole(theirs)
    assert ("policy.syntax" in {one["code"] for one in ours["faults"]}) is (deep > 16)
