"""Lives of rights, made up at random: taking one away never shows anybody more, giving one never hides anything, and
who has no role in a case sees of it exactly what is seen of one that is not there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from hypothesis.stateful import run_state_machine_as_test as live

from casework.access import Role
from casework.cases import leaving
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import receipts
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from casework.people import services as people
from tests.factories import sign_in
from tests.house.permissions import API, PAGES
from tests.house.world import ROUTES, Things, World

OF_A_CASE = [route for route, row in (PAGES | API).items() if "GET" in row and "ref" in ROUTES[route]]
# Where cases are named to whoever may see them.
LISTS = ["api:cases", "cases:list", "desk:home"]
FOLLOWED = OF_A_CASE + LISTS[1:]
# So many addresses are followed through one life: with all of them it would be a short one.
AT_ONCE = 3
CHUNKS = [FOLLOWED[at:at + AT_ONCE] for at in range(0, len(FOLLOWED), AT_ONCE)]
# What an act adds to by itself, whoever may see it: custody and what was looked at.
GROWS = {"api:custody", "api:access", "api:export-alarms", "api:exhibit-custody", "api:proof"}
# Each opens only in a state that the other ends.
OF_THE_STATE = {"cases:close", "cases:reopen"}
SHUT = {401, 403, 404, 405}
VIEWERS = ("lead", "investigator", "outsider", "admin")
TOKEN = "investigator's token"
ABSENT = "CW-2026-9999"
MASKED = re.compile(r'(name="csrf\w+" value=|name="next" value=|"request_id": ?|/accounts/login/\?next=)"?[^"]*"?')
REFUSED = (ValidationError, PermissionDenied, NotAllowed)

Seen = dict[str, set[tuple[Any, ...]]]


class Rights(RuleBasedStateMachine):
    world: World

    @initialize(routes=st.sampled_from(CHUNKS))
    def begin(self, routes: list[str]) -> None:
        self.savepoint = transaction.savepoint()
        cast = self.world.cast.everybody()
        self.routes, self.cast = routes, {name: cast[name] for name in VIEWERS}
        # Those of the world would lose their cookies with the first life that ends their sessions.
        self.browsers = {name: sign_in(cast[name]) for name in VIEWERS}
        self.token: Any = None
        self.bearer: dict[str, str] = {}
        for person in self.cast.values():
            person.refresh_from_db()
        self.seen = self.look()

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    def both(self) -> tuple[Things, Things]:
        return self.world.own, self.world.foreign

    def ask(self, who: str, address: str) -> tuple[int, str]:
        answer = (Client().get(address, headers=self.bearer) if who == TOKEN else self.browsers[who].get(address))
        body = "" if answer.streaming else answer.content.decode(errors="replace")
        to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
        return 401 if to_sign_in else answer.status_code, body

    def look(self) -> Seen:
        """What each can see, as facts: an address that opens or is known of, a word on it, one more row of a list."""
        return {who: self.facts(who) for who in (*VIEWERS, TOKEN)}

    def facts(self, who: str) -> set[tuple[Any, ...]]:
        found: set[tuple[Any, ...]] = set()
        for route in [LISTS[0], *self.routes]:
            if who == TOKEN and not route.startswith("api:"):
                continue
            if route in LISTS:
                status, body = self.ask(who, self.world.address(route, self.world.own))
                found |= self.told(route, "", status, body)
                continue
            status, body = self.ask(who, self.world.address(route, self.world.own, ref=ABSENT))
            absent = status, self.masked(body, ABSENT)
            for things in self.both():
                status, body = self.ask(who, self.world.address(route, things))
                ref = things.case.ref
                found |= self.told(route, ref, status, body)
                if not self.holds(who, things.case):
                    assert (status, self.masked(body, ref)) == absent, f"{who} tells {route} of {ref} from absent"
        return found

    def told(self, route: str, ref: str, status: int, body: str) -> set[tuple[Any, ...]]:
        found: set[tuple[Any, ...]] = {("known", route, ref)} if status not in {401, 404} else set()
        if status in SHUT:
            return found
        found.add(("opens", route, ref))
        if status == 200 and route not in OF_THE_STATE:
            found |= {("word", route, ref, word) for word in self.words() if word in body}
            counted = re.match(r'\{"count":(\d+)', body.replace(" ", "")) if route not in GROWS else None
            found |= {("row", route, ref, row) for row in range(int(counted[1]) if counted else 0)}
        return found

    def words(self) -> set[str]:
        return {word for things in self.both() for word in (things.case.ref, things.case.title)} | {
            f"lahore_news_{shade}" for shade in (10, 20, 21)} | {"Order 14 of 2026", "E-001", "E-002"}

    def masked(self, body: str, ref: str) -> str:
        return MASKED.sub(r"\1", body.replace(ref, "REF"))

    def holds(self, who: str, case: Case) -> bool:
        person = self.cast["investigator" if who == TOKEN else who]
        held = case.memberships.filter(user=person, user__is_active=True, ended_at=None).exists()
        return held and (who != TOKEN or self.token is not None and (
            not self.token.cases or case.ref in self.token.cases))

    def after(self, *, less: bool) -> None:
        now = self.look()
        for who, before in self.seen.items():
            gained, lost = now[who] - before, before - now[who]
            assert not (gained if less else lost), f"{who} {'gained' if less else 'lost'} {gained if less else lost}"
        assert {fact for fact in now[TOKEN] if fact[1] not in LISTS} <= now["investigator"], "a token sees more"
        self.seen = now

    def lead_of(self, case: Case) -> Any:
        return case.memberships.filter(role=Role.LEAD, ended_at=None, user__is_active=True)[0].user

    def pick(self, foreign: bool) -> Things:
        return self.both()[foreign]

    @rule(foreign=st.booleans(), who=st.sampled_from(VIEWERS), role=st.sampled_from(Role.values))
    def give_a_role(self, foreign: bool, who: str, role: str) -> None:
        case = self.pick(foreign).case
        self.trying(cases.add_member, case, user=self.cast[who], role=role, by=self.lead_of(case))
        self.after(less=False)

    @rule(foreign=st.booleans(), who=st.sampled_from(VIEWERS), data=st.data())
    def take_a_role(self, foreign: bool, who: str, data: st.DataObject) -> None:
        case = self.pick(foreign).case
        held = list(case.memberships.filter(user=self.cast[who], ended_at=None).order_by("pk"))
        if held:
            self.trying(cases.end_membership, data.draw(st.sampled_from(held)), by=self.lead_of(case))
            self.after(less=True)

    @rule(who=st.sampled_from(VIEWERS))
    def shut_out(self, who: str) -> None:
        self.trying(leaving.shut_out, self.cast[who], leads={}, by=self.world.cast.admin)
        self.cast[who].refresh_from_db()
        if who == "investigator" and not self.cast[who].is_active:
            self.token = None
        self.after(less=True)

    @rule(who=st.sampled_from(VIEWERS))
    def let_in(self, who: str) -> None:
        if not self.cast[who].is_active:
            people.enable(self.cast[who], by=None)
            self.cast[who].refresh_from_db()
            self.browsers[who] = sign_in(self.cast[who])
            self.after(less=False)

    @rule(foreign=st.booleans(), shut=st.booleans())
    def close_or_reopen(self, foreign: bool, shut: bool) -> None:
        case = self.pick(foreign).case
        self.trying(cases.close if shut else cases.reopen, case, by=self.lead_of(case))
        self.after(less=shut)

    @rule(limited=st.booleans())
    def make_a_token(self, limited: bool) -> None:
        """With one that is limited to its first case, if it has any."""
        person = self.cast["investigator"]
        if person.is_active and self.token is None:
            self.token, secret = people.make_token(person, "life", ["read", "export"], 1,
                                                   people.own_cases(person)[:1] if limited else [])
            self.bearer = {"Authorization": f"Bearer {secret}"}
            self.after(less=False)

    @rule()
    def revoke_the_token(self) -> None:
        if self.token is not None:
            people.revoke_token(self.token, by=self.cast["investigator"])
            self.token = None
            self.after(less=True)

    @rule(foreign=st.booleans(), sensitive=st.booleans())
    def hold_back_or_show_an_exhibit(self, foreign: bool, sensitive: bool) -> None:
        case = self.pick(foreign).case
        self.trying(exhibits.edit, case.exhibits.get(number=1), title="Page", note="", sensitive=sensitive,
                    by=self.lead_of(case))
        self.after(less=sensitive)

    @rule(who=st.sampled_from(VIEWERS))
    def open_a_case(self, who: str) -> None:
        if self.cast[who].is_active:
            cases.open_case(title="One more", mandate_basis="Order 15", mandate_purpose="To look",
                            mandate_scope="Posts", by=self.cast[who])
            self.after(less=False)

    def trying(self, act: Any, *given: Any, **named: Any) -> None:
        """What is refused changes nothing, and so nobody's view of it."""
        try:
            with transaction.atomic():
                act(*given, **named)
        except REFUSED:
            pass


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def test_removing_a_right_never_shows_more_and_no_role_is_no_case(world: World,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    # One page of custody holds the whole case, so that what was recorded first is not pushed to the next page.
    monkeypatch.setattr(receipts, "CASE_PAGE", 100_000)
    # Nothing is made shorter when it fails: each step asks fifty addresses.
    Rights.world = world
    live(Rights, settings=settings(max_examples=4, stateful_step_count=6, deadline=None, database=None,
                                   suppress_health_check=list(HealthCheck), phases=[Phase.generate]))
