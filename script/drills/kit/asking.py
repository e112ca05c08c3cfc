"""Ask every call that the API describes, with what schemathesis makes of the description, and judge each answer.

Values are made up from the description, right and wrong ones; addresses and many values of bodies are then exchanged
for things that are there, in the asker's case and in another, so that the questions reach the rooms behind the doors.
What is judged: no mistake of ours (5xx), status, content type, shape and headers as described, and no word of a case
that the asker may not know."""

import json
import logging
import random
import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import unquote

import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as bounds
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from drills.kit import hidden
from tests.house.world import ROUTES, Things, World

ROLES = ("lead", "investigator", "media", "outsider")
CHECKS = [not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
          checks.response_schema_conformance, checks.response_headers_conformance]
# Pieces of an upload are bytes like any others.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
# Whose things an address names: mostly one's own, so that most questions come through the door.
PLACES = ("home",) * 12 + ("away", "nothing", "mixed", "made up")
# Fields whose values must fit what is there → such values; without them few questions would come past the forms.
FITTING: dict[str, list[Any]] = {
    **{name: [[], ["E-001"], ["E-001", "E-002"]] for name in ("exhibits", "exhibits_for", "exhibits_against")},
    "subjects": [["S-001"], []], "subject": ["S-001", ""],
    "other": ["S-002"], "at": ["2026-03-15"], "created": ["2021"], "answer_exhibit": ["E-001", ""],
    "captured_at": ["2026-03-14T18:05:09Z", ""], "posted_at": ["2026-03-14 18:05:09", ""], "posted_at_basis": [""],
    "url": ["https://x.com/lahore_news_10", ""], "source_url": ["https://x.com/lahore_news_10/status/1", ""],
    "start": ["2026-03-01"], "end": ["2026-03-31"], "exhibit": ["E-001"], "person": [], "events": [],
    "handle": ["lahore_news_10", "another_one"], "files": [[1], []], "days": [0, 30],
}
# These make somebody a member of a case: who may know what is another question from then on.
GIVE_ROLES = ("POST /api/v1/cases/{ref}/members/", "POST /api/v1/people/{id}/disable/")
# So many questions that were answered are kept of each call, to be asked again in other circumstances.
REMEMBERED = 12


@dataclass
class Found:
    """What was found, once for each call, status and kind; and the counts of all that was asked."""

    asked: Counter[str] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    kept: dict[tuple[str, int, str], dict[str, str]] = field(default_factory=dict)

    def keep(self, call: str, status: int, kind: str, **told: str) -> None:
        self.kept.setdefault((call, status, kind), told)

    def lines(self) -> list[str]:
        return [f"{call} → {status}: {kind}: {told['what']} ({told['who']})"
                for (call, status, kind), told in sorted(self.kept.items())]


class Asker:
    """The application with a world in it. `around` is entered for each request, and may take it back."""

    def __init__(self, world: World, around: Callable[[], Any]):
        self.world, self.around, self.found = world, around, Found()
        self.app = get_wsgi_application()
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", self.app, base_url=settings.BASE_URL,
                                                     headers=world.bearers["lead"])
        self.calls = {call.label: call for call in map(_described, self.schema.get_all_operations())}
        self.made_up = {name: _made_up(call) for name, call in self.calls.items()}
        self.places = dict(self._places())
        outsider = world.cast.outsider.display_name
        others = hidden.of(world.own.case, world.foreign.case)
        foreign = hidden.of(world.foreign.case, world.own.case, outsider)
        both = hidden.Hidden(others.texts | foreign.texts - {outsider}, others.numbers | foreign.numbers)
        self.trace = _Trace()
        logging.getLogger("django.request").addHandler(self.trace)
        self.hidden = dict.fromkeys(ROLES, foreign) | {"outsider": others, "admin": both}
        self.words = self._words()
        self.digests = ["0" * 64]
        # What was asked since all was as in the beginning: it may stand in an answer, whoever typed it.
        self.said: list[str] = []
        members = [world.cast.media, world.cast.reviewer, world.cast.outsider]
        self.fitting = FITTING | {"seen": self.digests, "email": [person.email for person in members],
                                  "person": [person.pk for person in members],
                                  "events": [[str(world.own.event)], [str(world.foreign.event)]]}
        self.remembered: dict[str, list[tuple[str, Any]]] = {}

    def _places(self) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
        """The path of a call → place → the parts of its address there."""
        paths = {call.path for call in self.calls.values()}
        for route in (route for route in ROUTES if route.startswith("api:")):
            address = self.world.address(route, self.world.own)
            fitting = [path for path in paths if _pattern(path).fullmatch(address)]
            if fitting:
                path = max(fitting, key=lambda path: len(re.sub(r"{\w+}", "", path)))
                there = {"own": self.world.own, "foreign": self.world.foreign, "nothing": self.world.nothing}
                yield path, {name: self._parts(path, route, things) for name, things in there.items()}

    def _parts(self, path: str, route: str, things: Things) -> dict[str, str]:
        matched = _pattern(path).fullmatch(self.world.address(route, things))
        return {part: unquote(value) for part, value in matched.groupdict().items()} if matched else {}

    def _words(self) -> list[Any]:
        """What bodies and questions may name: labels, ids, people, hashes and states, from both cases."""
        own, foreign = self.world.own, self.world.foreign
        words: list[Any] = [str(value) for things in (own, foreign) for value in vars(things).values()]
        words += [person.email for person in self.world.cast.everybody().values()]
        words += [f"{letter}-{number:03d}" for letter in "ESFTD" for number in (1, 2)]
        words += sorted(hidden.of(own.case, foreign.case).texts | self.hidden["lead"].texts)
        words += ["x", "participant", "payment", "likely", "referral", "briefing", "en", "2026-03-01T10:00:00Z", "law"]
        return words

    def ask_all(self, name: str, many: int, start: int) -> None:
        """Ask one call `many` times, the roles in turn; the same `start` asks the same questions."""
        # What lies in no case is asked by the administrator, too.
        turn = cycle(ROLES if "{ref}" in self.calls[name].path else (*ROLES, "admin"))

        @seed(start)
        @bounds(max_examples=many, deadline=None, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck))
        @given(asked=self.made_up[name], chance=st.integers(0, 2**32))
        def ask(asked: Any, chance: int) -> None:
            self.ask(asked, next(turn), random.Random(chance))

        ask()

    def ask(self, asked: Any, role: str, chosen: random.Random) -> None:
        """One question, with things that are there in the place of much that was made up; its answer, judged. What it
        changed is taken to be gone afterwards."""
        self.said.clear()
        self._settle(asked, role, chosen)
        status = self.send(asked, role)
        if (status < 300 or status == 409) and asked.operation.label not in GIVE_ROLES:
            kept = self.remembered.setdefault(asked.operation.label, [])
            kept[REMEMBERED - 1:] = [(role, asked)]

    def ask_again(self, chosen: random.Random) -> None:
        """One of the questions that were answered before, as the same role, whatever happened since."""
        role, asked = chosen.choice(self.remembered[chosen.choice(sorted(self.remembered))])
        if isinstance(asked.body, dict) and "seen" in asked.body:
            asked.body = {**asked.body, "seen": chosen.choice(self.digests)}
        self.send(asked, role)

    def send(self, asked: Any, role: str) -> int:
        """The question as it is; the status of its answer, which was judged."""
        with self.around():
            answer = asked.call(base_url=settings.BASE_URL, headers=self.world.bearers[role])
        self.found.asked[role] += 1
        self.found.answered[answer.status_code] += 1
        self._judge(asked, answer, role)
        if digests := re.findall(rb'"digest": ?"([0-9a-f]{64})"', answer.content):
            self.digests[:] = [*self.digests, *(digest.decode() for digest in digests)][-20:]
        return int(answer.status_code)

    def _settle(self, asked: Any, role: str, chosen: random.Random) -> None:
        place = chosen.choice(PLACES)
        home, away = ("foreign", "own") if role == "outsider" else ("own", "foreign")
        there = self.places.get(asked.operation.path, {})
        for part in asked.path_parameters or {}:
            where = chosen.choice(("home", "away", "nothing")) if place == "mixed" else place
            known = there.get({"home": home, "away": away}.get(where, where), {})
            if part in known:
                asked.path_parameters[part] = known[part]
        if chosen.random() < 0.8:
            asked.body = self._exchanged(asked.body, chosen)
        for name in list(asked.query or {}):
            if chosen.random() < 0.6:
                asked.query[name] = chosen.choice(self.fitting.get(name) or self.words)

    def _exchanged(self, value: Any, chosen: random.Random, name: str = "") -> Any:
        """`value` of the field `name`, or something in its place that is there."""
        fits = self.fitting.get(name)
        if fits and chosen.random() < 0.8:
            return chosen.choice(fits)
        if isinstance(value, dict):
            return {key: self._exchanged(each, chosen, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self._exchanged(each, chosen) for each in value]
        # Bytes of a file to come are a text of their own kind here.
        if type(value) is not str:
            return value
        if not value and chosen.random() < 0.7:
            return "As it was seen"
        return chosen.choice(self.words) if chosen.random() < 0.1 else value

    def _judge(self, asked: Any, answer: Any, role: str) -> None:
        call, status = asked.operation.label, answer.status_code
        told = {"who": role, "curl": asked.as_curl_command(), "answer": answer.content[:2000].decode(errors="replace")}
        if status >= 500:
            told["trace"] = self.trace.last
        try:
            asked.validate_response(answer, checks=CHECKS)
        except FailureGroup as failed:
            for each in failed.exceptions:
                title = getattr(each, "title", type(each).__name__)
                self.found.keep(call, status, title, what=str(each).strip().replace("\n", " ")[:300], **told)
        if leaked := self.hidden[role].found_in(answer.content.decode(errors="replace"), self._known(asked)):
            self.found.keep(call, status, "tells what is hidden", what=", ".join(leaked)[:300], **told)

    def _known(self, asked: Any) -> str:
        """What the asker said, and others before. Whoever gives somebody's address of mail is told the name."""
        question = unquote(asked.formatted_path) + json.dumps([dict(asked.query or {}), asked.body], default=repr,
                                                              ensure_ascii=False)
        self.said.append(question)
        known = "\n".join(self.said)
        return known + " ".join(person.display_name for person in self.world.cast.everybody().values()
                               if person.email in known)


class _Trace(logging.Handler):
    """Keeps the last mistake of ours that the application wrote into its log."""

    last = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.last = "".join(traceback.format_exception(*record.exc_info))


def _described(result: Any) -> Any:
    """A call that schemathesis could read from the description; it raises for one that it could not."""
    return result.ok()


def _made_up(call: Any) -> Any:
    """Right values and, where the call takes any, wrong ones."""
    takes = call.body or call.query or call.path_parameters
    right = call.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return right | call.as_strategy(generation_mode=GenerationMode.NEGATIVE) if takes else right


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))


@contextmanager
def one_connection() -> Iterator[None]:
    """The application closes no connection between requests: a transaction around one is to stay open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
