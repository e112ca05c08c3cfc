"""What carries a tasking's text, as the file that leaves."""

from django.http import HttpResponse

from casework.channels.tasking_models import Tasking
from casework.exhibits import names


def answer(tasking: Tasking, data: bytes) -> HttpResponse:
    """A table, to be kept and never shown in place."""
    made = HttpResponse(data, content_type="text/csv; charset=utf-8")
    made["Content-Disposition"] = names.attachment(f"{tasking.case.ref}_{tasking.label}_matches.csv")
    return made
