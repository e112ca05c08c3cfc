"""One of our own packages that comes back to us is a package like any other."""

from pathlib import Path
from typing import Any

import pytest

from casework.exhibits import packages
from casework.exhibits.models import Exhibit
from casework.findings import services as findings
from evidence.packages.models import PackageFile
from evidence.store import services as store
from reports.dossiers.compose import again
from tests.casework.test_packages import checked, lodge_zip
from tests.evidence.foreign import make_bag, zipped
from tests.factories import make_case
from tests.reports.story import log, make_story, screenshot, work
from tests.reports.test_bags import made
from tests.weighed import others, submit

pytestmark = pytest.mark.django_db


def test_a_bag_of_ours_is_valid_elsewhere_and_its_files_are_lodged(tmp_path: Path) -> None:
    story = make_story(1)
    bag = made(story.sealed())
    assert bag.item is not None
    other = make_case(story.cast, "Another case")
    exhibit = lodge_zip(other, story.cast.investigator, store.read_verified(bag.item.blob_id, 10**9))
    package = checked(exhibit, story.cast.investigator)
    assert (package.state, package.version, package.algorithms) == ("valid", "1.0", ["sha256", "sha512"]), \
        package.problems
    count = packages.lodge(exhibit, by=story.cast.investigator)
    assert packages.unpack(exhibit.pk) == count == package.file_count
    hashes = {row.item.blob_id for row in Exhibit.objects.filter(case=other)}
    assert {row.item.blob_id for row in story.exhibits} <= hashes


def test_a_dossier_says_in_which_package_an_exhibit_came_and_what_was_declared(tmp_path: Path) -> None:
    story = make_story(1)
    by: Any = story.cast.investigator
    files = make_bag(tmp_path, {"from @stranger/shot.png": screenshot(9)}, ("md5", "sha512"))
    package = lodge_zip(story.case, by, zipped(files))
    checked(package, by)
    packages.lodge(package, by=by)
    assert packages.unpack(package.pk) == 1
    shown = Exhibit.objects.latest("pk")
    finding = findings.write(
        story.case, kind="coordination", title="One text", claim="The picture shows the same text.", method="Compared.",
        likelihood="likely", confidence="low", against="One picture.", alternatives=others("A template."),
        exhibits_for=[shown], by=by)
    submit(finding, by=by)
    findings.review(finding, by=story.cast.reviewer)
    work(package, shown)
    log()
    dossier = story.compose()
    [row] = [row for row in dossier.frozen["exhibits"] if row["label"] == shown.label]
    file = PackageFile.objects.get()
    assert row["package"] == {"exhibit": package.label, "path": file.path, "declared": file.declared}
    now = again(story.case, dossier.frozen, dossier.frozen["weighed"])["exhibits"]
    assert [one["package"] for one in now if one["label"] == shown.label] == [row["package"]]
    briefing = story.compose("briefing")
    assert "package" not in str(briefing.frozen["exhibits"])
    sealed = story.sealed()
    assert sealed.state == "sealed"
