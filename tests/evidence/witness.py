"""A witness on loopback, written from C2SP tlog-witness and RFC 6962 alone: it shares no code with the log it watches.

It cosigns a checkpoint that grew out of the last one, and has that on the disk before it answers."""

import base64
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Answer = tuple[int, str, bytes]


class Witness:
    """`logs` is origin → the raw public key and key id of its log. `answer` may be replaced by a liar's."""

    def __init__(self, folder: Path, name: str, logs: dict[str, tuple[bytes, bytes]]):
        folder.mkdir(parents=True, exist_ok=True)
        self.name, self.logs, self.state = name, logs, folder / f"{name}.json"
        self.private = Ed25519PrivateKey.generate()
        self.key_id = self.id_of(self.private)
        self.answer: Callable[[bytes], Answer] = self.add_checkpoint
        self.asked: list[bytes] = []
        self.url = ""
        self._lock = threading.Lock()

    def id_of(self, private: Ed25519PrivateKey) -> bytes:
        public = private.public_key().public_bytes_raw()
        return hashlib.sha256(self.name.encode() + b"\n\x04" + public).digest()[:4]

    @property
    def vkey(self) -> str:
        body = base64.b64encode(b"\x04" + self.private.public_key().public_bytes_raw()).decode()
        return f"{self.name}+{self.key_id.hex()}+{body}"

    def known(self) -> dict[str, Any]:
        return json.loads(self.state.read_text()) if self.state.exists() else {}

    def forget(self, size: int, root: bytes, origin: str) -> None:
        """Put another state in the place of what it knew."""
        self._keep({origin: {"size": size, "root": root.hex()}})

    def add_checkpoint(self, body: bytes) -> Answer:
        head, _, checkpoint = body.partition(b"\n\n")
        old_line, *proof_lines = head.decode().split("\n")
        text, _, signatures = checkpoint.decode().rpartition("\n\n")
        text += "\n"
        origin, size_line, root_line = text.split("\n")[:3]
        size, root = int(size_line), base64.b64decode(root_line)
        if not old_line.startswith("old ") or len(proof_lines) > 63:
            return 400, "text/plain", b"not a request\n"
        old = int(old_line.removeprefix("old "))
        if origin not in self.logs:
            return 404, "text/plain", b"unknown log\n"
        if not self._signed(text, signatures, *self.logs[origin]):
            return 403, "text/plain", b"not signed by a key I trust\n"
        if old > size:
            return 400, "text/plain", b"old is above size\n"
        proof = [base64.b64decode(line) for line in proof_lines]
        # Comparing and keeping are one step: otherwise a slower request could roll a faster one back.
        with self._lock:
            last = self.known().get(origin, {"size": 0, "root": ""})
            if old != last["size"]:
                return 409, "text/x.tlog.size", f"{last['size']}\n".encode()
            if old == size and root.hex() != last["root"]:
                return 409, "text/x.tlog.size", f"{old}\n".encode()
            if not grew(old, size, bytes.fromhex(last["root"]), root, proof):
                return 422, "text/plain", b"the proof does not prove it\n"
            self._keep(self.known() | {origin: {"size": size, "root": root.hex()}})
        return 200, "text/plain", self.cosign(text)

    def cosign(self, text: str, private: Ed25519PrivateKey | None = None, key_id: bytes = b"") -> bytes:
        now = int(time.time())
        signature = (private or self.private).sign(f"cosignature/v1\ntime {now}\n{text}".encode())
        blob = (key_id or self.key_id) + now.to_bytes(8, "big") + signature
        return f"— {self.name} {base64.b64encode(blob).decode()}\n".encode()

    def _signed(self, text: str, signatures: str, public: bytes, key_id: bytes) -> bool:
        for line in signatures.splitlines():
            blob = base64.b64decode(line.rpartition(" ")[2])
            if blob[:4] == key_id:
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(blob[4:], text.encode())
                except InvalidSignature:
                    return False
                return True
        return False

    def _keep(self, known: dict[str, Any]) -> None:
        aside = self.state.with_suffix(".new")
        with aside.open("w") as out:
            out.write(json.dumps(known))
            out.flush()
            os.fsync(out.fileno())
        aside.replace(self.state)


def grew(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 6962 2.1.2, read backwards: rebuild both roots from the proof, and compare."""
    if old == 0:
        return not proof
    if old == new:
        return not proof and old_root == new_root
    rest = list(proof)

    def walk(small: int, size: int, complete: bool) -> tuple[bytes, bytes]:
        """The roots of the first `small` and of all `size` leaves of one subtree; `complete`: the old root itself."""
        if small == size:
            node = old_root if complete else rest.pop()
            return node, node
        half = 1 << (size - 1).bit_length() - 1
        if small <= half:
            right = rest.pop()
            first, left = walk(small, half, complete)
            return first, node_hash(left, right)
        left = rest.pop()
        first, right = walk(small - half, size - half, False)
        return node_hash(left, first), node_hash(left, right)

    try:
        return walk(old, new, True) == (old_root, new_root) and not rest
    except IndexError:
        return False


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@contextmanager
def serving(witness: Witness) -> Iterator[Witness]:
    """`witness.url` is its submission prefix meanwhile."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            witness.asked.append(body)
            status, kind, answer = 404, "text/plain", b""
            if self.path == "/w/add-checkpoint":
                status, kind, answer = witness.answer(body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests say what went wrong themselves."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        server.daemon_threads, server.block_on_close = True, False
        witness.url = f"http://127.0.0.1:{server.server_port}/w"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield witness
        server.shutdown()
        thread.join()
