"""The cast of the tests, and the things they work on: made through the services that people use.

    cast = make_cast()
    case = make_case(cast)
    client = sign_in(cast.lead)
"""

import struct
import zlib
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest
from django.test import Client

from casework.access import Role
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit
from casework.exhibits.services import Lodged
from casework.people import services as people
from casework.people.models import User
from evidence.intake.services import Arrival
from evidence.store import services as store
from tests.people_again import Rows, again, rows_of

PASSWORD = "seventeen quiet herons"
_cast_rows: list[Rows] = []


def forget_what_was_signed() -> None:
    """A signer that has signed nothing yet, for a log that is empty again."""
    for file in Path(settings.SIGNING_KEY).parent.glob("*.head*"):
        file.unlink(missing_ok=True)


@dataclass(frozen=True)
class Cast:
    """One person for each role of a case, one who is in no case, and a deployment administrator."""

    lead: User
    investigator: User
    reviewer: User
    takedown: User
    legal: User
    media: User
    auditor: User
    outsider: User
    admin: User

    def everybody(self) -> dict[str, User]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def make_person(name: str = "Nadia Rehmani", email: str = "", *, administrator: bool = False) -> User:
    """A person who was invited and has joined with PASSWORD."""
    address = email or f"{name.lower().replace(' ', '.')}@example.org"
    _, token = people.invite(address, name, by=None, administrator=administrator)
    return people.accept(token, PASSWORD)


def make_cast() -> Cast:
    """The nine, who were invited and have joined: through the services once in a process, and the same rows again for
    each test after that, which takes a twentieth of the time."""
    if _cast_rows and (people := again(_cast_rows)):
        return Cast(*people)
    cast = Cast(
        lead=make_person("Lubna Qadir"), investigator=make_person("Imran Sethi"), reviewer=make_person("Rida Malik"),
        takedown=make_person("Tariq Anwar"), legal=make_person("Laila Zafar"), media=make_person("Mina Baig"),
        auditor=make_person("Adeel Noor"), outsider=make_person("Omar Khalid"),
        admin=make_person("Amna Javed", administrator=True))
    _cast_rows[:] = rows_of([*cast.everybody().values()])
    return cast


def make_case(cast: Cast, title: str = "Paid trend in Lahore", *, by: User | None = None) -> Case:
    """A case opened by the lead (or by `by`), in which every role of the cast has its person."""
    lead = by or cast.lead
    case = cases.open_case(title=title, mandate_basis="Order 14 of 2026 of the invented court of Lahore",
                           mandate_purpose="Document a coordinated campaign for the platform and the court",
                           mandate_scope="Public posts and lodged chat exports of March 2026", by=lead)
    for role in Role.values:
        member = cast.everybody()[role]
        if role != Role.LEAD and member != lead:
            cases.add_member(case, user=member, role=role, by=lead)
    return case


def sign_in(person: User) -> Client:
    """A browser in which `person` signed in a moment ago (so that no page asks for the password again)."""
    client = Client()
    client.force_login(person)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, "password", reauthenticated=True)
    request.session.save()
    return client


def bearer(person: User, *scopes: str) -> dict[str, str]:
    """Headers of an API call by `person` with a fresh token: `client.get(url, headers=bearer(person, "read"))`."""
    _, secret = people.make_token(person, "tests", scopes or ("read", "write", "review", "export"), 1)
    return {"Authorization": f"Bearer {secret}"}


def png(shade: int = 0) -> bytes:
    """A true 1 × 1 PNG in one of 256 greys: small, and different bytes for each shade."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes([0, shade % 256]))) + chunk(b"IEND", b""))


def exhibits_of(case: Case) -> list[Exhibit]:
    return list(case.exhibits.all())


def lodge_png(case: Case, by: User, shade: int = 0, **provenance: str) -> Lodged:
    """A picture as an exhibit of the case; another `shade` makes another exhibit."""
    return exhibits.lodge_bytes(case, data=png(shade), name=f"screenshot-{shade}.png", claimed_type="image/png",
                                provenance=provenance, title=f"Screenshot {shade}", by=by)


def page_source(shade: int = 0) -> bytes:
    """An HTML page, different for each `shade`."""
    return f"<!doctype html><html><head><title>Post {shade}</title></head><body>Lahore rises.</body></html>".encode()


def lodge_capture(case: Case, by: User, shade: int = 0, *more: tuple[str, bytes], **provenance: str) -> Lodged:
    """A captured page as one exhibit: a picture, its HTML source and `more` files (name, bytes)."""
    files = [("page.html", page_source(shade)), (f"page-{shade}.png", png(shade)), *more]
    with ExitStack() as stack:
        arrivals = []
        for name, data in files:
            incoming = stack.enter_context(store.begin())
            incoming.write(data)
            arrivals.append(Arrival(incoming, name, provenance))
        return exhibits.lodge_capture(case, arrivals, [""] * len(files), title=f"Page {shade}", by=by)
