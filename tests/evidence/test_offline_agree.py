"""verify.py and verify.html, written apart, say the same of everything: verdict, faults, lists. In short; `script/drill
agree` is the long version."""

import base64
import hashlib
import random
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
             "a/b", "a//b", "../a", "a\x7f", "a\x85", "C:x", "1:x", "a\\b", "\u200f", "~"]
    verify = python.module
    said = browser_verifier.page.evaluate(
        "names => [[...names].sort(byCodePoints), names.map(isPath), names.map(withoutCase)]", names)
    assert said == [sorted(names), list(map(verify.is_path, names)), list(map(verify.without_case, names))]
