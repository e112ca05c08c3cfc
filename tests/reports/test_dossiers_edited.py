"""Two who compose the same dossier again: the second one is told what the other weighed."""

import re
from typing import Any

import pytest
from django.test import Client

from reports.dossiers import services as dossiers
from reports.dossiers.models import Dossier
from tests.factories import bearer, sign_in
from tests.reports.story import NOTE, Story, make_story

pytestmark = pytest.mark.django_db
FIRST, SECOND = NOTE | {"against": "What the first weighed"}, NOTE | {"against": "What the second weighed"}


@pytest.fixture
def story() -> Story:
    story = make_story(1)
    dossiers.compose(story.case, kind="referral", language="en", **NOTE, by=story.cast.legal)
    return story


def test_a_call_that_read_other_facts_is_refused(story: Story) -> None:
    def call(method: str, person: Any, body: Any = None, **headers: str) -> Any:
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(f"/api/v1/cases/{story.case.ref}/dossiers/D-001/",
                                         headers=bearer(person) | headers, **sent)

    read = call("get", story.cast.legal)
    assert read["ETag"] == f'"{read.json()["digest"]}"'
    made = call("put", story.cast.lead, FIRST, **{"If-Match": read["ETag"]})
    assert made.status_code == 200 and made["ETag"] != read["ETag"]
    late = call("put", story.cast.legal, SECOND, **{"If-Match": read["ETag"]})
    assert (late.status_code, late.json()["code"]) == (412, "changed")
    assert late.json()["now"]["by"] == story.cast.lead.display_name
    assert late.json()["now"]["content"] == FIRST and Dossier.objects.get().against == FIRST["against"]
    assert call("put", story.cast.legal, SECOND, **{"If-Match": made["ETag"]}).status_code == 200


def test_a_page_keeps_what_was_typed_beside_what_the_other_weighed(story: Story) -> None:
    at, legal = f"/cases/{story.case.ref}/reports/D-001/again/", sign_in(story.cast.legal)
    found = re.search(r'name="made_from" value="([0-9a-f]{64})"', legal.get(at).content.decode())
    assert found
    dossiers.recompose(Dossier.objects.get(), **FIRST, by=story.cast.lead)
    late = legal.post(at, SECOND | {"made_from": found[1]})
    html = late.content.decode()
    assert late.status_code == 409 and "What the first weighed" in html and "What the second weighed" in html
    assert Dossier.objects.get().against == FIRST["against"]
