"""A client of tus for tests: what the protocol says, over Django's test client, with a token or as a browser."""

import base64
import io
from pathlib import Path
from typing import Any

from django.test import Client

from casework.cases.models import Case
from casework.people.models import User
from evidence.store import services as store
from tests.factories import bearer

HELLO = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Tus:
    """One person's program, in one case."""

    def __init__(self, case: Case, person: User, client: Client | None = None):
        self.root = f"/api/v1/cases/{case.ref}/uploads/"
        self.client = client or Client()
        self.headers = HELLO | ({} if client else bearer(person))

    def begin(self, size: Any, name: bytes = b"large.bin", said: Any = None, **headers: str) -> Any:
        sent = {"data": said, "content_type": "application/json"} if said is not None else {}
        return self.client.post(self.root, **sent, headers={
            **self.headers, "Upload-Length": str(size), "Upload-Metadata": f"filename {encoded(name)}", **headers})

    def begun(self, size: int, **more: Any) -> str:
        """The address of a new upload."""
        answer = self.begin(size, **more)
        assert answer.status_code == 201, answer.content
        return str(answer["Location"])

    def send(self, url: str, data: bytes, offset: Any, **headers: str) -> Any:
        more: dict[str, Any] = {"CONTENT_TYPE": headers.pop("content_type", PIECE),
                                "CONTENT_LENGTH": headers.pop("CONTENT_LENGTH", str(len(data)))}
        return self.client.generic("PATCH", url, data, headers={
            **self.headers, "Upload-Offset": str(offset), **headers}, **more)

    def cut_off(self, url: str, came: bytes, offset: int, announced: int, **headers: str) -> Any:
        """A piece whose connection breaks after `came`, as a server hands that on."""
        broken: Any = {"wsgi.input": io.BytesIO(came), "CONTENT_LENGTH": str(announced),
                       "CONTENT_TYPE": PIECE}
        return self.client.generic("PATCH", url, came, PIECE, headers={
            **self.headers, "Upload-Offset": str(offset), **headers}, **broken)

    def stands(self, url: str) -> int:
        answer = self.client.head(url, headers=self.headers)
        assert answer.status_code == 200, answer.status_code
        return int(answer["Upload-Offset"])

    def end(self, url: str) -> Any:
        return self.client.delete(url, headers=self.headers)

    def finish(self, url: str, **said: Any) -> Any:
        return self.client.post(f"{url}finish/", said, "application/json", headers=self.headers)


def code(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


def folder() -> Path:
    """Where uploads arrive."""
    return store._backend("evidence").folder()


def files() -> set[str]:
    return {entry.name for entry in folder().iterdir()}


def emptied() -> None:
    """Without what other tests left there."""
    for file in folder().iterdir():
        file.unlink()
