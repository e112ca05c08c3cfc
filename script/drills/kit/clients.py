"""Clients that lodge over HTTP, send again until they are answered, and write down what was acknowledged."""

import hashlib
import http.client
import json
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

EDGE = "drill-edge"
# A refusal that says so is in order while something is broken; 500 never is.
IN_ORDER = {429, 502, 503, 507}
# Seconds after the last fault in which every upload must have been answered.
PATIENCE = 150


@dataclass
class Load:
    """`many` clients at once, each with a pause of about `pause` seconds between two uploads."""

    url: str
    ref: str
    token: str
    many: int = 4
    pause: float = 0.3
    timeout: float = 30.0
    entries: list[dict[str, Any]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _held: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Load":
        self._threads = [threading.Thread(target=self._go_on, args=(number,), daemon=True)
                         for number in range(self.many)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Every upload that was begun is sent until it is answered."""
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        if any(thread.is_alive() for thread in self._threads):
            self.wrong.append(f"an upload was not answered within {PATIENCE} s after the last fault")

    @contextmanager
    def held(self) -> Iterator[None]:
        """No client begins another upload in this block."""
        self._held.set()
        try:
            yield
        finally:
            self._held.clear()

    def acknowledged(self) -> list[dict[str, Any]]:
        """What had been acknowledged by now."""
        with self._lock:
            return list(self.entries)

    def one(self, data: bytes = b"", patience: float = 120.0) -> dict[str, Any] | None:
        """Lodge `data` (or some fresh bytes) until it is acknowledged: the ledger's entry, or None in vain."""
        data = data or secrets.token_bytes(64)
        key, until = secrets.token_hex(16), time.monotonic() + patience
        while time.monotonic() < until:
            status, answer = self.send(data, key)
            with self._lock:
                self.answers[str(status)] += 1
                if status in {200, 201}:
                    entry = told(self.ref, key, answer)
                    if entry["sha256"] != hashlib.sha256(data).hexdigest():
                        self.wrong.append(f"acknowledged with another hash: {entry}")
                    self.entries.append(entry)
                    return entry
                if isinstance(status, int) and status not in IN_ORDER:
                    self.wrong.append(f"answered {status}: {json.dumps(answer)[:200]}")
            time.sleep(0.2)
        return None

    def send(self, data: bytes, key: str) -> tuple[int | str, Any]:
        """Status and answer of one request; the name of the error where there was none."""
        body = (f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{key}.bin"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n").encode() + data + f"\r\n--{EDGE}--\r\n".encode()
        return self.call("POST", f"cases/{self.ref}/exhibits/", body, {
            "Content-Type": f"multipart/form-data; boundary={EDGE}", "Idempotency-Key": key})

    def call(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None,
             ) -> tuple[int | str, Any]:
        status, text = self.plain(method, f"/api/v1/{path}", body, {"Authorization": f"Bearer {self.token}"}
                                  | (headers or {}))
        try:
            return status, json.loads(text or b"null")
        except ValueError:
            return status, text[:200].decode(errors="replace")

    def plain(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None,
              ) -> tuple[int | str, bytes]:
        place = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__, b""
        finally:
            connection.close()

    def steps(self, entry: dict[str, Any]) -> dict[str, str]:
        """How far the work on an acknowledged upload is; nothing where the server does not say."""
        status, answer = self.call("GET", f"cases/{self.ref}/exhibits/{entry['exhibit'].split('/')[1]}/")
        return {step["name"]: step["state"] for step in answer["steps"]} if status == 200 else {}

    def _go_on(self, number: int) -> None:
        chosen = random.Random(number)
        while not self._over.is_set():
            large = chosen.random() < 0.05
            size = chosen.randrange(2_000_000, 3_000_000) if large else chosen.randrange(1, 100_000)
            if self.one(secrets.token_bytes(size), 3600) is None:
                return
            self._over.wait(chosen.uniform(0.5, 1.5) * self.pause)
            while self._held.is_set() and not self._over.is_set():
                time.sleep(0.05)


def told(ref: str, key: str, answer: Any) -> dict[str, Any]:
    return {"key": key, "exhibit": f"{ref}/{answer['exhibit']['label']}", "item": answer["item"],
            "sha256": answer["exhibit"]["sha256"], "event": answer["event"], "leaf_hash": answer["leaf_hash"]}
