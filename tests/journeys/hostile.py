"""Run inside the server, by `manage.py shell`: a case in which every text that a person can fill, every file name and
every file is a payload, made through the services that pages and API stand on. Prints where to look, as JSON."""

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction

from casework.accounts import claims, linking, notes, statements
from casework.accounts import services as accounts
from casework.accounts.assessments import assess
from casework.accounts.models import Subject
from casework.cases import services as cases
from casework.cases.models import Case
from casework.channels import taskings
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.exhibits.provenance import LONGEST
from casework.findings import services as findings
from casework.findings import sources
from casework.findings.models import Finding
from casework.people import services as people
from casework.people.models import User
from casework.posts import reading as posts
from casework.posts import services
from casework.takedowns import services as takedowns
from evidence.derivatives import services as derivatives
from tests.factories import PASSWORD
from tests.house.permissions import TABLE
from tests.house.world import ROUTES, World
from tests.journeys import payloads

FILES, WRITTEN, ROWS = 40, 8, 10
# Of a person, an exhibit, a finding and the others, what they typed and the application may change afterwards.
TYPED = {"title", "note", "claim", "method", "against", "hypothesis", "why", "mandate_basis", "mandate_purpose",
         "matter", "mandate_scope", "text", "policy", "reason", "basis", "necessity", "less_intrusive", "display_name",
         "handle", "name", "lifted_because", "answer", "summary", "withdrawn_reason", "because", "reference", "wording",
         "url", "agent", "stable_id"}


class Words:
    """The next payload, over and over; `placed` are those that were taken as they are."""

    def __init__(self) -> None:
        self._next = itertools.cycle(payloads.TEXTS)
        self.placed: set[str] = set()

    def fitting(self, longest: int) -> str:
        return next(text for text in self._next if len(text) <= longest)

    def fill(self, act: Callable[..., Any], *given: Any, needs: dict[str, int], **more: Any) -> Any:
        """`act` with a payload for each of `needs` (name → longest), tried again with the next where one is refused."""
        for _ in range(20):
            words = {name: self.fitting(longest) for name, longest in needs.items()}
            try:
                with transaction.atomic():
                    done = act(*given, **words, **more)
            except ValidationError:
                continue
            self.placed.update(words.values())
            return done
        raise AssertionError(f"{act} takes no payload for {', '.join(needs)}")


def main() -> None:
    world, words = World(), Words()
    case, lead = world.own.case, world.cast.lead
    first = _files(world, words)
    _statements(world, words)
    _said(world, words)
    _handed_out(world, words)
    for _ in range(4):
        mandate = {"mandate_basis": 2000, "mandate_purpose": 2000, "mandate_scope": 2000}
        words.fill(cases.open_case, needs={"title": 200, **mandate}, by=lead)
        words.fill(people.make_token, lead, needs={"name": 80}, scopes=["read"], days=1)
    for number in range(4):
        words.fill(people.invite, f"invited-{number}@example.org", needs={"display_name": 120}, by=None)
    _rows(words)
    sys.stdout.write("HOSTILE " + json.dumps({
        "password": PASSWORD, "people": {name: one.email for name, one in world.cast.everybody().items()},
        "ref": case.ref, "first": first, "files": FILES, "placed": len(words.placed),
        "visits": list(_visits(world))}) + "\n")


def _files(world: World, words: Words) -> int:
    """Exhibits whose content, name, title, note and provenance are payloads; the number of the first."""
    case, lead, numbers = world.own.case, world.cast.lead, []
    came = {name: longest for name, longest in LONGEST.items() if name not in {
        "platform", "posted_at", "captured_at", "posted_at_basis"}}
    for ending, data in payloads.files(FILES):
        def lodge(*, file_name: str, data: bytes = data, ending: str = ending, **told: str) -> Any:
            title = told.pop("title")
            return exhibits.lodge_bytes(case, data=data, name=f"{file_name}.{ending}", claimed_type="text/html",
                                        provenance=told, title=title, by=lead)
        lodged = words.fill(lodge, needs={"file_name": 400, "title": 200, **came}).exhibit
        words.fill(exhibits.edit, lodged, needs={"title": 200, "note": 2000}, sensitive=False, by=lead)
        if data.startswith(b"\x89PNG"):
            derivatives.derive(lodged.item)
        numbers.append(lodged.number)
    return int(numbers[0])


def _statements(world: World, words: Words) -> None:
    """Accounts, assessments, findings and notices in the words of payloads."""
    case, lead, exhibit = world.own.case, world.cast.lead, world.own.case.exhibits.get(number=world.own.number)
    for number in range(WRITTEN):
        def name(*, handle: str, display_name: str, place: int = number) -> Any:
            return accounts.name_account(case, platform="x", handle=handle, display_name=display_name,
                                         stable_id=f"77{place}", exhibit=exhibit, by=lead)
        subject = words.fill(name, needs={"handle": 120, "display_name": 200})
        words.fill(assess, subject, needs={"reason": 2000, "against": 2000}, to_role="participant",
                   indicators=["payment"], exhibits=[exhibit], by=lead)
        finding = words.fill(_finding, case, exhibit, subject, lead, needs={
            "title": 200, "claim": 2000, "method": 2000, "against": 2000, "hypothesis": 2000, "why": 2000})
        words.fill(_noted, finding, exhibit, lead, needs={"note": 2000})
        words.fill(takedowns.draft, case, platform="x", subjects=[subject], by=lead, needs={
            "policy": 200, "text": 2000, "necessity": 2000, "against": 2000, "less_intrusive": 2000})


def _said(world: World, words: Words) -> None:
    """All that is said of the account whose page is opened, and that nobody may change afterwards."""
    case, lead, exhibit = world.own.case, world.cast.lead, world.own.case.exhibits.get(number=world.own.number)
    subject, other = case.subjects.get(number=world.own.number), case.subjects.last()
    words.fill(accounts.observe, subject, exhibit=exhibit, by=lead, needs={
        "handle": 120, "display_name": 200, "biography": 2000, "place": 200})
    words.fill(claims.note, subject, kind="other", exhibit=exhibit, at="2026-10-04", by=lead, needs={"text": 300})
    shown: dict[str, Any] = {"exhibits": [exhibit], "by": lead}
    words.fill(statements.state_persona, subject, persona="woman", needs={"basis": 2000}, **shown)
    words.fill(statements.assess_location, subject, likelihood="likely", needs={"place": 200, "basis": 2000}, **shown)
    words.fill(linking.link, subject, other=other, kind="contact", likelihood="likely", needs={"basis": 2000}, **shown)
    for bearing in ("for", "against"):
        words.fill(notes.add, subject, bearing=bearing, needs={"text": 2000}, **shown)


def _handed_out(world: World, words: Words) -> None:
    """The tasking's words are payloads, and somebody sends them in a chat an hour later."""
    case, lead, exhibit = world.own.case, world.cast.lead, world.own.case.exhibits.get(number=world.own.number)
    begun = case.taskings.get()

    def say(*, post_text: str, **told: Any) -> Any:
        return taskings.edit(begun, exhibits=[exhibit], at="2026-03-14T12:05:00Z", pay_amount="180", by=lead,
                             pay_currency="PKR", pay_per="other", post_text=f"It will feed us all: {post_text}", **told)
    tasking = words.fill(say, needs={"message": 2000, "post_text": 300, "pay_per_text": 200})
    sent = " ".join(tasking.post_text.split())
    chat = exhibits.lodge_bytes(case, data=f"14/03/2026, 18:05 - Kashif: {sent}\n".encode(), name="chat.txt",
                                claimed_type="text/plain", provenance={}, title="Chat", by=lead).exhibit
    posts.read(services.begin(chat, format="whatsapp", options={"zone": "Asia/Karachi"}, by=lead).pk)


def _finding(case: Case, exhibit: Exhibit, subject: Subject, by: User, *, hypothesis: str, why: str,
             **words: Any) -> Finding:
    return findings.write(case, kind="payment", likelihood="likely", confidence="low", exhibits_for=[exhibit],
                          subjects=[subject], alternatives=[{"hypothesis": hypothesis, "why": why}], by=by, **words)


def _noted(finding: Finding, exhibit: Exhibit, by: User, *, note: str) -> Finding:
    judged = {exhibit.label: {"note": note, "reliability": "B", "credibility": "2"}}
    return sources.judge(finding, sources=judged, by=by)


def _rows(words: Words) -> None:
    """What else people typed, in rows that the application may change: as if it had been typed so."""
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if field.name in TYPED and not field.choices
                  and model._meta.app_label in {"casework", "evidence", "reports"}
                  and isinstance(field, models.CharField | models.TextField)]
        for row, field in itertools.product(model._base_manager.order_by("-pk")[:ROWS], fields):
            text = words.fitting(field.max_length or 2000)
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{field.name: text})
            except DatabaseError:
                break  # Nobody may change these.
            words.placed.add(text)


def _visits(world: World) -> Iterator[tuple[str, str, str]]:
    """Who opens which address: every page and every call that is read, in the case that has one of everything."""
    for route, row in TABLE.items():
        if "GET" in row and route in ROUTES and "key" not in ROUTES[route]:
            yield route, row["GET"].split()[0], world.address(route, world.own)
