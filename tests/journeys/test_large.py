"""Two gibibytes go through the web process without staying in it."""

import hashlib
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.server import Stack

pytestmark = pytest.mark.stack

CHUNK = bytes(range(256)) * 4096
CHUNKS = 2048
EDGE = "f00d"
HEAD = (f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n").encode()
TAIL = f"\r\n--{EDGE}--\r\n".encode()
LARGEST_RSS = 300 * 2**20


def test_two_gibibytes_are_lodged_and_the_web_process_stays_small(stack: Stack) -> None:
    made = stack.manage("api_token", "investigator@demo.example", "--scope", "read", "--scope", "write")
    assert made.returncode == 0, made.stderr
    address = urlsplit(stack.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=300)
    size = len(HEAD) + len(CHUNK) * CHUNKS + len(TAIL)
    connection.request("POST", "/api/v1/cases/CW-2026-0001/exhibits/", body=body(), headers={
        "Authorization": f"Bearer {made.stdout.split()[-1]}", "Content-Length": str(size),
        "Content-Type": f"multipart/form-data; boundary={EDGE}"})
    answer = connection.getresponse()
    lodged = json.load(answer)
    connection.close()
    assert answer.status == 201, lodged
    assert lodged["exhibit"]["size"] == len(CHUNK) * CHUNKS
    digest = hashlib.sha256()
    for _ in range(CHUNKS):
        digest.update(CHUNK)
    assert lodged["exhibit"]["sha256"] == digest.hexdigest()
    peaks = web_peaks(stack.home)
    assert peaks and max(peaks) < LARGEST_RSS, peaks


def body() -> Iterator[bytes]:
    yield HEAD
    for _ in range(CHUNKS):
        yield CHUNK
    yield TAIL


def web_peaks(home: Path) -> list[int]:
    """The largest resident size that each web process ever had, in bytes."""
    peaks = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                mine = f"CASEWORK_HOME={home}".encode() in (entry / "environ").read_bytes().split(b"\0")
                if mine and b"gunicorn" in (entry / "cmdline").read_bytes():
                    status = dict(line.split(":", 1) for line in (entry / "status").read_text().splitlines())
                    peaks.append(int(status["VmHWM"].split()[0]) * 1024)
            except OSError:
                continue
    return peaks
