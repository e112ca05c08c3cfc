"""Whatever a sender called a file: its original can travel in a package, under a name that every reader takes."""

import json
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from casework.exhibits import services as exhibits
from casework.exhibits.names import LONGEST, harmless
from evidence.custody import signer
from reports.bags.contents import packable
from reports.bags.packing import check_path
from tests.reports.story import make_story
from tests.reports.test_bags import made
from tests.reports.test_bags_verified import VERIFIED, verify, zipped

# As an Urdu keyboard may write it: heh goal, ZWNJ, hamza above. Without the ZWNJ the two compose.
URDU = "\u0646\u0627\u0645\u06c1\u200c\u0654.png"
# The cut puts an accent behind a letter that it composes with.
CUT = "e" * 100 + "x" * 40 + "\u0301" + "y" * 19
# What composes is rare among all characters, so they are drawn more often.
TEXTS = some.text(some.one_of(some.characters(), some.sampled_from("e\u0301\u06c1\u0654\u200c\u200d\u034f/.<\u0338 ")))


@given(some.one_of(TEXTS, TEXTS.map(lambda text: text * 40), some.text(min_size=110, max_size=160)))
@example(URDU)
@example(CUT)
@example("<\u200d\u0338")
@example("\u037e\u1fef")
def test_every_name_is_made_one_that_a_bag_may_have(name: str) -> None:
    plain = harmless(name)
    assert len(plain) <= LONGEST
    assert harmless(plain) == plain
    check_path(f"data/exhibits/E-001/original/{packable(name)}", ())
    check_path(f"data/exhibits/E-001/original/1_{packable(name)}", ())


def test_what_is_cut_is_composed_afterwards() -> None:
    assert harmless(CUT) == unicodedata.normalize("NFC", harmless(CUT))
    assert harmless(URDU) == "\u0646\u0627\u0645\u06c2.png"


@pytest.mark.django_db
def test_a_referral_with_such_a_name_is_packed_and_verified_and_says_how_it_was_sent(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lodge = exhibits.lodge_bytes

    def sent(case: Any, *, name: str, **more: Any) -> Any:
        return lodge(case, name=URDU if name == "shot-1.png" else name, **more)

    monkeypatch.setattr(exhibits, "lodge_bytes", sent)
    bag = zipped(made(make_story(2).sealed()), tmp_path)
    code, said = verify(tmp_path, bag, "--key", str(signer.public_key()))
    assert code == VERIFIED, said
    with zipfile.ZipFile(bag) as packed:
        told = [json.loads(packed.read(name)) for name in packed.namelist() if name.endswith("/exhibit.json")]
    [one] = [one for one in told if bytes.fromhex(one["name_hex"]).decode() == URDU]
    assert one["file"].endswith(f"/original/{harmless(URDU)}")
