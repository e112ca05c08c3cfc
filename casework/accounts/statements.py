"""State what a subject poses as and where it is run from. The newest statement stands; those before it stay."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from casework import editions
from casework.access import Action, require
from casework.accounts import entries
from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Subject
from casework.accounts.statement_models import LocationAssessment, PersonaStatement
from casework.accounts.states import Merged
from casework.accounts.words import chosen, cleaned, together
from casework.cases.services import require_open
from casework.exhibits.models import Exhibit
from casework.record import Act, record

LENGTHS = {"place": 200, "basis": 4000}


@transaction.atomic
def state_persona(subject: Subject, *, persona: str, basis: str = "", exhibits: Sequence[Exhibit] = (),
                  made_from: Collection[str] | None = None, by: Any) -> PersonaStatement:
    """Say what the subject poses as, and what shows it: `basis` and exhibits, unless it is no persona. Raises
    ValidationError that names all that is wrong."""
    subject = locked(subject, by)
    editions.require(made_from, partial(persona_edition, subject))
    none = persona == Subject.Persona.NONE
    texts: dict[str, str] = together(
        lambda: cleaned({"basis": basis}, optional=["basis"] if none else [], most=LENGTHS),
        partial(chosen, "persona", persona, Subject.Persona.values),
        lambda: None if none and not exhibits else entries.require_shown_by(subject.case, exhibits, "exhibits"))
    made = PersonaStatement.objects.create(subject=subject, persona=persona, stated_by=by, stated_at=timezone.now(),
                                           **texts)
    made.exhibits.set(exhibits)
    subject.persona = persona
    subject.save(update_fields=["persona"])
    record(Act.PERSONA_STATED, by=by, subject=subject.word, context=f"case/{subject.case.ref}",
           **_words(made, "persona"))
    return made


@transaction.atomic
def assess_location(subject: Subject, *, place: str = "", likelihood: str = "", basis: str,
                    exhibits: Sequence[Exhibit] = (), made_from: Collection[str] | None = None,
                    by: Any) -> LocationAssessment:
    """Say where the subject is run from, in the words of ICD-203, and on what that stands. Without a place: that none
    is assessed, and why. Raises ValidationError that names all that is wrong."""
    subject = locked(subject, by)
    editions.require(made_from, partial(location_edition, subject))
    placed = bool(place.strip())
    texts: dict[str, str] = together(
        lambda: cleaned({"place": place, "basis": basis}, optional=["place"], most=LENGTHS),
        lambda: _require_likelihood(likelihood, placed),
        lambda: entries.require_shown_by(subject.case, exhibits, "exhibits") if placed or exhibits else None)
    made = LocationAssessment.objects.create(subject=subject, likelihood=likelihood, stated_by=by,
                                             stated_at=timezone.now(), **texts)
    made.exhibits.set(exhibits)
    record(Act.LOCATION_ASSESSED, by=by, subject=subject.word, context=f"case/{subject.case.ref}",
           **_words(made, "place", "likelihood"))
    return made


def persona_edition(subject: Subject) -> editions.Edition:
    stands = subject.personas.first()
    words = {"persona": subject.persona, "basis": "", "exhibits": []}
    return editions.Edition(words | (_words(stands, "persona") if stands else {}), subject.word,
                            (Act.PERSONA_STATED, Act.ACCOUNT_NAMED))


def location_edition(subject: Subject) -> editions.Edition:
    stands = subject.locations.first()
    words = {"place": "", "likelihood": "", "basis": "", "exhibits": []}
    return editions.Edition(_words(stands, "place", "likelihood") if stands else words, subject.word,
                            (Act.LOCATION_ASSESSED,))


def locked(subject: Subject, by: Any) -> Subject:
    """The subject as it stands, locked, for somebody who may change what is said of it. Raises Merged where it was
    merged into another."""
    case = require_open(subject.case)
    require(by, Action.ACCOUNT_EDIT, case)
    found: Subject = case.subjects.with_merge().select_for_update(of=("self",)).get(pk=subject.pk)
    if found.merged_into:
        raise Merged(found.label, found.merged_into)
    return found


def _require_likelihood(likelihood: str, placed: bool) -> None:
    if placed:
        chosen("likelihood", likelihood, Likelihood.values)
    elif likelihood:
        raise ValidationError({"likelihood": _("Without a place there is nothing that could be likely.")})


def _words(stands: PersonaStatement | LocationAssessment, *names: str) -> dict[str, Any]:
    return {**{name: getattr(stands, name) for name in (*names, "basis")},
            "exhibits": entries.labels_of(stands.exhibits)}
