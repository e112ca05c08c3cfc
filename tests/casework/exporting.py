"""Exports that somebody lodged, small enough to be seen whole; and the worker, without waiting for a message."""

from typing import Any

from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.posts import reading, services
from casework.posts.models import Import

CHAT = ("14/03/2026, 18:05 - Messages are end-to-end encrypted\n"
        "14/03/2026, 18:05 - Bilal K.: 8 sharp, word for word: #HarbourNow\n"
        "second line, as pasted\n"
        "14/03/2026, 18:06 - کاشف: ٹھیک ہے\n"
        "14/03/2026, 18:07 - Rimsha: IMG-20260314-WA0001.jpg (file attached)\n"
        "14/03/2026, 18:08 - Bilal K. removed Rimsha\n")
# Every number is below thirteen, and in both orders time goes on.
DOUBTFUL = "01/02/2026, 18:05 - Bilal K.: one\n02/03/2026, 18:06 - Bilal K.: two\n"
TABLE = ("when,who,what,likes\n"
         "2026-03-14T13:05:00Z,@delta_one,Lahore rises,3\n"
         "2026-03-14T13:05:02Z,@delta_two,=1+1,4\n"
         "2026-03-14T13:05:03Z,@delta_three\n"
         "2026-03-14T13:05:04Z,@delta_four,Lahore rises,5\n")
COLUMNS = {"time": "when", "sender": "who", "text": "what", "counts": {"likes": "likes"}}
KARACHI: dict[str, Any] = {"zone": "Asia/Karachi"}


def lodge(case: Case, data: bytes | str, by: Any, name: str = "chat.txt") -> Exhibit:
    data = data.encode() if isinstance(data, str) else data
    return exhibits.lodge_bytes(case, data=data, name=name, claimed_type="text/plain", provenance={}, title="",
                                by=by).exhibit


def begin(case: Case, data: bytes | str, by: Any, format: str = "whatsapp", **options: Any) -> Import:
    """An import of such a file that waits for the worker."""
    name = {"telegram": "result.json", "table": "posts.csv"}.get(format, "chat.txt")
    return services.begin(lodge(case, data, by, name), format=format, options=options, by=by)


def read(begun: Import) -> Import:
    """The same, once the worker had its turn."""
    reading.read(begun.pk)
    begun.refresh_from_db()
    return begun


def imported(case: Case, data: bytes | str, by: Any, format: str = "whatsapp", **options: Any) -> Import:
    return read(begin(case, data, by, format, **options))
