"""What came with the software about platforms: it is sound, it comes once, and nobody's words are written over."""

import hashlib

import pytest

from casework.takedowns import shipped
from casework.takedowns.reference_models import Policy, Route
from evidence.custody import history
from tests.casework.platforms import policy, reword
from tests.factories import Cast, make_cast, sign_in

# A file that changes has a new issue, or no deployment that has the one before would take it in.
ISSUES = {1: "8cca4aa37c900e7203ea1ef45c6d67562f96341f1243130f8318e999c004eb95"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_it_comes_once_and_is_recorded(cast: Cast) -> None:
    made = shipped.load()
    assert len(made) == Route.objects.count() + Policy.objects.count() > 30
    told = history.entries(subject="platforms/shipped", limit=1)[0].detail
    assert ISSUES[told["issue"]] == told["sha256"] == hashlib.sha256(shipped.FILE.read_bytes()).hexdigest()
    assert shipped.load() == []


def test_what_an_administrator_wrote_stays(cast: Cast) -> None:
    own = policy(cast)
    shipped.load()
    assert list(Policy.objects.newest().filter(name="Authenticity")) == [own]
    mine = reword(Policy.objects.get(key="youtube-impersonation"), cast, platforms=["youtube"], name="Impersonation")
    assert shipped.load() == [] and Policy.objects.newest().get(key=mine.key) == mine


def test_its_pages_are_shown(cast: Cast) -> None:
    shipped.load()
    reader, admin = sign_in(cast.lead), sign_in(cast.admin)
    assert "legalrequests.x.com" in reader.get("/platforms/?platform=x").content.decode()
    assert "unverified" in reader.get("/platforms/policies/x-authenticity/").content.decode()
    assert admin.get("/platforms/routes/x-legal-requests/edit/").status_code == 200
