"""Uploaded files go straight from the connection into the store's Incoming: hashed on the way, one copy on disk.

A door that takes files installs the handler before anything reads the body. What was not lodged when the request
ends is abandoned: Django closes the files of a request, and closing one leaves nothing behind."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict

from casework.exhibits import multipart
from casework.nofiles import RefuseFiles
from casework.people import sessions
from evidence.intake.services import Arrival
from evidence.store import services as store


class Received:
    """A file of a request: the sender's name as text and byte for byte, the type claimed, and the bytes."""

    def __init__(self, part: multipart.Part):
        self.name = part.name
        self.name_bytes = part.filename or b""
        self.content_type = part.content_type
        self.incoming = store.begin()

    @property
    def size(self) -> int:
        return self.incoming.size

    def close(self) -> None:
        self.incoming.abandon()


class IntoStore(RefuseFiles):
    """Reads the whole body itself. A file that came in Django's own way, past the store, would be refused."""

    chunk_size = multipart.CHUNK

    def handle_raw_input(self, input_data: Any, META: Mapping[str, Any], content_length: int, boundary: Any,
                         encoding: str | None = None) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        fields, files = QueryDict(mutable=True), MultiValueDict[str, Any]()
        whole = False
        try:
            for part in multipart.parts(input_data, content_length, boundary):
                if part.filename is None:
                    _add_field(part, fields)
                elif received := _receive(part, self._still_here):
                    files.appendlist(part.field, received)
                    _limit(len(_all(files)), settings.DATA_UPLOAD_MAX_NUMBER_FILES)
            whole = True
        finally:
            if not whole:
                for received in _all(files):
                    received.close()
        fields._mutable = False
        return fields, files


    def _still_here(self) -> None:
        # A file may take longer to come than a session lives unused.
        sessions.see(getattr(self.request, "session", None))


def arrival(file: Any, *, provenance: dict[str, str], acquisition: str, declared_sha256: str) -> Arrival:
    """A file of a request, as Received brought it, on its way into a case."""
    return Arrival(file.incoming, file.name or "", provenance, name_bytes=file.name_bytes,
                   claimed_type=file.content_type or "", acquisition=acquisition, declared_sha256=declared_sha256)


def too_big(request: HttpRequest) -> bool:
    """Whether the body is announced as larger than this deployment takes. Asked before a byte of it is read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return announced.isdecimal() and int(announced) > settings.MAX_UPLOAD_BYTES


def _receive(part: multipart.Part, coming: Callable[[], None]) -> Received | None:
    """The part's bytes in the store's hands; None for the empty file field that a browser sends unfilled. `coming` is
    called with every piece."""
    first = next(part.stream, b"")
    if not first and not part.filename:
        return None
    received = Received(part)
    try:
        received.incoming.write(first)
        for chunk in part.stream:
            received.incoming.write(chunk)
            coming()
    except BaseException:
        received.close()
        raise
    return received


def _add_field(part: multipart.Part, fields: QueryDict) -> None:
    taken = _all(fields)
    room = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - sum(len(value) for value in taken)
    value = part.stream.read(room + 1)
    _limit(len(value), room)
    _limit(len(taken) + 1, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
    fields.appendlist(part.field, value.decode("utf-8", "replace"))


def _all(values: MultiValueDict[str, Any]) -> list[Any]:
    return [value for _key, listed in values.lists() for value in listed]


def _limit(found: int, most: int | None) -> None:
    if most is not None and found > most:
        raise MultiPartParserError("The form has more fields, files or text than are taken at once.")
