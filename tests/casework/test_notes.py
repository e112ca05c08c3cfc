"""Notes beside the things of a case, who is told of them, and the pages and calls of tasks and notes."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.test import Client

from casework.cases.models import Case
from casework.lifecycle import NotAllowed
from casework.people.models import User
from casework.worklist import notes
from casework.worklist.models import Mention, Note
from evidence.custody import history
from reports.desk import compose as desk
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    case = make_case(cast)
    lodge_png(case, cast.lead, 1)
    return case


def call(case: Case, person: User, method: str, path: str, status: int = 200, **body: Any) -> Any:
    answer = getattr(Client(), method)(f"/api/v1/cases/{case.ref}/{path}", body or None, headers=bearer(person),
                                       content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def waits(person: User) -> list[str]:
    return [one.title for one in desk.waiting(person)[0] if one.word == "Note to you"]


def test_a_note_waits_for_whom_it_names_until_they_put_it_away(case: Case, cast: Cast) -> None:
    note = notes.write(case, text="Cut off at the left", about="E-1", tell=[cast.reviewer, cast.legal], by=cast.lead)
    assert note.about == "E-001" and waits(cast.reviewer) == waits(cast.legal) == ["Cut off at the left"]
    notes.put_away(note, by=cast.takedown)
    notes.put_away(note, by=cast.reviewer)
    assert (waits(cast.reviewer), waits(cast.legal)) == ([], ["Cut off at the left"])
    notes.withdraw(note, reason="Misread", by=cast.lead)
    assert waits(cast.legal) == []
    assert [entry.detail["act"] for entry in history.entries(subject=note.word, limit=9)] == [
        "note_withdrawn", "note_written"]
    with pytest.raises(NotAllowed):
        notes.withdraw(note, reason="Again", by=cast.lead)


def test_only_who_works_on_the_case_is_told(case: Case, cast: Cast) -> None:
    for person in (cast.outsider, cast.media, cast.admin):
        with pytest.raises(ValidationError) as refused:
            notes.write(case, text="Read this", tell=[person], by=cast.lead)
        assert set(refused.value.message_dict) == {"tell"}
    wrong: list[dict[str, Any]] = [{"text": " "}, {"text": "x" * 4001}, {"about": "F-001"}]
    for words in wrong:
        with pytest.raises(ValidationError) as refused:
            notes.write(case, **{"text": "Read this", **words}, by=cast.lead)
        assert set(refused.value.message_dict) == set(words)
    for person in (cast.auditor, cast.media, cast.outsider):
        with pytest.raises(PermissionDenied):
            notes.write(case, text="Read this", by=person)
    assert not Note.objects.exists() and not Mention.objects.exists()


def test_the_database_takes_no_empty_note(case: Case, cast: Cast) -> None:
    note = notes.write(case, text="Read this", by=cast.lead)
    with pytest.raises(IntegrityError):
        Note.objects.filter(pk=note.pk).update(text="")


def test_pages_from_the_exhibit_to_its_note_and_back(case: Case, cast: Cast) -> None:
    pages, root = sign_in(cast.lead), f"/cases/{case.ref}/"
    where = f"{root}tasks/notes/?about=E-001"
    assert f'href="{where}"' in pages.get(root + "evidence/E-001/").content.decode()
    refused = pages.post(where, {"text": "", "about": "E-001"})
    assert refused.status_code == 422
    done = pages.post(where, {"text": "<b>Cut</b> off", "about": "E-001", "tell": [cast.legal.pk]}, follow=True)
    assert done.redirect_chain == [(where, 302)] and "&lt;b&gt;Cut&lt;/b&gt; off" in done.content.decode()
    assert "1 note" in pages.get(root + "evidence/E-001/").content.decode()
    theirs, note = sign_in(cast.legal), case.notes.get()
    assert "I saw it" in theirs.get(where).content.decode()
    assert theirs.post(f"{root}tasks/notes/{note.pk}/seen/").status_code == 302
    assert "I saw it" not in theirs.get(where).content.decode()
    assert pages.post(f"{root}tasks/notes/{note.pk}/withdraw/", {"reason": "Misread"}).status_code == 302
    html = pages.get(root + "tasks/notes/").content.decode()
    assert "Misread" in html and "Withdrawn" in html


def test_pages_of_a_task_from_the_form_to_its_end(case: Case, cast: Cast) -> None:
    pages, root = sign_in(cast.lead), f"/cases/{case.ref}/tasks/"
    typed = {"title": "Ask the shop", "text": "By mail", "about": "E-009", "assignee": cast.legal.pk}
    refused = pages.post(root + "new/", typed)
    assert refused.status_code == 422 and "Not in this case: E-009" in refused.content.decode()
    assert "By mail" in refused.content.decode()
    done = pages.post(root + "new/", typed | {"about": "E-001"}, follow=True)
    assert done.redirect_chain == [(root + "W-001/", 302)]
    assert "Ask the shop" in pages.get(root).content.decode()
    assert pages.post(root + "W-001/drop/", {"outcome": ""}).status_code == 422
    assert pages.post(root + "W-001/finish/", {"outcome": "They answered."}).status_code == 302
    assert "They answered." in pages.get(root + "W-001/").content.decode()
    assert "Ask the shop" not in pages.get(root).content.decode()
    assert "Ask the shop" in pages.get(root + "?show=ended").content.decode()
    assert pages.post(root + "W-001/reopen/").status_code == 302
    assert case.tasks.get().state == "open"


def test_the_same_by_program(case: Case, cast: Cast) -> None:
    made = call(case, cast.lead, "post", "tasks/", 201, title="Ask the shop", about="E-001",
                assignee=cast.legal.email.upper(), due_on="2099-01-02")
    assert (made["label"], made["assignee"]["email"], made["overdue"]) == ("W-001", cast.legal.email, False)
    refused = call(case, cast.lead, "post", "tasks/", 422, title="Ask", assignee=cast.outsider.email)
    assert set(refused["errors"]) == {"assignee"}
    assert call(case, cast.lead, "get", "tasks/?show=all", 422)["errors"]["show"]
    mine = call(case, cast.legal, "get", "tasks/?show=mine")["results"]
    assert [task["label"] for task in mine] == ["W-001"]
    done = call(case, cast.legal, "post", "tasks/W-001/finish/", outcome="They answered.")
    assert (done["state"], done["ended_by"]) == ("done", str(cast.legal))
    assert call(case, cast.legal, "post", "tasks/W-001/drop/", 409, outcome="x")
    assert call(case, cast.legal, "post", "tasks/W-001/reopen/")["outcome"] == ""
    assert call(case, cast.auditor, "put", "tasks/W-001/", 403, title="Other")
    note = call(case, cast.legal, "post", "notes/", 201, text="Cut off", about="E-001", tell=[cast.lead.email])
    assert [one["email"] for one in note["told"]] == [cast.lead.email]
    assert call(case, cast.lead, "post", f"notes/{note['id']}/seen/")["told"][0]["seen_at"]
    assert call(case, cast.lead, "get", "notes/?about=E-001")["count"] == 1
    assert call(case, cast.lead, "get", "notes/?about=F-001", 422)
    assert call(case, cast.lead, "post", f"notes/{note['id']}/withdraw/", reason="Misread")["withdrawn_reason"]
    for path in ("tasks/", "tasks/W-001/", "notes/", f"notes/{note['id']}/withdraw/"):
        assert call(case, cast.outsider, "post" if "withdraw" in path else "get", path, 404)


def test_pages_ask_as_often_for_many_as_for_one(case: Case, cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        notes.write(case, text=f"Note {number}", about="E-001", tell=[cast.legal, cast.reviewer], by=cast.lead)
    pages = sign_in(cast.lead)
    with django_assert_max_num_queries(14):
        assert "Note 29" in pages.get(f"/cases/{case.ref}/tasks/notes/").content.decode()
