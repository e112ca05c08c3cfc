"""The page of a merge in Urdu: labels stand by themselves in sentences, too."""

import pytest

from casework.accounts import services as accounts
from casework.templatetags.house import labels_apart
from tests.factories import exhibits_of, lodge_png, make_case, make_cast, sign_in
from tests.house.bidi import bare


@pytest.mark.django_db
def test_labels_in_what_stands_against_a_merge_are_isolated() -> None:
    cast = make_cast()
    case = make_case(cast)
    lodge_png(case, cast.lead, 1)
    for platform in ("x", "facebook"):
        accounts.name_account(case, platform=platform, handle="saba", exhibit=exhibits_of(case)[0], by=cast.lead)
    cast.lead.language = "ur"
    cast.lead.save()
    page = sign_in(cast.lead).get(f"/cases/{case.ref}/accounts/S-001/merge/?other=S-002").content.decode()
    assert "note-box warn" in page and bare(page) == []
    assert labels_apart("S-001 and S-002") == "\u2066S-001\u2069 and \u2066S-002\u2069"
