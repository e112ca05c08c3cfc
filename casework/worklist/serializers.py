"""The shapes of tasks and notes in the API. People are named by the addresses that they sign in with."""

from typing import Any

from rest_framework import serializers

from casework.accounts.serializers import ENTERED
from casework.worklist import notes, services
from casework.worklist.models import Note, Task

ABOUT = "a label of the case (E-003, F-001); empty: the case as a whole"


class PersonOut(serializers.Serializer[Any]):
    email = serializers.CharField()
    name = serializers.CharField(source="display_name")


class TaskOut(serializers.ModelSerializer[Task]):
    assignee = PersonOut(read_only=True, allow_null=True)
    overdue = serializers.BooleanField(source="is_overdue", read_only=True)
    made_by = serializers.CharField(read_only=True)
    ended_by = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Task
        fields = ["label", "title", "text", "about", "assignee", "due_on", "overdue", "state", "made_by", "made_at",
                  "ended_by", "ended_at", "outcome"]
        read_only_fields = fields


class TaskIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=services.LENGTHS["title"])
    text = serializers.CharField(max_length=services.LENGTHS["text"], default="", allow_blank=True)
    about = serializers.CharField(max_length=40, default="", allow_blank=True, help_text=ABOUT)
    assignee = serializers.EmailField(default="", allow_blank=True, help_text="somebody who works on the case")
    due_on = serializers.DateField(default=None, allow_null=True)


class FinishIn(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=services.LENGTHS["outcome"], default="", allow_blank=True)


class DropIn(serializers.Serializer[Any]):
    outcome = serializers.CharField(max_length=services.LENGTHS["outcome"], help_text="why it will not be done")


class MentionOut(serializers.Serializer[Any]):
    email = serializers.CharField(source="person.email")
    name = serializers.CharField(source="person.display_name")
    seen_at = serializers.DateTimeField(allow_null=True)


class NoteOut(serializers.ModelSerializer[Note]):
    told = MentionOut(source="mentions", many=True, read_only=True)
    recorded_by = serializers.CharField(read_only=True)

    class Meta:
        model = Note
        fields = ["id", "about", "text", "told", *ENTERED]
        read_only_fields = fields


class NoteIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=notes.LONGEST)
    about = serializers.CharField(max_length=40, default="", allow_blank=True, help_text=ABOUT)
    tell = serializers.ListField(child=serializers.EmailField(), default=list, max_length=100,
                                 help_text="people who work on the case: it waits on their page Home")
