"""Packages that others made, read in the jail: what is valid, and every refusal by its name."""

import hashlib
import io
import json
import random
import struct
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evidence.jail import bag, manifests, zips
from evidence.jail import services as jail
from evidence.packages import answers
from tests.evidence.foreign import ALGORITHMS, FILES, SPOILT, by_hand, make_bag, spoilt, zipped
from tests.evidence.zip_tricks import TRICKS, members_of, written


def told(data: bytes) -> dict[str, Any]:
    result = jail.run("bag", data)
    assert result.ok, result.reason
    answers.read(result.parts["told"])
    found: dict[str, Any] = json.loads(result.parts["told"])
    return found


def codes(data: bytes) -> set[str]:
    return {problem["code"] for problem in told(data)["problems"]}


@pytest.mark.parametrize("algorithms", [ALGORITHMS, ("md5",), ("sha1", "sha512"), ("sha256",)])
@pytest.mark.parametrize("root", ["bag/", ""])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bag_of_others_tools_is_valid_with_both_sides_hashes(tmp_path: Path, algorithms: tuple[str, ...], root: str,
                                                              method: int) -> None:
    found = told(zipped(make_bag(tmp_path, algorithms=algorithms, claims={"Source-Organization": "Invented Partner"}),
                        root, method))
    assert (found["problems"], found["version"], found["folder"]) == ([], "0.97", root.strip("/"))
    assert found["algorithms"] == sorted(algorithms)
    assert ["Source-Organization", "Invented Partner"] in found["claims"]
    assert {row["path"]: row["size"] for row in found["files"]} == {
        f"data/{path}": len(data) for path, data in FILES.items()}
    for row in found["files"]:
        data = FILES[row["path"].removeprefix("data/")]
        assert row["sha256"] == hashlib.sha256(data).hexdigest()
        assert row["declared"] == {name: hashlib.new(name, data).hexdigest() for name in algorithms}
        assert row["fits"] is True


@pytest.mark.parametrize("name", SPOILT)
def test_each_fault_of_a_bag_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    code, change = SPOILT[name]
    assert code in codes(spoilt(make_bag(tmp_path), change))


def test_a_problem_says_the_file_what_was_declared_and_what_was_found(tmp_path: Path) -> None:
    found = told(spoilt(make_bag(tmp_path, algorithms=("sha512",)), SPOILT["another content"][1]))
    [problem] = found["problems"]
    assert (problem["code"], problem["path"]) == ("mismatch", "data/chat.txt")
    assert problem["declared"].startswith("sha512 ")
    assert problem["found"].startswith("sha512 ")
    assert problem["found"] != problem["declared"]
    [row] = [row for row in found["files"] if row["path"] == "data/chat.txt"]
    assert row["fits"] is False


@pytest.mark.parametrize("path", ["bag-info.txt", "manifest-md5.txt"])
def test_a_tag_manifest_that_does_not_fit_is_named(tmp_path: Path, path: str) -> None:
    files = make_bag(tmp_path)
    files[path] += b"\n"
    assert codes(zipped(files)) == {"tag_mismatch"}
    del files[path]
    assert "tag_missing" in codes(zipped(files))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine_and_paths_are_decoded(end: str) -> None:
    files = {"100% sure.txt": b"a", "two\nlines.txt": b"b", "%0A.txt": b"c", "a\rb": b"d"}
    found = told(zipped(by_hand(files, end=end)))
    assert found["problems"] == []
    assert {row["path"] for row in found["files"]} == {f"data/{path}" for path in files}


def test_before_version_1_a_per_cent_sign_stands_for_itself(tmp_path: Path) -> None:
    assert codes(zipped(make_bag(tmp_path, {"100%25.txt": b"a", "50%.txt": b"b"}))) == set()


def test_from_version_1_on_every_manifest_lists_every_file() -> None:
    files = by_hand({"a": b"a", "b": b"b"})
    files["manifest-md5.txt"] = f"{hashlib.md5(b'a').hexdigest()}  data/a\n".encode()  # noqa: S324
    assert codes(zipped(files)) == {"not_in_every"}
    files["bagit.txt"] = files["bagit.txt"].replace(b"1.0", b"0.97")
    assert codes(zipped(files)) == set()


def test_a_name_that_another_machine_wrote_decomposed_is_the_same() -> None:
    files = by_hand({"caf\u00e9.txt": b"a"})
    files["data/cafe\u0301.txt"] = files.pop("data/caf\u00e9.txt")
    found = told(zipped(files))
    assert (found["problems"], found["files"][0]["path"]) == ([], "data/cafe\u0301.txt")


@pytest.mark.parametrize(("name", "code"), [
    ("bag/../x", "unsafe_path"), ("/bag/x", "unsafe_path"), ("bag\\x", "unsafe_path"), ("bag/a//b", "unsafe_path"),
    ("C:/x", "unsafe_path"), ("bag/./x", "unsafe_path"), ("bag/" + "x" * 1100, "unsafe_path"),
    ("bag/data/CHAT.TXT", "case"), ("bag/DATA/chat2.txt", "case"), ("other/x", "outside"), ("loose", "outside")])
def test_names_that_would_lead_astray_are_refused(tmp_path: Path, name: str, code: str) -> None:
    files = {f"bag/{path}": data for path, data in make_bag(tmp_path).items()}
    assert code in codes(zipped(files | {name: b"x"}, root=""))


def test_a_nul_in_a_name_is_refused(tmp_path: Path) -> None:
    data = zipped(make_bag(tmp_path) | {"data/aXb": b"x"}).replace(b"data/aXb", b"data/a\x00b")
    [problem] = told(data)["problems"]
    assert (problem["code"], problem["path"]) == ("unsafe_path", "bag/data/a[NUL]b")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    data = io.BytesIO(zipped(make_bag(tmp_path)))
    with zipfile.ZipFile(data, "a") as packed:
        packed.writestr("bag/data/chat.txt", b"again")
    assert "duplicate" in codes(data.getvalue())


@pytest.mark.parametrize(("trick", "code"), [
    ("encrypted", "encrypted"), ("symlink", "special"), ("overlapping", "not_zip"), ("prefix", "not_zip"),
    ("suffix", "not_zip"), ("count too high", "not_zip"), ("count too low", "not_zip"),
    ("after the directory", "not_zip"), ("hidden file", "not_zip"), ("disk", "not_zip"),
    ("local name", "unreadable"), ("size", "unreadable"),
    ("offset", "unreadable"), ("not UTF-8", ""), ("surrogate", "unsafe_path"),
    ("wide locator", "not_zip")])
@pytest.mark.parametrize("seed", range(3))
def test_tricks_with_the_zip_file_are_refused(tmp_path: Path, trick: str, code: str, seed: int) -> None:
    data = TRICKS[trick](members_of(make_bag(tmp_path)), random.Random(seed))
    found = codes(data)
    assert found
    assert not code or code in found or "version" in found or "line" in found


@pytest.mark.parametrize("fault", [{"crc": 7}, {"method": 8}])
def test_a_damaged_file_takes_nothing_from_the_others(tmp_path: Path, fault: dict[str, Any]) -> None:
    """Z11: its sender's hashes say of each of the others that it is whole."""
    members = members_of(make_bag(tmp_path))
    for at, one in enumerate(members):
        spoilt_data = b"\xff" * len(one.data) if "method" in fault else one.data
        found = told(written([replace(one, data=spoilt_data, **fault) if place == at else other
                              for place, other in enumerate(members)]))
        path = one.name.decode().removeprefix("bag/")
        if not path.startswith("data/"):
            # What says which files there are, and of whom, is no file among others.
            assert {row["code"] for row in found["problems"]} - {"damaged"}, path
            continue
        [problem] = found["problems"]
        assert (problem["code"], problem["path"]) == ("damaged", path)
        assert "sha256 " in problem["declared"] and problem["found"]
        assert {row["path"] for row in found["files"] if row["fits"]} == {
            f"data/{name}" for name in FILES if f"data/{name}" != path}


def state(problems: list[str], *fits: bool, count: int | None = None) -> str:
    rows = [{"position": place, "path": f"data/{place}", "size": 1, "sha256": "0" * 64, "declared": {"md5": "0" * 32},
             "fits": one} for place, one in enumerate(fits)]
    said = {"problems": [{"code": code, "path": "", "declared": "", "found": ""} for code in problems],
            "problem_count": len(problems) if count is None else count, "version": "1.0", "folder": "",
            "algorithms": ["md5"], "ignored": [], "claims": [], "files": rows}
    return answers.read(json.dumps(said).encode()).state


def test_a_package_is_incomplete_only_where_all_that_is_wrong_is_damage() -> None:
    assert state([], True) == "valid"
    assert state(["damaged", "damaged"], True, True) == "damaged"
    for rest in (["damaged", "mismatch"], ["damaged", "unlisted"], ["damaged", "unreadable"], ["oxum"]):
        assert state(rest, True) == "invalid"
    assert state(["damaged"], True, False) == state(["damaged"]) == state(["damaged"], True, count=2) == "invalid"


@pytest.mark.parametrize("trick", sorted(TRICKS))
@pytest.mark.parametrize("seed", range(2))
def test_no_trick_leaves_the_reader_without_an_answer(tmp_path: Path, trick: str, seed: int) -> None:
    told(TRICKS[trick](members_of(make_bag(tmp_path)), random.Random(seed)))


def test_members_are_counted_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(zips.TooMany):
        zips.members(io.BytesIO(zipped(by_hand({str(number): b"" for number in range(20)}))), 10)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 60_000, 60_000, 0, 0, 0)
    assert codes(end) == {"too_many"}


def test_a_file_that_swells_is_not_read(tmp_path: Path) -> None:
    assert codes(zipped(by_hand({"zeros": bytes(bag.UNDOUBTED + 1)}))) == {"too_dense"}


def test_what_says_that_it_is_endless_is_not_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"bagit.txt": b"x" * 100}, method=zipfile.ZIP_STORED))
    extra = struct.pack("<2H2Q", 1, 16, bag.MOST_BYTES + 1, 100)
    at = data.index(b"PK\1\2")
    struct.pack_into("<2L", data, at + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", data, at + 30, len(extra))
    name = struct.unpack_from("<H", data, at + 28)[0]
    data[at + 46 + name:at + 46 + name] = extra
    end = data.rindex(b"PK\5\6")
    struct.pack_into("<L", data, end + 12, struct.unpack_from("<L", data, end + 12)[0] + len(extra))
    assert "too_large" in codes(bytes(data))


def test_zip64_and_data_descriptors_are_read(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *where: Any) -> int:
            raise OSError

    data = Pipe()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in make_bag(tmp_path).items():
            with packed.open(f"bag/{path}", "w", force_zip64=True) as out:
                out.write(content)
    assert codes(data.getvalue()) == set()


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"PK\5\6" + bytes(18), b"x" * 100_000, b"PK\5\6" + b"\xff" * 18])
def test_what_is_no_package_at_all_has_a_problem(data: bytes) -> None:
    assert codes(data) & {"not_zip", "no_bagit", "too_many"}


def test_a_member_is_never_whole_in_memory() -> None:
    made = zipped(by_hand({"zeros": bytes(40 * 1024**2)}))
    [place] = [row["position"] for row in told(made)["files"]]
    pieces = list(zips.chunks(io.BytesIO(made), zips.members(io.BytesIO(made), 10)[place]))
    assert max(map(len, pieces)) <= zips.CHUNK
    assert sum(map(len, pieces)) == 40 * 1024**2


def test_files_come_out_of_the_jail_just_as_they_are(tmp_path: Path) -> None:
    data = zipped(make_bag(tmp_path))
    found = {row["path"]: row["position"] for row in told(data)["files"]}
    (tmp_path / "a.zip").write_bytes(data)
    with open(tmp_path / "a.zip", "rb") as file:
        wanted = f"{found['data/shots/one.txt']},{found['data/chat.txt']}"
        assert b"".join(jail.pour("bag", file, wanted)) == FILES["shots/one.txt"] + FILES["chat.txt"]
        with pytest.raises(jail.Stopped):
            list(jail.pour("bag", file, "999"))
        with pytest.raises(jail.Stopped, match="answered more"):
            list(jail.pour("bag", file, wanted, limits=jail.Limits(output=2)))


def test_every_problem_that_the_reader_knows_has_its_code() -> None:
    source = Path(bag.__file__).read_text()
    assert all(f'"{code}"' in source for code in answers.CODES)
    assert set(manifests.LENGTHS) == set(ALGORITHMS)
