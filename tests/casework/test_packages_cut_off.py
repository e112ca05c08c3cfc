"""Files of a package on their way into the case: cut off, taken over or spoilt, nothing is doubled and nothing lodged
that does not fit."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from casework.cases.models import Case
from casework.exhibits import disposals, packages
from casework.exhibits.models import Exhibit, Unpacking
from casework.exhibits.reading import Disposed
from evidence.disposal import services as disposal
from evidence.fixity import audit, witnessed
from evidence.intake.models import Item
from evidence.jail import services as jail
from evidence.packages import services as vault
from evidence.packages.models import Origin
from evidence.store import services as store
from tests.casework.test_packages import bag, case, cast, checked
from tests.factories import Cast, sign_in
from tests.reports.story import make_keys, work

__all__ = ["bag", "case", "cast"]


@pytest.mark.parametrize("broken", ["casework.exhibits.packages.Origin.objects.bulk_create",
                                    "casework.exhibits.packages.services.lodge_all",
                                    "evidence.custody.services.record_all"])
def test_cut_off_anywhere_it_goes_on_and_doubles_nothing(bag: Exhibit, cast: Cast, broken: str,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    class Cut(BaseException):
        """As if the process were killed."""

    def cut(*args: Any, **more: Any) -> Any:
        raise Cut

    monkeypatch.setattr(packages, "BATCH_FILES", 1)
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    with monkeypatch.context() as patch:
        patch.setattr(packages, "WORK_SECONDS", -1)
        assert packages.unpack(bag.pk) == 1
        patch.setattr(broken, cut)
        with pytest.raises(Cut), transaction.atomic():
            packages.unpack(bag.pk)
    Unpacking.objects.filter(state="waiting").update(claimed_until=timezone.now() - packages.GRACE)
    assert packages.waiting() == [bag.pk]
    assert packages.unpack(bag.pk) == 2
    assert (Exhibit.objects.count(), Origin.objects.count(), Item.objects.count()) == (4, 3, 4)


def test_what_ends_its_worker_each_time_is_given_up_and_may_be_asked_for_again(
        bag: Exhibit, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: Any, **more: Any) -> Any:
        raise RuntimeError("nobody foresaw this")

    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    with monkeypatch.context() as patch:
        patch.setattr("casework.exhibits.packages.services.lodge_all", refused)
        for _ in range(packages.MOST_ATTEMPTS):
            with pytest.raises(RuntimeError), transaction.atomic():
                packages.unpack(bag.pk)
            Unpacking.objects.update(claimed_until=None, attempts=F("attempts") + 1)
        assert packages.unpack(bag.pk) == 0
    assert packages.waiting() == [] and set(Unpacking.objects.values_list("state", flat=True)) == {"failed"}
    assert packages.lodge(bag, by=cast.investigator) == 3
    assert packages.unpack(bag.pk) == 3


def test_a_worker_that_was_thought_dead_lodges_nothing_twice(bag: Exhibit, cast: Cast,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    whole = vault.taken_out

    @contextmanager
    def slow(*args: Any) -> Iterator[Any]:
        with whole(*args) as arriving:
            monkeypatch.setattr(vault, "taken_out", whole)
            Unpacking.objects.update(claimed_until=timezone.now() - packages.GRACE)
            assert packages.unpack(bag.pk) == 3
            yield arriving

    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    monkeypatch.setattr(vault, "taken_out", slow)
    assert packages.unpack(bag.pk) == 0
    assert Exhibit.objects.count() == 4


def test_bytes_that_come_out_otherwise_than_they_were_checked_are_not_lodged(bag: Exhibit, cast: Cast,
                                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    whole = jail.pour
    for lie in (lambda *args, **more: iter([b"other bytes"] * 40), lambda *args, **more: iter([]),
                lambda *args, **more: iter([*whole(*args, **more), b"more"])):
        monkeypatch.setattr(jail, "pour", lambda *args, lie=lie, **more: (piece for piece in lie(*args, **more)))
        assert packages.unpack(bag.pk) == 0
        assert set(Unpacking.objects.values_list("state", flat=True)) == {"failed"}
        assert Exhibit.objects.count() == 1
        assert packages.lodge(bag, by=cast.investigator) == 3
    monkeypatch.setattr(jail, "pour", whole)
    assert packages.unpack(bag.pk) == 3


def test_the_verification_names_an_item_whose_origin_is_gone_or_another(
        bag: Exhibit, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    packages.unpack(bag.pk)
    items = list(Item.objects.filter(origin__isnull=False))
    assert list(witnessed.items(items)) == []
    one, other, _third = Origin.objects.order_by("file__path")
    moved = Origin(item=one.item, file=other.file, event=one.event)
    for found, said in (([other], "that row is gone"), ([moved, other], "says otherwise")):
        monkeypatch.setattr(witnessed, "Origin", Rows(found))
        problems = {problem.object: problem.problem for problem in witnessed.items([one.item, other.item])}
        assert set(problems) == {f"item/{one.item_id}"}
        assert said in problems[f"item/{one.item_id}"]


class Rows:
    """Stands where Origin stands, with rows that its table would refuse."""

    def __init__(self, rows: list[Origin]):
        self.objects, self.rows = self, rows

    def filter(self, **_which: Any) -> "Rows":
        return self

    def select_related(self, *_which: str) -> list[Origin]:
        return self.rows


def test_a_package_that_was_disposed_of_is_not_read_and_what_came_out_of_it_stays(
        bag: Exhibit, case: Case, cast: Cast) -> None:
    package = checked(bag, cast.investigator)
    [note] = package.files.filter(path="data/note.txt")
    packages.lodge(bag, positions=[note.position], by=cast.investigator)
    packages.unpack(bag.pk)
    packages.lodge(bag, by=cast.investigator)
    lodged = Exhibit.objects.latest("pk")
    make_keys()
    work(bag, lodged)
    proposal = disposals.propose(case, exhibits=[bag.label], ground="law", reason="Ordered", basis="Order 9",
                                 by=cast.lead)
    disposals.approve(case, proposal.id, by=cast.legal)
    disposal.remove_waiting()
    assert packages.unpack(bag.pk) == 0
    assert set(Unpacking.objects.values_list("state", flat=True)) == {"lodged", "failed"}
    gone = Exhibit.objects.select_related("case", "item__tombstone").get(pk=bag.pk)
    for act in (packages.ask, packages.lodge):
        with pytest.raises(Disposed):
            act(gone, by=cast.investigator)
    html = sign_in(cast.reviewer).get(reverse("exhibits:exhibit", args=[case.ref, bag.label])).content.decode()
    assert "Lodge all its files" not in html
    assert store.verify(lodged.item.blob_id)
    assert list(audit.audit_case(case.ref, checked=Counter())) == []
