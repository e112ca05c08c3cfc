"""Notices for the tests, brought to each state by the services that people use."""

from collections.abc import Callable
from typing import Any

from casework.accounts import services as accounts
from casework.accounts.models import Subject
from casework.cases.models import Case
from casework.takedowns import services, states
from casework.takedowns.models import Notice
from tests.factories import Cast, lodge_png

WORDS = {"platform": "x", "policy": "Authenticity", "text": "Two accounts post what a paid group hands out."}
WEIGHED = {"necessity": "The campaign runs today.", "against": "One may be a follower.",
           "less_intrusive": "A label would not end the payments."}


def subject(case: Case, cast: Cast, handle: str = "saba_writes", shade: int = 1, role: str = "participant",
            platform: str = "x") -> Subject:
    shown = lodge_png(case, cast.investigator, shade).exhibit
    named = accounts.name_account(case, platform=platform, handle=handle, exhibit=shown, by=cast.investigator)
    if role == "participant":
        accounts.assess(named, to_role=role, indicators=["payment"], exhibits=[shown], reason="Paid.",
                        against="One receipt only.", by=cast.investigator)
    return named


def draft(case: Case, cast: Cast, **more: Any) -> Notice:
    return services.draft(case, **{**WORDS, **WEIGHED, "by": cast.takedown, **more})


def ready(case: Case, cast: Cast) -> Notice:
    return draft(case, cast, subjects=[subject(case, cast)])


def in_state(case: Case, cast: Cast, state: str) -> Notice:
    """A notice with one target, brought to `state` by the services."""
    notice = ready(case, cast)
    steps: dict[str, Callable[[], object]] = {
             "rights_review": lambda: services.submit(notice, by=cast.takedown),
             "approved": lambda: services.approve(notice, by=cast.reviewer),
             "sent": lambda: services.send(notice, by=cast.takedown),
             "acknowledged": lambda: services.acknowledge(notice, reference="X-77", by=cast.takedown),
             "decided": lambda: services.decide(notice.targets.get(), outcome="suspended", by=cast.takedown),
             "closed": lambda: services.close(notice, by=cast.takedown)}
    if state == "withdrawn":
        services.withdraw(notice, reason="Overtaken.", by=cast.takedown)
    for reached in states.PATH[1:states.PATH.index(state) + 1] if state in states.PATH else ():
        steps[reached]()
    notice.refresh_from_db()
    assert notice.state == state
    return notice
