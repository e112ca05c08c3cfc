"""One thing, one address: a label in another spelling names nothing."""

import pytest
from django.urls import Resolver404, resolve

PLACES = {
    "/cases/{}/accounts": "S", "/cases/{}/channels": "C",
    "/cases/{}/channels/taskings": "K", "/api/v1/cases/{}/taskings": "K",
    "/cases/{}/channels/payments": "M", "/api/v1/cases/{}/payments": "M",
    "/cases/{}/campaigns": "G", "/api/v1/cases/{}/campaigns": "G",
    "/cases/{}/campaigns/causes": "U", "/api/v1/cases/{}/causes": "U",
    "/cases/{}/posts/imports": "I", "/api/v1/cases/{}/imports": "I",
    "/cases/{}/findings": "F", "/cases/{}/takedowns": "T", "/cases/{}/evidence": "E",
    "/cases/{}/reports": "D", "/api/v1/cases/{}/accounts": "S", "/api/v1/cases/{}/channels": "C",
    "/api/v1/cases/{}/findings": "F",
    "/api/v1/cases/{}/takedowns": "T", "/api/v1/cases/{}/exhibits": "E", "/api/v1/cases/{}/dossiers": "D"}


@pytest.mark.parametrize(("place", "letter"), PLACES.items())
def test_a_label_has_one_spelling(place: str, letter: str) -> None:
    at = place.format("CW-2026-0014")
    assert resolve(f"{at}/{letter}-007/").kwargs["number"] == 7
    assert resolve(f"{at}/{letter}-1234/").kwargs["number"] == 1234
    for wrong in (f"{letter}-7", f"{letter}-0007", f"{letter.lower()}-007", f"{letter}007", "7", "Z-007",
                  f"{letter}-٠٠٧", f"CW-2026-0014-{letter}-007"):
        with pytest.raises(Resolver404):
            resolve(f"{at}/{wrong}/")
