"""The password is asked for again where much hangs on it, five minutes after it was given."""

import time

import pytest

from tests.factories import make_cast, sign_in


@pytest.mark.parametrize(("seconds", "asked"), [(280, False), (320, True)])
def test_the_password_counts_for_five_minutes(db: None, seconds: int, asked: bool) -> None:
    client = sign_in(make_cast().admin)
    session = client.session
    for shown in session["account_authentication_methods"]:
        shown["at"] = time.time() - seconds
    session.save()
    answer = client.post("/people/invite/", {"email": "sana@example.org", "display_name": "Sana"})
    assert (answer.status_code == 302 and "/reauthenticate/" in answer.headers["Location"]) == asked
