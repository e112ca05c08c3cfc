"""What happens to a package while its files are taken out, and what they inherit from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from casework.exhibits import packages, services
from casework.exhibits.models import Exhibit, Unpacking
from casework.lifecycle import NotAllowed
from evidence.packages import services as vault
from tests.casework.test_packages import bag, case, cast, checked, said
from tests.casework.test_packages_doors import at, call
from tests.factories import Cast, sign_in

__all__ = ["bag", "case", "cast"]


def test_a_package_that_is_withdrawn_while_it_is_unpacked_gives_nothing(bag: Exhibit, cast: Cast,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    whole = vault.taken_out

    @contextmanager
    def slow(*args: Any) -> Iterator[Any]:
        with whole(*args) as arriving:
            services.withdraw(bag, reason="Sent by mistake", by=cast.lead)
            yield arriving

    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    monkeypatch.setattr(vault, "taken_out", slow)
    assert packages.unpack(bag.pk) == 0
    assert Exhibit.objects.count() == 1
    assert set(Unpacking.objects.values_list("state", flat=True)) == {"failed"}


def test_a_package_that_somebody_else_has_just_withdrawn_is_neither_checked_nor_unpacked(bag: Exhibit,
                                                                                         cast: Cast) -> None:
    checked(bag, cast.investigator)
    services.withdraw(Exhibit.objects.get(pk=bag.pk), reason="Sent by mistake", by=cast.lead)
    assert bag.withdrawn_at is None
    for act in (packages.ask, packages.lodge):
        with pytest.raises(NotAllowed):
            act(bag, by=cast.investigator)


def test_files_of_a_sensitive_package_are_sensitive_and_the_log_says_so(bag: Exhibit, cast: Cast) -> None:
    services.edit(bag, title="", note="", sensitive=True, by=cast.investigator)
    checked(bag, cast.investigator)
    packages.lodge(bag, by=cast.investigator)
    packages.unpack(bag.pk)
    lodged = Exhibit.objects.exclude(pk=bag.pk)
    assert [exhibit.sensitive for exhibit in lodged] == [True] * 3
    for exhibit in lodged:
        [told] = said(f"exhibit/{exhibit}", "decision")
        assert told["sensitive"] is True


def test_what_is_no_valid_package_is_not_said_to_lie_in_a_closed_case(bag: Exhibit, cast: Cast) -> None:
    answer = call(bag, cast.investigator, "post", "lodge/")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_package"), answer.json()
    services.withdraw(bag, reason="Sent by mistake", by=cast.lead)
    said = sign_in(cast.investigator).post(at("package", bag), follow=True).content.decode()
    assert "no valid package" in said
    assert "Reopen it before" not in said
