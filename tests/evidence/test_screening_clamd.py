"""What is asked of a scanner and what is believed of its answers: wrong, cut, slow, endless and lying ones are none."""

import io
import socket
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.screening import clamd
from evidence.screening.clamd import Clamd, Garbled, Unreachable, Verdict
from evidence.screening.services import eicar
from tests.evidence import scanner
from tests.evidence.scanner import MARK, Scanner, says


def ask(instream: scanner.Behaviour | None = None, data: bytes = b"hello", limit: int = 10**9) -> Verdict:
    with Scanner(instream=instream, limit=limit) as there:
        return Clamd(there.address).scan([data], len(data))


@pytest.fixture(scope="module")
def true_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    try:
        with scanner.clamd(tmp_path_factory.mktemp("clamd")) as address:
            yield address
    except LookupError as error:
        pytest.skip(str(error))


def test_a_file_arrives_whole_whatever_its_pieces() -> None:
    data = bytes(range(256)) * 4096
    with Scanner() as there:
        parts = [data[:1], b"", data[1:3 * clamd.PIECE], data[3 * clamd.PIECE:]]
        assert Clamd(there.address).scan(parts, len(data)) == Verdict("clean")
        assert Clamd(there.address).scan([], 0) == Verdict("clean")
        assert there.seen == [data, b""]


def test_what_is_found_is_named_and_what_is_too_large_is_said() -> None:
    assert ask(data=b"x" + MARK) == Verdict("found", "Casework.Test.Mark")
    assert ask(data=b"x" * 10**7, limit=1000) == Verdict("too_large")
    assert ask(says(b"INSTREAM size limit exceeded. ERROR\0")) == Verdict("too_large")
    assert ask(says(b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0")) == Verdict("too_large")


@pytest.mark.parametrize("answer", [
    b"OK\0", b"stream: ok\0", b"stream: OKAY\0", b"stream:  FOUND\0", b"stream: A B FOUND\0",
    b"stream: OK\0stream: OK\0", b"stream: A FOUND\nstream: OK\0",
    b"stream: <b>\x07 FOUND\0", b"stream: " + b"A" * 201 + b" FOUND\0",
    b"stream: \xd8\xa7 FOUND\0", b"stream: Can't allocate memory ERROR\0", b"UNKNOWN COMMAND\0", b"\0",
    b"A" * 5000 + b"\0", b"HTTP/1.1 200 OK\r\n\r\n\0", b"stream: OK FOUND\0 "])
def test_an_answer_that_is_none_is_not_believed(answer: bytes) -> None:
    with pytest.raises(Garbled):
        ask(says(answer))


@pytest.mark.parametrize("answer", [b"", b"stream: OK", b"stream: A FOU"])
def test_a_connection_that_is_cut_is_no_answer(answer: bytes) -> None:
    with pytest.raises(Unreachable):
        ask(says(answer))


def test_bytes_that_it_has_not_taken_are_not_clean() -> None:
    def hasty(link: socket.socket, _there: Scanner) -> None:
        link.sendall(b"stream: OK\0")
        time.sleep(0.3)

    def part() -> Iterator[bytes]:
        yield b"x" * 1000
        time.sleep(0.2)
        yield b"x" * 1000

    with Scanner(instream=hasty) as there, pytest.raises(Garbled, match="before it had everything"):
        Clamd(there.address).scan(part(), 2000)


def test_one_that_hangs_up_in_the_middle_is_unreachable() -> None:
    def leaves(link: socket.socket, _there: Scanner) -> None:
        link.recv(10)

    with pytest.raises(Unreachable):
        ask(leaves, data=b"x" * 10**7)


def test_one_that_never_answers_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clamd, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(clamd, "STEP_SECONDS", 0.2)

    def silent(link: socket.socket, _there: Scanner) -> None:
        scanner.read_all(link)
        time.sleep(2)

    began = time.monotonic()
    with pytest.raises(Unreachable):
        ask(silent)
    with pytest.raises(Unreachable):
        ask(lambda _link, _there: time.sleep(2), data=b"x" * 10**8)
    assert time.monotonic() - began < 2


def test_one_that_dribbles_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clamd, "ANSWER_SECONDS", 0.3)

    def dribbles(link: socket.socket, _there: Scanner) -> None:
        scanner.read_all(link)
        for byte in b"stream: OK" * 50:
            link.sendall(bytes([byte]))
            time.sleep(0.05)

    began = time.monotonic()
    with pytest.raises(Unreachable):
        ask(dribbles)
    assert time.monotonic() - began < 2


def test_nobody_there_is_unreachable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = ("127.0.0.1", int(server.getsockname()[1]))
    for address in (free, str(tmp_path / "none")):
        with pytest.raises(Unreachable):
            Clamd(address).version()


@pytest.mark.parametrize(("said", "engine", "signatures", "dated"), [
    (scanner.VERSION, "ClamAV 1.4.6", "27500", datetime(2026, 11, 23, 9, 35, 12, tzinfo=UTC)),
    ("ClamAV 1.4.6", "ClamAV 1.4.6", "", None), ("ClamAV 1.4.6/1/soon", "ClamAV 1.4.6", "1", None)])
def test_its_version_names_engine_and_signatures(said: str, engine: str, signatures: str, dated: datetime) -> None:
    with Scanner(version=said) as there:
        found = Clamd(there.address).version()
    assert (found.engine, found.signatures, found.dated) == (engine, signatures, dated)


@pytest.mark.parametrize("said", ["", "ClamAV/x/y", "A" * 300, "ClamAV\n1", "ClamAV 1.4/99999999999/x"])
def test_a_version_that_is_none_is_not_believed(said: str) -> None:
    with Scanner(version=said) as there, pytest.raises(Garbled):
        Clamd(there.address).version()


def test_the_true_one_is_understood(true_one: tuple[str, int]) -> None:
    there = Clamd(true_one)
    assert there.version().engine.startswith("ClamAV ")
    assert there.scan([b"hello"], 5) == Verdict("clean")
    assert there.scan([], 0) == Verdict("clean")
    assert there.scan([b"x" * 10 + MARK], 10 + len(MARK)).outcome == "found"
    assert "Casework.Test.Mark" in there.scan([MARK], len(MARK)).finding
    assert there.scan([eicar()], 68).finding.startswith("Eicar")


def test_the_true_one_looks_into_an_archive_and_says_what_is_too_large(true_one: tuple[str, int]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eicar.com", eicar())
    data = packed.getvalue()
    assert Clamd(true_one).scan([data], len(data)).outcome == "found"
    assert Clamd(true_one).scan([bytes(10**6)] * 5, 5 * 10**6) == Verdict("too_large")
