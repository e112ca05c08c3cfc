"""The network of a case: what makes an edge, who is named, what is left out and said so, and what leaves as files."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from casework import access
from casework.access import Action
from casework.accounts import linking
from casework.accounts import services as accounts
from casework.accounts.assessments import assess
from casework.accounts.models import Subject
from casework.campaigns import causes
from casework.campaigns import services as campaigns
from casework.cases.models import Case
from casework.channels import payments, taskings
from casework.channels import services as channels
from casework.channels.models import Channel
from casework.channels.tasking_models import Tasking
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.network import compose, services
from casework.network.asking import Query
from casework.network.compose import Network
from casework.posts import services as imports
from tests.casework.test_timeline import TEXT, posted, told
from tests.factories import Cast, bearer, lodge_png, make_case, make_cast, sign_in

# The text of the tasking by a participant twice, by a bystander and by a stranger.
POSTS = [("2026-03-14T13:06:03Z", "sana", "11", TEXT), ("2026-03-14T13:06:05Z", "Zamanpur", "", TEXT.upper()),
         ("2026-03-15T13:06:03Z", "sana", "11", f"{TEXT} https://x.com/a"),
         ("2026-03-14T13:07:00Z", "mehrunnisa", "", TEXT),
         ("2026-03-14T13:08:00Z", "Zamanpur", "", "I would like the port")]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return filled(make_case(cast), cast)


def subject(case: Case, cast: Cast, handle: str, number: str = "", *, role: str = "") -> Subject:
    shown = Exhibit.objects.get(case=case, number=1)
    found = accounts.name_account(case, platform="x", handle=handle, stable_id=number, exhibit=shown, by=cast.lead)
    if role:
        assess(found, to_role=role, indicators=["coordination"], exhibits=[shown], reason="It repeats the text",
               against="It may be sincere", by=cast.lead)
    return found


def filled(case: Case, cast: Cast) -> Case:
    by = cast.lead
    shown = lodge_png(case, by, 1).exhibit
    first, second = subject(case, cast, "sana", "11", role="participant"), subject(case, cast, "zamanpur")
    boss = subject(case, cast, "=boss", role="participant")
    evening = channels.name_channel(case, platform="whatsapp", name="Evening", at="2026-03-14", exhibit=shown, by=by)
    night = channels.name_channel(case, platform="whatsapp", name="Night <b>", at="2026-03-16", exhibit=shown, by=by)
    channels.observe(evening, fact="admin", subject=boss, at="2026-03-14", exhibit=shown, by=by)
    channels.observe(evening, fact="recreated", became=night, at="2026-03-16", exhibit=shown, by=by)
    tasking = taskings.note(evening, message="8 sharp", post_text=TEXT, at="2026-03-14 13:05:30", exhibits=[shown],
                            handed_out_by=boss, by=by)
    linking.link(second, other=first, kind="same_operator", likelihood="even", basis="One wallet", exhibits=[shown],
                 by=by)
    pay(case, cast, tasking, payer=boss, payee=first)
    pay(case, cast, tasking, payer_text="A client", payee=boss)
    pay(case, cast, tasking, payer=boss, payee=second, shows="promise")
    campaign = campaigns.name_campaign(case, title="Port now", objective="To look popular",
                                       taskings=[tasking], by=by)
    cause = causes.name_cause(case, title="The unspeakable cause", by=by)
    causes.attach(campaign, cause=cause, basis="It says so", exhibits=[shown], by=by)
    posted(case, POSTS, by)
    return case


def pay(case: Case, cast: Cast, tasking: Tasking, **words: Any) -> None:
    shown = Exhibit.objects.get(case=case, number=1)
    said: dict[str, Any] = {"amount": "15", "currency": "PKR", "method": "cash", "shows": "transfer", "at": "",
                            "taskings": [tasking], "exhibits": [shown], "by": cast.lead}
    payments.note(case, **said | words)


def found(case: Case, cast: Cast, asked: str = "") -> Network:
    return services.show(case, Query.read(QueryDict(asked)), by=cast.lead)


def edges(shown: Network) -> set[tuple[str, str, str, int]]:
    return {(one.start, str(one.kind), one.end, one.count) for one in shown.edges}


def page(case: Case, user: Any, asked: str = "", status: int = 200) -> str:
    answer = sign_in(user).get(f"{reverse('network:network', args=[case.ref])}?{asked}")
    assert answer.status_code == status, answer.content
    return str(answer.content.decode())


def take(case: Case, user: Any, kind: str, asked: str = "") -> bytes:
    answer = sign_in(user).post(f"{reverse('network:take', args=[case.ref])}?{asked}",
                                {"kind": kind, "purpose": "For the regulator"})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    return bytes(answer.content)


def test_each_kind_of_edge_has_its_count_and_what_it_stands_on(case: Case, cast: Cast) -> None:
    shown = found(case, cast)
    assert edges(shown) == {
        ("S-001", "same_operator", "S-002", 1), ("S-003", "admin", "C-001", 1), ("S-003", "handed_out", "C-001", 1),
        ("S-001", "posted", "C-001", 2), ("S-002", "posted", "C-001", 1), ("S-003", "paid", "S-001", 1),
        ("C-001", "paid_for", "S-003", 1), ("S-003", "promised", "S-002", 1), ("C-001", "recreated", "C-002", 1),
        ("C-001", "pushed", "G-001", 1)}
    sent = next(one for one in shown.edges if one.kind == "posted" and one.start == "S-001")
    assert (sent.entries, sent.exhibits) == ({"K-001"}, {"E-002"})
    assert shown.strangers == 1 and shown.alone == 0
    html = page(case, cast.auditor)
    assert "roughly even chance" in html and "equal in one spelling" in html and "channels/taskings/K-001/" in html
    assert "are in none of these counts: 1." in html


def test_numbers_stand_for_accounts_and_a_bystander_is_never_named(case: Case, cast: Cast) -> None:
    assert "sana" not in page(case, cast.lead) and "S-001" in page(case, cast.lead)
    named = page(case, cast.lead, "names=handles")
    assert ">sana<" in named and "zamanpur" not in named.lower() and "mehrunnisa" not in named
    for kind in ("svg", "graphml", "nodes", "edges"):
        data = take(case, cast.lead, kind, "names=handles").lower()
        assert b"zamanpur" not in data and b"mehrunnisa" not in data


def test_no_cause_is_in_it_and_a_campaign_cannot_be_asked_for(case: Case, cast: Cast) -> None:
    for kind in ("svg", "graphml", "nodes", "edges"):
        assert b"unspeakable" not in take(case, cast.lead, kind) and b"U-001" not in take(case, cast.lead, kind)
    assert "unspeakable" not in page(case, cast.lead)
    refused = page(case, cast.lead, "around=G-001", 422)
    assert "is no account and no channel of this case" in refused and 'value="G-001"' in refused


def test_filters_narrow_and_what_makes_no_sense_is_said_and_kept(case: Case, cast: Cast) -> None:
    assert edges(found(case, cast, "kind=admin&kind=paid")) == {("S-003", "admin", "C-001", 1),
                                                                ("S-003", "paid", "S-001", 1)}
    assert edges(found(case, cast, "least=2")) == {("S-001", "posted", "C-001", 2)}
    around = found(case, cast, "around=s-002&kind=posted&kind=same_operator&kind=admin")
    assert edges(around) == {("S-001", "same_operator", "S-002", 1), ("S-002", "posted", "C-001", 1),
                             ("S-001", "posted", "C-001", 2)}
    assert around.nodes[0].label == "S-002" and around.alone == 3
    html = page(case, cast.lead, "least=many&around=S-099&kind=friends", 422)
    assert 'value="many"' in html and "“many” is not read as a count" in html and "“S-099” is no account" in html
    assert "A kind of edge that is not known was not heeded." in html


def test_what_was_withdrawn_makes_no_edge(case: Case, cast: Cast) -> None:
    by = cast.lead
    imports.withdraw(case.imports.get(), reason="A wrong file", by=by)
    linking.withdraw(case.account_links.get(), reason="Wrong", by=by)
    payments.withdraw(case.payments.get(number=1), reason="Wrong", by=by)
    kinds = {str(one.kind) for one in found(case, cast).edges}
    assert kinds == {"admin", "handed_out", "paid_for", "promised", "recreated", "pushed"}
    exhibits.withdraw(Exhibit.objects.get(case=case, number=1), reason="Wrong", by=by)
    assert found(case, cast).edges == [], "what stands on a withdrawn exhibit alone"


def test_what_one_may_not_see_is_not_drawn(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.MAY, "auditor", access.MAY["auditor"] - {Action.POST_READ, Action.CAMPAIGN_READ})
    html = page(case, cast.auditor)
    assert "G-001" not in html and "Posted the text" not in html.split("<h2>Picture")[1] and "C-001" in html
    monkeypatch.setitem(access.MAY, "auditor", access.MAY["auditor"] - {Action.CHANNEL_READ})
    html = page(case, cast.auditor)
    assert "C-001" not in html and "Same operator suspected" in html.split("<h2>Picture")[1]


def test_another_case_shows_nothing_of_this_one(case: Case, cast: Cast) -> None:
    other = make_case(cast)
    lodge_png(other, cast.lead, 1)
    subject(other, cast, "sana", "11")
    posted(other, POSTS, cast.lead)
    assert found(other, cast).edges == [] and found(other, cast).alone == 1
    client = sign_in(cast.outsider)
    for name in ("network", "take"):
        assert client.get(reverse(f"network:{name}", args=[case.ref])).status_code == 404


def test_more_than_a_drawing_holds_is_left_out_and_said(
        case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "NODES", 3)
    monkeypatch.setattr(compose, "EDGES", 2)
    shown = found(case, cast)
    assert (len(shown.nodes), len(shown.shown), len(shown.edges), shown.drawn_edges) == (6, 3, 10, 2)
    html = page(case, cast.lead)
    assert "3 of 6 with edges are drawn, and 2 of 10 edges." in html and "Left out of the picture" in html
    assert len(re.findall(r'<g class="node" data-sort="\w+"><title>', html)) == 3
    picture = take(case, cast.lead, "svg").decode()
    assert "3 of 6 with edges are drawn" in picture
    assert len(list(csv.DictReader(io.StringIO(take(case, cast.lead, "edges").decode())))) == 10


def test_the_page_and_the_files_show_the_same_picture(case: Case, cast: Cast) -> None:
    drawn = re.compile(r'<path class="line" d="(M[^"]+Q[^"]+)"')
    lines = drawn.findall(page(case, cast.lead))
    assert len(lines) == 10 and drawn.findall(take(case, cast.lead, "svg").decode()) == lines
    cast.lead.language = "ur"
    cast.lead.save()
    assert drawn.findall(page(case, cast.lead)) == lines, "places have no meaning, and are the same in every language"
    nodes = {row["label"]: (row["x"], row["y"]) for row in
             csv.DictReader(io.StringIO(take(case, cast.lead, "nodes").decode()))}
    graph = ET.fromstring(take(case, cast.lead, "graphml"))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    keys = {one.attrib["id"]: one.attrib["attr.name"] for one in graph.findall("g:key", space)}
    placed = {}
    for node in graph.findall(".//g:node", space):
        words = {keys[one.attrib["key"]]: one.text for one in node.findall("g:data", space)}
        placed[node.attrib["id"]] = (words["x"], words["y"])
    assert placed == nodes and len(graph.findall(".//g:edge", space)) == 10
    ET.fromstring(take(case, cast.lead, "svg", "names=handles"))


def test_files_are_recorded_counted_and_run_nothing(case: Case, cast: Cast) -> None:
    rows = list(csv.DictReader(io.StringIO(take(case, cast.investigator, "nodes", "names=handles").decode())))
    assert {row["name"] for row in rows if row["label"] == "S-003"} == {"'=boss"}
    event, = told("network_exported")
    assert (event["format"], event["nodes"], event["edges"], event["query"]) == ("nodes", 6, 10, {"names": "handles"})
    assert len(event["sha256"]) == 64 and case.exports.get().subject == f"case/{case.ref}"
    assert event["purpose"] == "For the regulator"
    assert sign_in(cast.auditor).get(reverse("network:take", args=[case.ref])).status_code == 403
    picture = take(case, cast.lead, "svg").decode()
    assert "<script" not in picture and "style=" not in picture and "href" not in picture
    assert "Night &lt;b&gt;" in picture


def test_the_calls_tell_the_same(case: Case, cast: Cast) -> None:
    client, head = Client(), bearer(cast.auditor)
    answer = client.get(reverse("api:network", args=[case.ref]), {"least": "2"}, headers=head).json()
    assert [(one["start"], one["kind"], one["end"], one["count"]) for one in answer["edges"]] == [
        ("S-001", "posted", "C-001", 2)]
    assert answer["problems"] == [] and all(isinstance(one["x"], int) for one in answer["nodes"])
    assert "equal in one spelling" in answer["rules"][0]["rule"] and answer["left_out"] and answer["strangers"] == 1
    asked: dict[str, Any] = {"data": {"purpose": "For the regulator"}, "content_type": "application/json"}
    taken = client.post(reverse("api:network-graphml", args=[case.ref]), headers=bearer(cast.lead, "export"), **asked)
    assert taken.status_code == 200 and taken["Content-Type"] == "application/graphml+xml"
    assert client.post(reverse("api:network-svg", args=[case.ref]), headers=bearer(cast.lead, "read"),
                       **asked).status_code == 403
    nothing = client.post(reverse("api:network-svg", args=[case.ref]), headers=bearer(cast.lead, "export"))
    assert nothing.status_code == 422, "no purpose is said"


def test_questions_do_not_grow_with_the_rows(
        case: Case, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client, address = sign_in(cast.auditor), reverse("network:network", args=[case.ref])
    client.get(address)
    with django_assert_max_num_queries(45) as before:
        client.get(address)
    channel: Channel = case.channels.get(number=2)
    shown = Exhibit.objects.get(case=case, number=1)
    for at in range(8):
        one = subject(case, cast, f"copy{at}")
        channels.observe(channel, fact="admin", subject=one, at="2026-03-17", exhibit=shown, by=cast.lead)
        taskings.note(channel, message=f"{TEXT} and again {at}", at="2026-03-17", exhibits=[shown], handed_out_by=one,
                      by=cast.lead)
    posted(case, [(f"2026-03-17T14:{at:02d}:00Z", f"copy{at}", "", f"{TEXT} and again {at}") for at in range(8)],
           cast.lead)
    with django_assert_max_num_queries(len(before)):
        assert "S-011" in client.get(address).content.decode()
