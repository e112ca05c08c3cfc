"""Markup, templates and statements in every field of every call and row: text, wherever it is shown."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.factories import sign_in
from tests.house.permissions import API, LIBRARY, TABLE
from tests.house.world import ROUTES, World

WALKED = [(route, method) for route, row in TABLE.items() if route in ROUTES for method in row]
WRITES = [pair for pair in WALKED if pair[0] in API and pair[1] != "GET"]
# A piece of a file is bytes and has no fields.
# Refused for something else first, in the world of these tests.
EARLIER = {"api:export-stops", "api:target-decide"}
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "1"}
PIECE = ("api:upload", "PATCH")
NASTY = "<img src=x onerror=alert(1)>\"'>{{7*7}}{% debug %}{0.__class__}%(x)s"
ROOMS = ("casework", "evidence", "reports")
# What a person types, wherever it is kept.
TYPED = {"title", "note", "claim", "method", "against", "hypothesis", "why", "mandate_basis", "mandate_purpose",
         "matter", "mandate_scope", "text", "policy", "reason", "basis", "necessity", "less_intrusive", "display_name",
         "handle", "name", "lifted_because", "answer", "summary", "withdrawn_reason", "because"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once; each request below is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def nasty(world: World) -> set[str]:
    """The columns into which NASTY was written, in all rows that let the application do so."""
    written = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if (model._meta.app_label in ROOMS and field.name in TYPED and not field.choices
                    and isinstance(field, models.CharField | models.TextField)
                    and (field.max_length or 1000) > len(NASTY)):
                try:
                    with transaction.atomic():
                        model._base_manager.update(**{field.name: NASTY})
                    written.add(f"{model.__name__}.{field.name}")
                except DatabaseError:
                    continue
    return written


def described() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    told: dict[str, Any] = generator().get_schema(request=None, public=True)
    return told


TOLD = described()
SHAPES = TOLD["components"]["schemas"]
# Every name that any call takes or gives, as the API's own description says.
NAMES = sorted({name for shape in SHAPES.values() for name in shape.get("properties", {})})
PLAIN = {"null": "null", "a list": "[]", "a text": '"x"', "a number": "1", "an empty object": "{}", "a truth": "true"}
SAID = ("null", "true", "1", "-0", "9223372036854775808", "1e400", '"1"', "[]", "{}", "[null]", '[{"id": [1]}]',
        '"\\u0000"', '"\\ufffe\\u202e"', '"0000-00-00"', json.dumps("'; DROP TABLE x;--"), json.dumps(NASTY),
        json.dumps("x" * 5000))


def taken(address: str, method: str) -> dict[str, Any]:
    """The fields that a call takes, with their shapes."""
    fitting = [path for path in TOLD["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), address)]
    path = max(fitting, key=lambda path: len(re.sub(r"{\w+}", "", path)))
    body = TOLD["paths"][path][method.lower()].get("requestBody", {"content": {}})["content"]
    name = next((shape["schema"].get("$ref", "") for shape in body.values()), "").rpartition("/")[2]
    return dict(SHAPES[name]["properties"]) if name else {}


def fitting(shape: dict[str, Any]) -> Any:
    """A value of the kind that `shape` describes."""
    name = (shape.get("allOf") or shape.get("oneOf") or [shape])[0].get("$ref", "").rpartition("/")[2]
    if name:
        return SHAPES[name]["enum"][0]
    if {"enum", "format"} & shape.keys() or shape.get("type") != "string":
        return {"array": [], "integer": 1, "boolean": False, "object": {}}.get(str(shape.get("type")), "")
    return "x"


def bodies(names: Any) -> dict[str, str]:
    return {f"everywhere {said[:12]}": "{" + ", ".join(f'"{name}": {said}' for name in names) + "}" for said in SAID}


@pytest.mark.parametrize(("route", "method"), WRITES, ids=lambda value: str(value))
def test_no_body_is_a_mistake_of_ours(world: World, route: str, method: str) -> None:
    who, address = TABLE[route][method].split()[0], world.address(route, world.own)
    for said, body in [*PLAIN.items(), *bodies(NAMES).items(), *bodies(taken(address, method)).items()]:
        sid = transaction.savepoint()
        answer = getattr(Client(), method.lower())(address, body, content_type="application/json",
                                                   headers=world.bearers[who])
        transaction.savepoint_rollback(sid)
        assert answer.status_code < 500, f"{said}: {answer.content[:300]!r}"
        assert b"Traceback" not in answer.content and b"psycopg" not in answer.content


@pytest.mark.parametrize(("route", "method"), [pair for pair in WRITES if pair[1] != "DELETE" and pair != PIECE])
def test_a_field_that_a_call_does_not_take_is_refused_by_its_name(world: World, route: str, method: str) -> None:
    who, address, sid = TABLE[route][method].split()[0], world.address(route, world.own), transaction.savepoint()
    answer = getattr(Client(), method.lower())(address, '{"log_index": 7}', content_type="application/json",
                                               headers=world.bearers[who] | TUS)
    transaction.savepoint_rollback(sid)
    assert answer.status_code == 422 and answer.json()["errors"]["log_index"] == ["There is no such field here."]


@pytest.mark.parametrize(("route", "method"), WRITES, ids=lambda value: str(value))
def test_no_text_is_as_long_as_one_likes(world: World, route: str, method: str) -> None:
    who, address = TABLE[route][method].split()[0], world.address(route, world.own)
    fields = taken(address, method)
    for name in (name for name, shape in fields.items() if fitting(shape) == "x"):
        sent = {each: fitting(shape) for each, shape in fields.items()} | {name: "x" * 100_001}
        sid = transaction.savepoint()
        answer = getattr(Client(), method.lower())(address, json.dumps(sent), content_type="application/json",
                                                   headers=world.bearers[who] | TUS)
        transaction.savepoint_rollback(sid)
        named = answer.status_code == 422 and (name in answer.json()["errors"] or route in EARLIER)
        assert named or answer.status_code in {403, 409}, name


@pytest.mark.parametrize("route", [route for route, method in WALKED if method != "GET" and route not in LIBRARY])
def test_no_form_of_another_site_is_taken(world: World, route: str) -> None:
    who = TABLE[route].get("POST", next(iter(TABLE[route].values()))).split()[0]
    browser, sid = Client(enforce_csrf_checks=True), transaction.savepoint()
    if who != "nobody":
        browser.cookies = sign_in(world.cast.everybody()[who]).cookies
    for method in set(TABLE[route]) - {"GET"}:
        answer = browser.generic(method, world.address(route, world.own), b"a=1", "application/x-www-form-urlencoded")
        assert answer.status_code == 403, method
    transaction.savepoint_rollback(sid)


SHOWN = [route for route, method in WALKED if method == "GET"]


@pytest.mark.parametrize("route", SHOWN)
def test_what_people_wrote_is_text_on_every_page(world: World, nasty: set[str], route: str) -> None:
    assert {"Case.title", "Finding.claim", "Notice.text", "User.display_name"} <= nasty
    for who in {TABLE[route]["GET"].split()[0], TABLE[route]["GET"].split()[-1]}:
        sid = transaction.savepoint()
        answer = world.ask(who, route, "GET", world.address(route, world.own))
        transaction.savepoint_rollback(sid)
        assert answer.status_code < 500 or route == "readyz"
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert "<img src=x" not in answer.content.decode()


def test_a_template_in_a_title_is_shown_as_it_was_typed(world: World, nasty: set[str]) -> None:
    shown = world.browsers["lead"].get(f"/cases/{world.own.case.ref}/").content.decode()
    assert "{{7*7}}{% debug %}{0.__class__}%(x)s" in shown
