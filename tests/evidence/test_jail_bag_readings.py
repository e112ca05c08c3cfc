"""A Zip file that one program reads otherwise than another is refused: what was checked is what everybody finds."""

import hashlib
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evidence.foreign import by_hand, zipped
from tests.evidence.test_jail_bag import codes
from tests.evidence.zip_tricks import END, END64, LOCATOR, Member, members_of, written

FILES = by_hand({"chat.txt": b"post this now"})


def _last(**changed: object) -> bytes:
    *most, last = members_of(FILES)
    return written([*most, replace(last, **changed)])  # type: ignore[arg-type]


def _between() -> bytes:
    """A whole member that no directory names, for who reads from the front."""
    hidden = written([Member(b"bag/data/chat.txt", b"post that now")])
    *most, last = [*members_of(FILES), Member(b"bag/unlisted.txt", b""), Member(b"bag/z.txt", b"")]
    return written([*most, replace(last, gap=hidden[:hidden.index(b"PK\1\2")])])


def _stored_or_deflated() -> bytes:
    data = bytearray(written(members_of(FILES)))
    struct.pack_into("<H", data, 8, 8)
    return bytes(data)


def _second_directory() -> bytes:
    """Another end record, which Python's own zipfile follows and others do not, in the comment of the last member."""
    comment = END64.pack(b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 46, 0) + LOCATOR.pack(b"PK\6\7", 0, 0, 1)
    return _last(comment=comment)


def _second_wide_sizes() -> bytes:
    extra = struct.pack("<2H2Q", 1, 16, 13, 13) * 2
    return _last(extra=extra)


def _room_behind_the_wide_record() -> bytes:
    data = written(members_of(FILES), wide="well")
    at = len(data) - END.size - LOCATOR.size
    return data[:at] + b"hidden" + data[at:]


MADE: dict[str, Callable[[], bytes]] = {
    "between members": _between, "another method in front": _stored_or_deflated,
    "another CRC in front": lambda: _last(local_crc=7), "two Zip64 sizes": _second_wide_sizes,
    "a second directory": _second_directory, "behind the Zip64 record": _room_behind_the_wide_record,
    "an offset beyond every file": lambda: _last(offset=0xFFFFFFFF, extra=struct.pack("<2HQ", 1, 8, 2**64 - 1)),
    "two end records": lambda: written(members_of(FILES), wide="differs"),
}


@pytest.mark.parametrize("made", MADE)
def test_a_zip_file_with_two_readings_is_refused(made: str) -> None:
    assert codes(written(members_of(FILES))) == set()
    assert codes(MADE[made]()) & {"not_zip", "unreadable"}, made


def test_a_zip64_end_record_that_is_not_needed_is_read() -> None:
    data = bytearray(written(members_of(FILES), wide="well"))
    wide = END64.unpack_from(data, len(data) - END.size - LOCATOR.size - END64.size)
    struct.pack_into("<2H2L", data, len(data) - END.size + 8, *wide[6:])
    assert codes(bytes(data)) == set()


def test_two_manifests_of_one_algorithm_are_refused() -> None:
    other = {"manifest-sha-256.txt": f"{hashlib.sha256(b'post that now').hexdigest()}  data/chat.txt\n".encode()}
    assert "duplicate" in codes(zipped(FILES | other))


def test_a_folder_that_hides_bytes_is_refused() -> None:
    assert "special" in codes(written([*members_of(FILES), Member(b"bag/data/more/", b"hidden")]))


@pytest.mark.parametrize("end", [b"", b"PK\7\x08" + bytes(12)])
def test_a_descriptor_may_stand_behind_its_member(tmp_path: Path, end: bytes) -> None:
    first, *rest = members_of(FILES)
    following = replace(rest[0], gap=end)
    assert codes(written([replace(first, flags=8), following, *rest[1:]])) == set()
