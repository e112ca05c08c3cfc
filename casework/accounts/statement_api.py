"""Calls about what is said of a subject, over the same services as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.accounts import labels, notes, statements
from casework.accounts.api import subject_of
from casework.accounts.models import Subject
from casework.accounts.serializers import ReasonIn
from casework.accounts.statement_models import SubjectNote
from casework.accounts.statement_serializers import (
    LocationIn,
    LocationsOut,
    PersonaIn,
    PersonaOut,
    SubjectNoteIn,
    SubjectNoteOut,
)
from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.doors import fetch


class Persona(GenericAPIView[Subject]):
    serializer_class = PersonaOut
    queryset = Subject.objects.none()

    @extend_schema(responses=PersonaOut, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """What a subject poses as, with what shows it, and all that was stated before."""
        return _persona(subject_of(request, Action.ACCOUNT_READ, ref, number))

    @extend_schema(request=PersonaIn, responses=PersonaOut, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """State another persona, or another thing that shows it."""
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        statements.state_persona(subject, **_asked(PersonaIn, request, subject), made_from=made_from(request),
                                 by=request.user)
        return _persona(subject_of(request, Action.ACCOUNT_EDIT, ref, number))


class Location(GenericAPIView[Subject]):
    serializer_class = LocationsOut
    queryset = Subject.objects.none()

    @extend_schema(responses=LocationsOut, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        """Where a subject is run from, how likely that is, and all that was assessed before."""
        return _location(subject_of(request, Action.ACCOUNT_READ, ref, number))

    @extend_schema(request=LocationIn, responses=LocationsOut, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Assess it anew. Without a place: that none is assessed, and why."""
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        statements.assess_location(subject, **_asked(LocationIn, request, subject), made_from=made_from(request),
                                   by=request.user)
        return _location(subject)


class Notes(GenericAPIView[Subject]):
    """Write down one thing that speaks for a subject or against it."""

    serializer_class = SubjectNoteIn
    queryset = Subject.objects.none()

    @extend_schema(request=SubjectNoteIn, responses={201: SubjectNoteOut})
    def post(self, request: Request, ref: str, number: int) -> Response:
        subject = subject_of(request, Action.ACCOUNT_EDIT, ref, number)
        made = notes.add(subject, **_asked(SubjectNoteIn, request, subject), by=request.user)
        return Response(SubjectNoteOut(made).data, status=status.HTTP_201_CREATED)


class WithdrawNote(Step):
    """Take a wrong note out of use. It stays, marked."""

    serializer_class = SubjectNoteOut
    queryset = SubjectNote.objects.none()
    act, asked = staticmethod(notes.withdraw), ReasonIn

    def get_object(self) -> SubjectNote:
        subject = subject_of(self.request, Action.ACCOUNT_EDIT, self.kwargs["ref"], self.kwargs["number"])
        found: SubjectNote = fetch(SubjectNote.objects.select_related("subject__case"), self.request.user,
                                   subject=subject, pk=self.kwargs["pk"])
        return found


def _asked(shape: Any, request: Request, subject: Subject) -> dict[str, Any]:
    asked = read(shape, request)
    return asked | {"exhibits": labels.exhibits(subject.case, asked["exhibits"])}


def _persona(subject: Subject) -> Response:
    told = PersonaOut({"persona": subject.persona, "history": subject.personas.told()}).data
    return versioned(told, statements.persona_edition(subject))


def _location(subject: Subject) -> Response:
    found = list(subject.locations.told())
    stands = {"place": found[0].place, "likelihood": found[0].likelihood} if found else {"place": "", "likelihood": ""}
    return versioned(LocationsOut(stands | {"history": found}).data, statements.location_edition(subject))
