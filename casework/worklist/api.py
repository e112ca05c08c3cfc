"""Calls about tasks and notes, over the same services as the pages."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import Action
from casework.calls import MADE_FROM, VERSION, Step, made_from, read, versioned
from casework.cases.models import Case
from casework.channels.serializers import WithdrawIn
from casework.doors import fetch
from casework.people.models import User
from casework.worklist import about, notes, services
from casework.worklist.models import Note, Task
from casework.worklist.serializers import DropIn, FinishIn, NoteIn, NoteOut, TaskIn, TaskOut

SHOW = OpenApiParameter("show", enum=services.SHOWN, description="open (where nothing is said), mine, or ended")
BESIDE = OpenApiParameter("about", description="a label of the case: the notes beside it alone")


class Tasks(ListAPIView[Task]):
    """The tasks of a case: what is open and due first."""

    serializer_class = TaskOut
    queryset = Task.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.TASK_READ, ref=self.kwargs["ref"])
        which = self.request.query_params.get("show", "open")
        if which not in services.SHOWN:
            raise ValidationError({"show": _("Choose one of: %(known)s.") % {"known": ", ".join(services.SHOWN)}})
        return services.shown(case, which, by=self.request.user)

    @extend_schema(parameters=[SHOW])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=TaskIn, responses={201: TaskOut}, parameters=[VERSION])
    def post(self, request: Request, ref: str) -> Response:
        """Set a task."""
        case = fetch(Case.objects, request.user, Action.TASK_EDIT, ref=ref)
        made = services.make(case, **_asked(request, case), by=request.user)
        return versioned(TaskOut(made).data, services.edition(made), status.HTTP_201_CREATED)


class OneTask(GenericAPIView[Task]):
    serializer_class = TaskOut
    queryset = Task.objects.none()

    @extend_schema(responses=TaskOut, parameters=[VERSION])
    def get(self, request: Request, ref: str, number: int) -> Response:
        task = _task(request, Action.TASK_READ, ref, number)
        return versioned(TaskOut(task).data, services.edition(task))

    @extend_schema(request=TaskIn, responses=TaskOut, parameters=[MADE_FROM, VERSION])
    def put(self, request: Request, ref: str, number: int) -> Response:
        """Replace what is said of an open task."""
        task = _task(request, Action.TASK_EDIT, ref, number)
        done = services.edit(task, **_asked(request, task.case, task), made_from=made_from(request), by=request.user)
        return versioned(TaskOut(done).data, services.edition(done))


class _TaskStep(Step):
    serializer_class = TaskOut
    queryset = Task.objects.none()

    def get_object(self) -> Task:
        return _task(self.request, Action.TASK_EDIT, **self.kwargs)

    def answer(self, done: Task) -> Any:
        return TaskOut(done).data


class Finish(_TaskStep):
    """The task is done."""

    act, asked = staticmethod(services.finish), FinishIn


class Drop(_TaskStep):
    """The task will not be done."""

    act, asked = staticmethod(services.drop), DropIn


class Reopen(_TaskStep):
    """The task is to be done after all."""

    act = staticmethod(services.reopen)


class Notes(ListAPIView[Note]):
    """The notes of a case, the newest first."""

    serializer_class = NoteOut
    queryset = Note.objects.none()

    def get_queryset(self) -> Any:
        case = fetch(Case.objects, self.request.user, Action.TASK_READ, ref=self.kwargs["ref"])
        beside = about.chosen(case, self.request.query_params.get("about", ""))
        return case.notes.told().filter(about=beside) if beside else case.notes.told()

    @extend_schema(parameters=[BESIDE])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=NoteIn, responses={201: NoteOut})
    def post(self, request: Request, ref: str) -> Response:
        """Write a note beside a thing of the case, and tell people of it."""
        case = fetch(Case.objects, request.user, Action.TASK_EDIT, ref=ref)
        asked = read(NoteIn, request)
        asked["tell"] = [_person(case, email, "tell") for email in asked["tell"]]
        return Response(_told(notes.write(case, **asked, by=request.user), request.user), status.HTTP_201_CREATED)


class _NoteStep(Step):
    serializer_class = NoteOut
    queryset = Note.objects.none()
    action = Action.TASK_EDIT

    def get_object(self) -> Note:
        return fetch(Note.objects.told(), self.request.user, self.action,  # type: ignore[no-any-return]
                     case__ref=self.kwargs["ref"], pk=self.kwargs["pk"])

    def answer(self, done: Note) -> Any:
        return _told(done, self.request.user)


class WithdrawNote(_NoteStep):
    """Take a wrong note out of use. It stays, marked."""

    act, asked = staticmethod(notes.withdraw), WithdrawIn


class NoteSeen(_NoteStep):
    """Put away a note of which one was told: it waits on the page Home no more."""

    act = staticmethod(notes.put_away)
    action = Action.TASK_READ


def _told(note: Note, user: Any) -> Any:
    """As it stands now, with whom it was told."""
    return NoteOut(fetch(Note.objects.told(), user, pk=note.pk)).data


def _task(request: Any, action: Action, ref: str, number: int) -> Task:
    found: Task = fetch(Task.objects.told(), request.user, action, case__ref=ref, number=number)
    return found


def _asked(request: Request, case: Case, task: Task | None = None) -> dict[str, Any]:
    asked = read(TaskIn, request)
    email, kept = asked["assignee"], task.assignee if task else None
    same = kept is not None and email.lower() == kept.email
    return asked | {"assignee": kept if same else _person(case, email, "assignee") if email else None}


def _person(case: Case, email: str, field: str) -> User:
    """Who works on the case under this address. Whether there is such a person elsewhere is not told."""
    found: User | None = services.people(case).filter(email=email.lower()).first()
    if found is None:
        raise ValidationError({field: _("Choose somebody who works on this case.")})
    return found
