"""What a sender wrote into a package is shown as it is written: nothing in it turns the text around."""

import pytest

from casework.cases.models import Case
from casework.exhibits import packages
from casework.exhibits.models import Exhibit
from tests.casework.test_packages import case, cast, checked, lodge_zip
from tests.casework.test_packages_doors import page
from tests.evidence.foreign import by_hand, zipped
from tests.factories import Cast

__all__ = ["case", "cast"]
TURNED = "photo\u202egpj.exe"


@pytest.fixture
def bag(case: Case, cast: Cast) -> Exhibit:
    info = {"bag-info.txt": "Contact-Name: a\u2067b\u202ec\n".encode()}
    return lodge_zip(case, cast.investigator, zipped(by_hand({TURNED: b"MZ"}) | info))


def test_names_and_claims_of_a_sender_cannot_turn_the_text_around(bag: Exhibit, cast: Cast) -> None:
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    packages.unpack(bag.pk)
    lodged = Exhibit.objects.exclude(pk=bag.pk).get()
    assert lodged.item.origin.file.path == f"data/{TURNED}"
    for exhibit in (bag, lodged):
        html = page(exhibit, cast.investigator)
        assert "data/photo[RLO]gpj.exe" in html
        assert not set(html) & set("\u202e\u2067")
    assert "a[RLI]b[RLO]c" in page(bag, cast.investigator)
