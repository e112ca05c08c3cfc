"""The export of a group's chat in the demo case, lodged and imported. Invented like everything here."""

from typing import Any

from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.people.models import User
from casework.posts import reading, services
from casework.posts.models import Import
from reports.desk.demo.story import PORT_EN, PORT_UR

NAME = "WhatsApp Chat with Trend Team 7.txt"
CAME = {
    "platform": "whatsapp",
    "received_from": "A member of the group, who asked not to be named",
    "captured_at": "2026-10-03T17:00:00Z",
    "captured_with": "WhatsApp for Android, Export chat, without media",
    "note": "Exported on a telephone that stood in Lahore.",
}
# What a person says of it: where the clock stood. The order of day and month is decided over the whole file.
SAID: dict[str, Any] = {"zone": "Asia/Karachi"}
_LINES = [
    "28/09/2026, 21:14 - Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or "
    "share them.",
    '28/09/2026, 21:14 - Bilal K. created group "Trend Team 7"',
    "28/09/2026, 21:15 - Bilal K. added you",
    "03/10/2026, 18:02 - Bilal K.: Rs 15 for every post, paid the same night. Screenshot or no money.",
    "03/10/2026, 18:04 - Kashif: ok sir",
    "03/10/2026, 18:04 - رمشا: ٹھیک ہے",
    f"03/10/2026, 19:42 - Bilal K.: 8:00 PM sharp. Not one word changed!\n{PORT_EN}",
    f"03/10/2026, 19:44 - Bilal K.: {PORT_UR}",
    "03/10/2026, 19:45 - Bilal K.: IMG-20261003-WA0007.jpg (file attached)",
    "03/10/2026, 19:51 - Kashif: from which account",
    "03/10/2026, 19:52 - Bilal K.: women first, news second, cities third",
    "03/10/2026, 20:00 - Kashif: done",
    "03/10/2026, 20:00 - رمشا: <Media omitted>",
    "03/10/2026, 20:01 - Rimsha 2: This message was deleted",
    "03/10/2026, 21:20 - رمشا: received 180, shukria",
    "03/10/2026, 23:58 - Bilal K. removed Kashif",
    "04/10/2026, 00:03 - Bilal K. removed you",
]


def import_chat(case: Case, *, by: User) -> Import:
    """Lodge the export and have it read at once, as the worker would."""
    exhibit = exhibits.lodge_bytes(case, data="".join(f"{line}\n" for line in _LINES).encode(), name=NAME,
                                   claimed_type="text/plain", provenance=CAME, title="The chat of Trend Team 7",
                                   by=by).exhibit
    begun = services.begin(exhibit, format="whatsapp", options=SAID, by=by)
    reading.read(begun.pk)
    begun.refresh_from_db()
    return begun
