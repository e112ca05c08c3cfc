"""What a file is called in a package: whatever it was called, its bytes travel under a name that every host takes."""

import unicodedata

import pytest

from evidence.tlog.offline import sources
from reports.bags import contents, packing

# Two that Unicode got later, a mark behind one, a mark behind what is left out, one that never gets a place.
NAMES = ["\ua7dc.png", "\ua7c0\u0307.png", "\U000105d2\u0307.png", "e\u200e\u0301.png", "\ufdd0", "\u0301.png",
         "e\U0010ffff\u0301.png", "اسکرین شاٹ.png", "\u2066..\u2069", "e" * 200 + "\u0301" * 30]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_packed_under_one_that_verifiers_take(name: str) -> None:
    packed = contents.packable(name)
    path = f"data/exhibits/E-001/original/{packed}"
    packing.check_path(path, [])
    assert sources.is_path(path)
    assert len(packed) <= 120


def test_a_sign_that_hosts_disagree_about_is_replaced_and_the_rest_stays() -> None:
    assert contents.packable("a\ua7c0b.png") == "a_b.png"
    assert contents.packable("اسکرین.png") == "اسکرین.png"
    assert contents.packable("\ufdd0") == "unnamed"
    with pytest.raises(packing.Unpackable):
        packing.check_path("data/a\ua7c0", [])
    assert unicodedata.unidata_version >= "14"
