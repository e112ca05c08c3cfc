"""What people are called now and were called before, for whoever must keep a name back."""

from collections.abc import Collection

from casework.people.models import User
from casework.record import Act
from evidence.custody import history

_NAMING = {Act.PERSON_INVITED, Act.PERSON_DISABLED, Act.PERSON_ENABLED, Act.PERSON_RESET, Act.PERSON_RENAMED}


def ever_called(people: Collection[User]) -> dict[str, set[str]]:
    """Each person's address → every name that the log remembers of them, their address and their name of today.

    Two queries for any number of people."""
    by_subject = {f"user/{person.pk}": person for person in people}
    called = {person.email: {person.email, person.display_name} for person in people}
    for entry in history.about(by_subject):
        # Invitations, resets and the like say the name of their day; a change of it says the one before, too. An API
        # token has a name of its own, which is nobody's.
        if entry.detail.get("act") in _NAMING:
            called[by_subject[entry.subject].email] |= {str(entry.detail.get(word, "")) for word in ("name", "before")}
    return {email: names - {""} for email, names in called.items()}
