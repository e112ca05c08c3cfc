"""People who joined, as the rows that their joining left: put back as they were, they are the same people with the
same history in the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from casework.people.models import Invitation, User
from evidence.custody.models import Event, Payload, Pending

NUMBERED = (User, Invitation)


@dataclass(frozen=True)
class Rows:
    """Rows of one table, as COPY writes them, and the keys of the people they belong to."""

    table: str
    text: bytes
    people: tuple[int, ...]


def rows_of(people: Sequence[User]) -> list[Rows]:
    """All that is there because these joined, in an order in which it can be put back."""
    keys = tuple(person.pk for person in people)
    told = list(Payload.objects.filter(subject__in=[f"user/{pk}" for pk in keys]).values_list("pk", flat=True))
    owned = {User: ("id", keys), Invitation: ("person_id", keys), Event: ("id", told), Payload: ("event_id", told),
             Pending: ("event_id", told)}
    found = []
    with connection.cursor() as cursor:
        for model, (column, values) in owned.items():
            table, those = model._meta.db_table, ", ".join(f"'{value}'" for value in values)
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {column} IN ({those})) TO STDOUT") as out:
                found.append(Rows(table, b"".join(bytes(part) for part in out), keys))
    return found


def again(rows: Sequence[Rows]) -> list[User]:
    """The people of `rows` in their order, put back into a database that has none of them; nobody where it has one."""
    keys = rows[0].people
    if User.objects.filter(pk__lte=max(keys), pk__gte=min(keys)).exists():
        return []
    with connection.cursor() as cursor:
        for kept in rows:
            with cursor.copy(f"COPY {kept.table} FROM STDIN") as into:
                into.write(kept.text)
        # Whoever is made after them gets a number of their own, in a fresh copy of the database, too.
        for model in NUMBERED:
            table = model._meta.db_table
            cursor.execute(f"SELECT nextval('{table}_id_seq') FROM generate_series((SELECT last_value FROM "
                           f"{table}_id_seq), (SELECT max(id) FROM {table}))")
    found = User.objects.in_bulk(keys)
    return [found[key] for key in keys]
