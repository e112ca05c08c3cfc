"""The API as a program uses it, and the waiting for what the workers do."""

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.journeys.server import Stack


class Api:
    """Calls with a token of the person with this address, made at the machine with `scopes`."""

    def __init__(self, stack: Stack, email: str, *scopes: str):
        made = stack.manage("api_token", email, *(word for scope in scopes for word in ("--scope", scope)))
        assert made.returncode == 0, made.stderr
        self.url, self.token = stack.url, made.stdout.strip().splitlines()[-1]

    def fetch(self, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Content-Type": kind} if kind else {})
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    def call(self, path: str, **fields: str) -> Any:
        """GET, or with fields POST them as JSON."""
        return json.loads(self.fetch(path, *((json.dumps(fields).encode(), "application/json") if fields else ())))

    def lodge(self, ref: str, data: bytes, **fields: str) -> Any:
        """One PNG by an invented name, with the form's other fields."""
        edge = "a1b2c3"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                 for name, value in fields.items()]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="post.png"\r\n'
                     "Content-Type: image/png\r\n\r\n")
        body = "".join(parts).encode() + data + f"\r\n--{edge}--\r\n".encode()
        return json.loads(self.fetch(f"cases/{ref}/exhibits/", body, f"multipart/form-data; boundary={edge}"))

    def steps(self, address: str) -> dict[str, str]:
        return {step["name"]: step["state"] for step in self.call(address)["steps"]}


def until(done: Callable[[], bool], seconds: int = 120) -> None:
    for _ in range(seconds * 2):
        if done():
            return
        time.sleep(0.5)
    raise AssertionError(f"not done within {seconds} seconds")
