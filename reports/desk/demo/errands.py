"""What is left to be done in the demo case, and what its people wrote to each other."""

from datetime import timedelta

from casework.cases.models import Case
from casework.people.models import User
from casework.worklist import notes, services
from casework.worklist.models import today

Cast = dict[str, User]


def set_tasks(case: Case, cast: Cast) -> None:
    services.make(case, title="Look at the three accounts again before the notice is answered", about="T-001",
                  text="Say for each whether it is there, renamed or gone, and lodge what the page shows.",
                  assignee=cast["takedown"], due_on=today() + timedelta(days=3), by=cast["lead"])
    services.make(case, title="Ask the shop for its side of the payments", about="M-001", assignee=cast["legal"],
                  due_on=today() + timedelta(days=10), by=cast["lead"])
    done = services.make(case, title="Lodge the export of the group", about="C-001", assignee=cast["investigator"],
                         due_on=today(), by=cast["lead"])
    services.finish(done, outcome="Lodged and imported: I-001.", by=cast["investigator"])


def write_notes(case: Case, cast: Cast) -> None:
    notes.write(case, about="F-001", tell=[cast["lead"], cast["investigator"]], by=cast["reviewer"],
                text="Two of the posts came before the message was handed out. The finding should say so itself: it is "
                     "the first thing that the other side will ask.")
    notes.write(case, about="C-001", tell=[cast["reviewer"]], by=cast["investigator"],
                text="گروپ کا نام دو بار بدلا گیا۔ پہلی تبدیلی کا کوئی ثبوت ہمارے پاس نہیں، صرف دوسری کا ہے۔")
