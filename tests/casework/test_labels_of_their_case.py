"""A label with a case before it is of that case: one of another is not taken for ours."""

import pytest
from django.core.exceptions import ValidationError

from casework.accounts import labels
from tests.factories import exhibits_of, lodge_png, make_case, make_cast, sign_in


@pytest.mark.django_db
def test_a_label_of_another_case_is_not_in_this_one() -> None:
    cast = make_cast()
    first, second = make_case(cast), make_case(cast, "Another")
    for case in (first, second):
        lodge_png(case, cast.lead, 1)
    for own in ("E-001", "e1", f"{second.ref}/E-001", f"{second.ref.lower()}/e-1"):
        assert labels.exhibits(second, [own]) == exhibits_of(second)
    with pytest.raises(ValidationError, match=f"Not in this case: {first.ref}/E-001"):
        labels.exhibits(second, [f"{first.ref}/E-001"])
    answer = sign_in(cast.lead).post(f"/api/v1/cases/{second.ref}/accounts/", {
        "platform": "x", "handle": "saba", "exhibit": f"{first.ref}/E-001"}, content_type="application/json")
    assert answer.status_code == 422 and first.ref in str(answer.json())
