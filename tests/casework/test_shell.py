"""The frame of every page: what each person is offered, in which language, and how a form says what is wrong."""

from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.test import Client

from casework.templatetags import house
from tests.factories import PASSWORD, make_case, make_cast, make_person, sign_in

pytestmark = pytest.mark.django_db
TABS = ["evidence/", "accounts/", "findings/", "takedowns/", "reports/", "evidence/custody/", "members/"]


def tabs(html: str, ref: str) -> list[str]:
    rail = html[html.index('<nav class="rail"'):html.index("</nav>", html.index('<nav class="rail"'))]
    return [tab for tab in TABS if f'href="/cases/{ref}/{tab}"' in rail]


def test_a_case_offers_each_person_only_what_their_role_may_open() -> None:
    cast = make_cast()
    case = make_case(cast)
    page = f"/cases/{case.ref}/"
    assert tabs(sign_in(cast.lead).get(page).content.decode(), case.ref) == TABS
    assert tabs(sign_in(cast.media).get(page).content.decode(), case.ref) == ["reports/", "members/"]
    for person in (cast.lead, cast.media, cast.auditor):
        client = sign_in(person)
        for tab in tabs(client.get(page).content.decode(), case.ref):
            assert client.get(f"/cases/{case.ref}/{tab}").status_code == 200


def test_only_administrators_are_offered_the_people_page() -> None:
    cast = make_cast()
    assert 'href="/people/"' in sign_in(cast.admin).get("/cases/").content.decode()
    assert 'href="/people/"' not in sign_in(cast.lead).get("/cases/").content.decode()


def test_the_language_is_chosen_before_sign_in() -> None:
    client = Client()
    answer = client.post("/language/", {"language": "ur", "next": "/accounts/login/"}, follow=True)
    assert '<html lang="ur" dir="rtl"' in answer.content.decode()
    assert "داخل ہوں" in answer.content.decode()


def test_the_demo_names_its_people_and_their_password_at_the_door_alone(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.CASEWORK_HOME = True, tmp_path
    (tmp_path / "demo-password").write_text(PASSWORD)
    assert PASSWORD in Client().get("/accounts/login/").content.decode()
    assert PASSWORD not in sign_in(make_cast().lead).get("/settings/").content.decode()
    settings.DEMO = False
    assert PASSWORD not in Client().get("/accounts/login/").content.decode()


@pytest.mark.parametrize("address", ["/accounts/email/", "/accounts/password/reset/", "/accounts/password/set/"])
def test_nobody_changes_an_address_or_resets_a_password_by_themselves(address: str) -> None:
    assert sign_in(make_cast().lead).get(address).status_code == 404


def test_what_is_not_there_is_said_in_the_persons_language() -> None:
    person = make_cast().lead
    person.language = "ur"
    person.save()
    answer = sign_in(person).get("/cases/CW-1999-0001/")
    assert answer.status_code == 404
    assert "یہاں کچھ نہیں ہے" in answer.content.decode()


class Example(forms.Form):
    title = forms.CharField(help_text="Short.")
    text = forms.CharField(widget=forms.Textarea, required=False)
    mail = forms.EmailField(required=False)


def test_a_field_names_its_help_and_its_error_and_the_summary_leads_to_it() -> None:
    html = str(Example({"title": "", "text": "سلام"}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html and 'id="id_title_error"' in html
    assert html.index('role="alert"') < html.index('<a href="#id_title">') < html.index('id="id_title"')
    assert "سلام" in html


def test_what_people_type_finds_its_own_direction() -> None:
    html = str(Example())
    assert '<input type="text" name="title" dir="auto"' in html
    assert '<textarea name="text" dir="auto"' in html
    assert '<input type="email" name="mail" dir="ltr"' in html


@pytest.mark.parametrize(("name", "shown"), [
    ("SanaMehr_q22", "@SanaMehr_q22"), ("some-name.2", "@some-name.2"), ("+92 300 555 0101", "+92 300 555 0101"),
    ("100012345678", "100012345678"), ("zara@social.example", "zara@social.example"), ("Two Words", "Two Words")])
def test_only_a_handle_stands_behind_an_at_sign(name: str, shown: str) -> None:
    assert house.handle(name) == f'<bdi dir="ltr">{shown}</bdi>'


def test_a_refused_sign_in_does_not_speak_of_saving() -> None:
    answer = Client().post("/accounts/login/", {"login": "nobody@demo.example", "password": "wrong"}).content.decode()
    assert "This did not work" in answer and "Not saved yet" not in answer


def test_the_page_of_all_calls_asks_nobody_else_and_breaks_no_policy() -> None:
    answer = sign_in(make_person()).get("/api/v1/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200 and "<style" not in page and "https://" not in page
    assert "img-src 'self' blob: data:" in answer["Content-Security-Policy"]
