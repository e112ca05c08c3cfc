"""What came with the software about platforms: it is sound, it comes once, and nobody's words are written over."""

import hashlib
import json
from pathlib import Path

import pytest

from casework.celery import app
from casework.takedowns import references, shipped, tasks
from casework.takedowns.reference_models import Policy, Route
from evidence.custody import history
from tests.casework.platforms import policy, reword
from tests.factories import Cast, make_cast, sign_in

# A file that changes has a new issue, or no deployment that has the one before would take it in.
ISSUES = {1: "d1217807abf39ad0294c4bbee8ba08c53e4242ea37ee4c4ebd0186884ee6cc1e"}


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


def test_a_worker_takes_it_in_and_the_scheduler_looks_again(cast: Cast) -> None:
    tasks.load()
    tasks.load()
    assert Route.objects.count() == Route.objects.newest().count() > 15
    assert tasks.load.name in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_a_later_issue_follows_its_own_rows_and_nobody_elses(cast: Cast, tmp_path: Path,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    shipped.load()
    mine = reword(Policy.objects.get(key="youtube-spam"), cast, platforms=["youtube"], name="Spam")
    gone = references.end(Policy.objects.get(key="reddit-rule-5"), reason="Gone", by=cast.admin)
    told = json.loads(shipped.FILE.read_text())
    told["issue"] += 1
    for row in told["policies"]:
        row["note"] += " Read again."
    later = tmp_path / "platforms.json"
    later.write_text(json.dumps(told))
    monkeypatch.setattr(shipped, "FILE", later)
    made = shipped.load()
    assert len(made) == len(told["policies"]) - 2 and not {mine.word, gone.word} & set(made)
    newest = Policy.objects.newest().get(key="x-authenticity")
    assert (newest.edition, newest.issue, newest.recorded_by) == (2, told["issue"], None)
    assert not Policy.objects.newest().get(key="reddit-rule-5").in_use
    monkeypatch.undo()
    assert shipped.load() == [], "the release before, which may run beside it for a while, changes nothing back"


def test_each_platform_has_its_ways_and_what_needs_the_eu_says_so(cast: Cast) -> None:
    shipped.load()
    for platform in ("facebook", "instagram", "threads", "whatsapp", "x", "tiktok", "youtube", "telegram", "linkedin",
                     "reddit"):
        routes = Route.objects.standing().filter(platforms__contains=[platform])
        assert routes.filter(kind=Route.Kind.FORM).exists(), platform
        assert Policy.objects.standing().filter(platforms__contains=[platform]).exists(), platform
    flagger = Route.objects.get(key="eu-trusted-flagger")
    assert "not established in a member state of the EU" in flagger.not_where
    assert flagger.source_of("not_where") and "address" in flagger.unverified
    for row in (*Route.objects.all(), *Policy.objects.all()):
        assert {source["field"] for source in row.sources} | set(row.unverified) == set(row.SOURCED)


def test_its_pages_are_shown(cast: Cast) -> None:
    shipped.load()
    reader, admin = sign_in(cast.lead), sign_in(cast.admin)
    assert "legalrequests.x.com" in reader.get("/platforms/?platform=x").content.decode()
    assert "unverified" in reader.get("/platforms/policies/x-authenticity/").content.decode()
    assert admin.get("/platforms/routes/x-legal-requests/edit/").status_code == 200
