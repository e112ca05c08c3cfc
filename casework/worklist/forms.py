"""What people type about tasks and notes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import doors
from casework.accounts import fields
from casework.cases.forms import PersonField
from casework.cases.models import Case
from casework.people.models import User
from casework.worklist import notes, services

ABOUT = _("The number of a thing of this case, for example E-001 or F-001. Empty: the case as a whole.")


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return PersonField.label_from_instance(self, obj)  # type: ignore[arg-type]


class TaskForm(forms.Form):
    title = fields.needed(fields.line(_("What is to be done"), services.LENGTHS["title"]))
    text = fields.text(_("More about it"), required=False)
    about = fields.line(_("About"), 40, "ltr", required=False, help_text=ABOUT)
    assignee = PersonField(User.objects.none(), label=_("For whom"), required=False, empty_label=_("Nobody yet"))
    due_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, case: Case, kept: int | None = None, **kwargs: Any):
        """`kept`: who has the task now, and may keep it even where they left the case."""
        super().__init__(*args, **kwargs)
        there: Any = self.fields["assignee"]
        there.queryset = services.people(case) | User.objects.filter(pk__in=[kept] if kept else [])


class EditForm(doors.Edited, TaskForm):
    """A task that is there."""


class FinishForm(forms.Form):
    outcome = fields.text(_("What came of it"), required=False)


class DropForm(forms.Form):
    outcome = fields.needed(fields.text(_("Reason")))


class NoteForm(forms.Form):
    text = fields.needed(fields.text(_("Text"), max_length=notes.LONGEST))
    about = fields.line(_("About"), 40, "ltr", required=False, help_text=ABOUT)
    tell = PeopleField(User.objects.none(), label=_("Tell"), required=False, help_text=_(
        "It waits on the page Home of whoever is ticked, until they put it away."))

    def __init__(self, *args: Any, case: Case, by: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        there: Any = self.fields["tell"]
        there.queryset = services.people(case).exclude(pk=by.pk)
